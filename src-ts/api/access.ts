/*
 * Who may do what. To change the cluster it takes CLUSTER_SECRET or, while none is set, a client of this machine or of a
 * private network; LB_STATUS_PUBLIC=false asks the same of who looks at it. A page of another site may change nothing,
 * whatever its browser could reach.
 */
import * as config from "../config";
import * as client from "../lib/client";
import { is_private_address } from "../lib/ip_range";
import { failure } from "./respond";
import type { Answer } from "./respond";

/**
 * What a route asks of its caller: `open` nothing, `status` the secret when LB_STATUS_PUBLIC is false, `cluster` the
 * secret always, `probe` too, and it is closed while none is set.
 */
export type Guard = "open" | "status" | "cluster" | "probe";

/** What of a request decides. */
export interface Caller {
    readonly address: string;
    /** X-Forwarded-For, as proxies before us have written it. */
    readonly forwarded_for?: string | undefined;
    /** X-Real-IP, and Forwarded as it came: of proxies that write no X-Forwarded-For. */
    readonly real_ip?: string | undefined;
    readonly forwarded?: string | undefined;
    readonly host?: string | undefined;
    readonly origin?: string | undefined;
    readonly fetch_site?: string | undefined;
    readonly cluster_secret?: string | undefined;
    readonly authorization?: string | undefined;
}

/** True when both are equal; takes the same time wherever they differ. */
export function is_equal_secret(given: string, wanted: string): boolean {
    // Digests have one length, so that not even the length of the secret shows.
    const left = ngx.sha1_bin(given);
    const right = ngx.sha1_bin(wanted);
    let same = 0;
    for (const index of $range(1, right.length)) {
        same += string.byte(left, index) === string.byte(right, index) ? 1 : 0;
    }
    return same === right.length && given.length === wanted.length;
}

function is_foreign(caller: Caller): boolean {
    if (caller.fetch_site !== undefined && caller.fetch_site !== "same-origin") {
        return true;
    }
    if (caller.origin === undefined) {
        return false;
    }
    const [host] = string.match(caller.origin, "^https?://([^/]+)$");
    return host === undefined || string.lower(host) !== string.lower(caller.host ?? "");
}

function is_nearby(caller: Caller): boolean {
    // Through a proxy every client would seem to be near. Whom Forwarded means may be hidden on purpose.
    if (!is_private_address(caller.address) || caller.forwarded !== undefined) {
        return false;
    }
    if (caller.real_ip !== undefined && !is_private_address(caller.real_ip)) {
        return false;
    }
    for (const [address] of string.gmatch(caller.forwarded_for ?? "", "[^%s,]+")) {
        if (!is_private_address(address as string)) {
            return false;
        }
    }
    return true;
}

function shown_secret(caller: Caller): string | undefined {
    const [bearer] = string.match(caller.authorization ?? "", "^[Bb]earer +(.+)$");
    return caller.cluster_secret ?? bearer;
}

/** `current` is empty when no secret is set. */
interface Secrets {
    readonly current: string;
    readonly previous: string;
}

/** True for the secret in use and for the one before it, while that is accepted too. */
function is_known_secret(shown: string, secrets: Secrets): boolean {
    const is_current = is_equal_secret(shown, secrets.current);
    const is_previous = is_equal_secret(shown, secrets.previous) && secrets.previous !== "";
    return is_current || is_previous;
}

function judge_secret(caller: Caller, secrets: Secrets): Answer | undefined {
    if (secrets.current === "") {
        const hint = "Without CLUSTER_SECRET only clients of this machine and of private networks may do this.";
        return is_nearby(caller) ? undefined : failure(403, "forbidden", hint);
    }
    const shown = shown_secret(caller);
    const challenge = { "WWW-Authenticate": 'Bearer realm="cluster"' };
    if (shown === undefined) {
        const hint = "Show the cluster's secret in the header X-Cluster-Secret, or as Bearer in Authorization.";
        return failure(401, "authentication_required", hint, challenge);
    }
    if (!is_known_secret(shown, secrets)) {
        return failure(401, "invalid_credentials", "That is not the cluster's secret.", challenge);
    }
    return undefined;
}

/** The refusal of a request that may not do what it asks for; nil for one that may. `changes`: it is no mere look. */
export function judge_caller(caller: Caller, guard: Guard, changes: boolean, secrets: Secrets): Answer | undefined {
    if (changes && is_foreign(caller)) {
        return failure(403, "foreign_origin", "A page of another site may not change anything here.");
    }
    if (guard === "probe" && secrets.current === "") {
        return failure(403, "forbidden", "Probes need CLUSTER_SECRET, and none is set here.");
    }
    return guard === "open" ? undefined : judge_secret(caller, secrets);
}

/** True for a route that not everybody may call. */
export function is_guarded(guard: Guard): boolean {
    return guard === "cluster" || guard === "probe" || (guard === "status" && !config.access.is_status_public);
}

/** The refusal of this request; nil when it may do what the route does. */
export function refusal(guard: Guard, changes: boolean): Answer | undefined {
    if (!changes && !is_guarded(guard)) {
        return undefined;
    }
    const { var: variable } = ngx;
    const caller: Caller = {
        address: client.current().address,
        forwarded_for: variable.http_x_forwarded_for,
        real_ip: variable.http_x_real_ip,
        forwarded: variable.http_forwarded,
        host: variable.http_host,
        origin: variable.http_origin,
        fetch_site: variable.http_sec_fetch_site,
        cluster_secret: variable.http_x_cluster_secret,
        authorization: variable.http_authorization,
    };
    return judge_caller(caller, guard, changes, config.secrets);
}

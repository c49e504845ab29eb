/*
 * Who sent a request. What a proxy says of the client before it (X-Forwarded-For, X-Forwarded-Proto) counts only when the
 * connection comes from one of LB_TRUSTED_PROXIES: everybody else could say what he likes.
 */
import * as config from "../config";
import { is_in_ranges, parse_ip } from "./ip_range";

export interface Client {
    /** IP address. */
    readonly address: string;
    readonly scheme: string;
    /** What to tell a node as X-Forwarded-For. */
    readonly forwarded_for: string;
}

/** True when there are proxies whose word counts. */
export const HAS_TRUSTED_PROXIES: boolean = config.access.trusted_proxies.length > 0;

/**
 * The last address of the list that is none of the trusted proxies: each of them has added the one that connected to it.
 * When all are trusted, the first; what stands before something that is no address is not believed.
 */
export function client_address(remote: string, forwarded_for: string | undefined): string {
    let address = remote;
    let rest = forwarded_for ?? "";
    while (is_in_ranges(address, config.access.trusted_proxies)) {
        const [before, last] = string.match(rest, "^(.-)([^%s,]+)[%s,]*$");
        if (last === undefined || parse_ip(last) === undefined) {
            break;
        }
        address = last;
        rest = before ?? "";
    }
    return address;
}

/** Who has connected. */
function connected(): Client {
    const remote = ngx.var.remote_addr ?? "";
    return { address: remote, scheme: ngx.var.scheme ?? "http", forwarded_for: remote };
}

function by_word_of_proxies(): Client {
    const remote = connected();
    if (!is_in_ranges(remote.address, config.access.trusted_proxies)) {
        return remote;
    }
    const said = ngx.var.http_x_forwarded_proto;
    const chain = ngx.var.http_x_forwarded_for;
    return {
        address: client_address(remote.address, chain),
        scheme: said === "https" || said === "http" ? said : remote.scheme,
        forwarded_for: chain === undefined ? remote.address : `${chain}, ${remote.address}`,
    };
}

/** Who sent the request of this phase. */
export function current(): Client {
    if (!HAS_TRUSTED_PROXIES) {
        return connected();
    }
    const ctx = ngx.ctx;
    const client = (ctx.client as Client | undefined) ?? by_word_of_proxies();
    ctx.client = client;
    return client;
}

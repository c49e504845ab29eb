/* What the load balancer answers in place of a node. */
import { is_odd_request } from "../lib/odd_request";
import { items } from "../lib/text";
import * as middleware from "../middleware";
import * as monitor_router from "../monitor_router";
import * as probe_mode from "../probe_mode";
import { page, wants_html } from "./page";
import type { Language, Words } from "./page";
import { probe_only } from "./probe";
import { failure, send } from "./respond";
import type { Answer } from "./respond";

const UNAVAILABLE: Record<Language, Words> = {
    en: {
        title: "Uptime Kuma is not available",
        text: "{reason} This page tries again every 5 seconds.",
    },
    zh: {
        title: "Uptime Kuma 目前無法使用",
        text: "目前沒有節點可以處理此請求。此頁面每 5 秒會自動重試。",
    },
};

/** Seconds after which a client may try again. */
const RETRY_SECONDS = 5;

interface Attempt {
    readonly address: string;
    /** nginx's word for what came of it, or the node's. */
    readonly status: number;
    readonly is_connected: boolean;
}

/** The attempts of this request; the last may be none, when the balancer phase knew of no other node. */
function attempts(): Attempt[] {
    const statuses = items(ngx.var.upstream_status ?? "");
    const times = items(ngx.var.upstream_connect_time ?? "");
    const list: Attempt[] = [];
    for (const address of items(ngx.var.upstream_addr ?? "")) {
        const at = list.length;
        const status = tonumber(statuses[at]) ?? ngx.status;
        table.insert(list, { address, status, is_connected: (times[at] ?? "-") !== "-" });
    }
    return list;
}

/** The last attempt that reached its node; nil when none did. */
function last_connected(list: readonly Attempt[]): Attempt | undefined {
    let last: Attempt | undefined;
    for (const attempt of list) {
        last = attempt.is_connected ? attempt : last;
    }
    return last;
}

function blame(): Answer {
    if (is_odd_request()) {
        return failure(400, "bad_request", "No node takes this request: a header or its method is none of HTTP's.");
    }
    const list = attempts();
    const blamed = last_connected(list);
    const last = list[list.length - 1];
    if (last !== undefined) {
        // Nobody else does when nginx ends it by itself. The one to blame comes after it, for the log phase.
        monitor_router.report_failed_address(last.address);
    }
    if (blamed !== undefined && blamed !== last) {
        monitor_router.report_failed_address(blamed.address);
    }
    if (blamed === undefined || blamed.status < 502 || blamed.status > 504) {
        return failure(503, "no_node_available", "No Uptime Kuma node is available at the moment.");
    }
    const message = "The node that took the request did not answer it well, and no other could take it over.";
    return failure(blamed.status, "node_failed", message);
}

/**
 * content_by_lua of @unavailable: no node could serve the request. 503 when none was there to ask or none took the
 * connection; else the 502 or 504 that nginx made of the node's failure, or the node's own 5xx, since the request may have been
 * carried out. 400 when the failure is the request's own.
 */
export function unavailable(): void {
    if (probe_mode.IS_PROBE) {
        send(probe_only(wants_html()));
        return;
    }
    middleware.forget_routing_headers();
    const answer = blame();
    if (answer.status === 400) {
        send(answer);
        return;
    }
    const reason = (answer.body as ErrorBody).message;
    const shown = wants_html() ? page(answer.status, UNAVAILABLE, { reason }, RETRY_SECONDS) : answer;
    const headers = shown.headers ?? {};
    headers["Retry-After"] = `${RETRY_SECONDS}`;
    send({ status: shown.status, body: shown.body, content_type: shown.content_type, headers });
}

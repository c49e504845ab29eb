/* What the load balancer answers in place of a node. */
import { is_odd_request } from "../lib/odd_request";
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

/** The last of nginx's values for the attempts of a request, "a, b, c". */
function of_last_attempt(values: string | undefined): string | undefined {
    const [last] = string.match(values ?? "", "([^%s,]+)$");
    return last;
}

function blame(): Answer {
    if (is_odd_request()) {
        return failure(400, "bad_request", "No node takes this request: a header or its method is none of HTTP's.");
    }
    const address = of_last_attempt(ngx.var.upstream_addr);
    const is_connected = (of_last_attempt(ngx.var.upstream_connect_time) ?? "-") !== "-";
    if (address !== undefined) {
        monitor_router.report_failed_address(address);
    }
    return (ngx.status === 502 || ngx.status === 504) && is_connected
        ? failure(
              ngx.status,
              "node_failed",
              "The node that took the request did not answer, and no other could take it over.",
          )
        : failure(503, "no_node_available", "No Uptime Kuma node is available at the moment.");
}

/**
 * content_by_lua of @unavailable: no node could serve the request. 503 when none was there to ask or none took the
 * connection; else the 502 or 504 that nginx made of the node's failure, since the request may have been carried out. 400
 * when the failure is the request's own.
 */
export function unavailable(): void {
    if (probe_mode.IS_PROBE) {
        send(probe_only(wants_html()));
        return;
    }
    middleware.forget_routing_headers();
    const answer = blame();
    const headers = answer.status === 400 ? {} : { "Retry-After": "5" };
    if (answer.status !== 400 && wants_html()) {
        const shown = page(answer.status, UNAVAILABLE, { reason: (answer.body as ErrorBody).message }, 5);
        send({ status: shown.status, body: shown.body, content_type: "text/html; charset=utf-8", headers });
        return;
    }
    send({ status: answer.status, body: answer.body, headers });
}

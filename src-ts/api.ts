/* The HTTP API under /lb/: finds the handler of a request and sends what it returns. */
import * as nodes from "./api/nodes";
import * as operations from "./api/operations";
import { failure, send } from "./api/respond";
import type { Answer } from "./api/respond";
import * as status from "./api/status";
import * as logger from "./logger";
import * as middleware from "./middleware";
import * as monitor_router from "./monitor_router";

type Handler = (this: void) => Answer;

/** Path below /lb/ and method -> handler: every route of the API, nowhere else. */
export const ROUTES: Record<string, Record<string, Handler> | undefined> = {
    ping: { GET: status.ping },
    livez: { GET: status.livez },
    readyz: { GET: status.readyz },
    health: { GET: status.health },
    "health-status": { GET: status.health_status },
    "available-nodes": { GET: nodes.available_nodes },
    capacity: { GET: nodes.capacity },
    "node-status": { GET: nodes.node_status },
    "setup-status": { GET: status.setup_status },
    "trigger-health-check": { POST: operations.trigger_health_check },
};

function allowed_methods(methods: Record<string, Handler>): string {
    const names: string[] = [];
    for (const [name] of pairs(methods)) {
        table.insert(names, name);
        if (name === "GET") {
            table.insert(names, "HEAD");
        }
    }
    table.sort(names);
    return table.concat(names, ", ");
}

function dispatch(): Answer {
    const path = string.sub(ngx.var.uri ?? "", string.len("/lb/") + 1);
    const methods = ROUTES[path];
    if (methods === undefined) {
        return failure(404, "not_found", "There is no such page under /lb/.");
    }
    const method = ngx.req.get_method();
    const handler = methods[method === "HEAD" ? "GET" : method];
    if (handler === undefined) {
        const allow = allowed_methods(methods);
        return failure(405, "method_not_allowed", `Use ${allow} here.`, { Allow: allow });
    }
    return handler();
}

/** content_by_lua of /lb/. A handler that raises is logged and answered with a 500 that tells nothing of the inside. */
export function handle(): void {
    const [done, answer] = pcall(dispatch);
    if (!done) {
        logger.error("API", "%s %s failed: %s", ngx.req.get_method(), ngx.var.uri, answer);
        send(failure(500, "internal_error", "The load balancer could not answer; its error log says why."));
        return;
    }
    send(answer);
}

/** content_by_lua of paths that the parts of the cluster use among themselves: nobody outside gets at them. */
export function hide(): void {
    send(failure(404, "not_found", "There is no such page."));
}

const HTML_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5"><title>Uptime Kuma is not available</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em}</style></head>
<body><h1>Uptime Kuma is not available</h1><p>%s This page tries again every 5 seconds.</p></body></html>
`;

function wants_html(): boolean {
    const [html] = string.match(ngx.var.http_accept ?? "", "text/html");
    return html !== undefined;
}

/** The last of nginx's values for the attempts of a request, "a, b, c". */
function of_last_attempt(values: string | undefined): string | undefined {
    const [last] = string.match(values ?? "", "([^%s,]+)$");
    return last;
}

/**
 * content_by_lua of @unavailable: no node could serve the request. 503 when none was there to ask or none took the
 * connection; else the 502 or 504 that nginx made of the node's failure, since the request may have been carried out.
 */
export function unavailable(): void {
    middleware.forget_routing_headers();
    const address = of_last_attempt(ngx.var.upstream_addr);
    const is_connected = (of_last_attempt(ngx.var.upstream_connect_time) ?? "-") !== "-";
    if (address !== undefined) {
        monitor_router.report_failed_address(address);
    }
    const answer =
        (ngx.status === 502 || ngx.status === 504) && is_connected
            ? failure(
                  ngx.status,
                  "node_failed",
                  "The node that took the request did not answer, and no other could take it over.",
              )
            : failure(503, "no_node_available", "No Uptime Kuma node is available at the moment.");
    const headers = { "Retry-After": "5" };
    if (!wants_html()) {
        send({ status: answer.status, body: answer.body, headers });
        return;
    }
    const page = string.format(HTML_PAGE, (answer.body as ErrorBody).message);
    send({ status: answer.status, body: page, content_type: "text/html; charset=utf-8", headers });
}

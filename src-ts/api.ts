/* The HTTP API under /lb/: finds the handler of a request and sends what it returns. */
import * as access from "./api/access";
import * as drain from "./api/drain";
import * as history from "./api/history";
import * as nodes from "./api/nodes";
import * as operations from "./api/operations";
import * as rebalancing from "./api/rebalancing";
import { failure, send } from "./api/respond";
import type { Answer } from "./api/respond";
import * as status from "./api/status";
import * as logger from "./logger";
import * as middleware from "./middleware";
import * as monitor_router from "./monitor_router";

/** `parameter` is what stands in the path for the name in braces. */
type Handler = (this: void, parameter: string) => Answer;

interface Route {
    readonly GET?: Handler;
    readonly POST?: Handler;
    /** It changes the cluster: see api/access. Its GET has no HEAD. */
    readonly guarded?: boolean;
}

/** Path below /lb/ -> handlers by method: every route of the API, nowhere else. */
export const ROUTES: Record<string, Route | undefined> = {
    ping: { GET: status.ping },
    livez: { GET: status.livez },
    readyz: { GET: status.readyz },
    health: { GET: status.health },
    "health-status": { GET: status.health_status },
    "available-nodes": { GET: nodes.available_nodes },
    capacity: { GET: nodes.capacity },
    "node-status": { GET: nodes.node_status },
    "setup-status": { GET: status.setup_status },
    "fault-detection-status": { GET: history.fault_detection_status },
    events: { GET: history.events },
    "monitors/{id}/explain": { GET: history.explain },
    "rebalancing-status": { GET: rebalancing.rebalancing_status },
    "trigger-health-check": { POST: operations.trigger_health_check, guarded: true },
    "trigger-rebalancing": {
        GET: rebalancing.trigger_rebalancing,
        POST: rebalancing.trigger_rebalancing,
        guarded: true,
    },
    "force-rebalance-all": {
        GET: rebalancing.force_rebalance_all,
        POST: rebalancing.force_rebalance_all,
        guarded: true,
    },
    "update-loads": { GET: rebalancing.update_loads, POST: rebalancing.update_loads, guarded: true },
    "nodes/{node}/drain": { POST: drain.drain, guarded: true },
    "nodes/{node}/ready": { POST: drain.ready, guarded: true },
};

/** The routes with a name in braces, by the Lua pattern of their paths. */
const PATTERNS: Record<string, Route | undefined> = {};
for (const [path, route] of pairs(ROUTES)) {
    const [pattern, names] = string.gsub(path, "{%w+}", "([^/]+)");
    if (names > 0) {
        // No route has any other character that a pattern reads otherwise.
        PATTERNS[`^${string.gsub(pattern, "%-", "%%-")[0]}$`] = route as Route;
    }
}

function find_route(path: string): LuaMultiReturn<[route: Route | undefined, parameter: string]> {
    const route = ROUTES[path];
    if (route !== undefined) {
        return $multi(route, "");
    }
    for (const [pattern, found] of pairs(PATTERNS)) {
        const [parameter] = string.match(path, pattern);
        if (parameter !== undefined) {
            return $multi(found as Route, parameter);
        }
    }
    return $multi(undefined, "");
}

function handler_of(route: Route, method: string): Handler | undefined {
    if (method === "POST") {
        return route.POST;
    }
    const is_read = method === "GET" || (method === "HEAD" && route.guarded !== true);
    return is_read ? route.GET : undefined;
}

function allowed_methods(route: Route): string {
    const names: string[] = [];
    for (const name of ["GET", "HEAD", "POST"]) {
        if (handler_of(route, name) !== undefined) {
            table.insert(names, name);
        }
    }
    return table.concat(names, ", ");
}

function dispatch(): Answer {
    const [route, parameter] = find_route(string.sub(ngx.var.uri ?? "", string.len("/lb/") + 1));
    if (route === undefined) {
        return failure(404, "not_found", "There is no such page under /lb/.");
    }
    const handler = handler_of(route, ngx.req.get_method());
    if (handler === undefined) {
        const allow = allowed_methods(route);
        return failure(405, "method_not_allowed", `Use ${allow} here.`, { Allow: allow });
    }
    const refused = route.guarded === true ? access.refusal() : undefined;
    return refused ?? handler(parameter);
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

/* The log phase of requests that went to nodes, or should have: what became of them is counted. */
import type { Route } from "../monitor_router";
import { lost_in_attempts } from "./overhead";
import * as requests from "./requests";

/** True of a request for a WebSocket. */
export function is_upgrade(): boolean {
    return (ngx.var.http_upgrade ?? "") !== "";
}

/** log_by_lua of what goes to nodes. */
export function log(): void {
    const ctx = ngx.ctx;
    const route = ctx.route as Route | undefined;
    if (route === undefined) {
        requests.count_unanswered(ctx.failed_node ?? "", ngx.status);
        return;
    }
    const held = ctx.held ?? 0;
    const lost = route.tried === undefined ? 0 : lost_in_attempts(ngx.var.upstream_response_time ?? "");
    requests.count(route.peer.node_id, route.via, ngx.status, held + lost);
}

/** log_by_lua of what nginx keeps copies of: as log, but for those that a copy has served. */
export function log_public(): void {
    const copy = ngx.var.upstream_cache_status;
    if (copy === "HIT" || copy === "STALE") {
        requests.count_copy(ngx.status);
        return;
    }
    log();
}

/** log_by_lua of /socket.io: as log, and the WebSocket has ended. */
export function log_socket(): void {
    // Without a route the access phase has not run: nginx itself has refused the request.
    if (ngx.ctx.route !== undefined && is_upgrade()) {
        requests.count_socket(-1);
    }
    log();
}

/** log_by_lua of @unavailable, where only what has been through the access phase gets: as log, for WebSockets as well. */
export function log_unavailable(): void {
    if (is_upgrade() && string.sub(ngx.var.uri ?? "", 1, 10) === "/socket.io") {
        requests.count_socket(-1);
    }
    log();
}

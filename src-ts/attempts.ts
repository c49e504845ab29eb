/* The balancer phase: connects a request to its node and, when that fails, to the next one. */
import * as balancer from "ngx.balancer";
import { is_odd_request } from "./lib/odd_request";
import * as logger from "./logger";
import * as requests from "./metrics/requests";
import * as monitor_router from "./monitor_router";

/** NGX_BUSY: makes nginx answer 502, or with a copy, as it does itself when no server of an upstream is left. */
const NO_LIVE_UPSTREAM = -3;
/** nginx's code for an attempt that took too long. */
const TIMED_OUT = 504;
/** Seconds for a connection, and between two reads or writes, where a copy can serve in place of the node. */
const TIMEOUT_WITH_COPY = 2;

/** nginx has a copy that it serves when no node answers in time. */
function has_copy(): boolean {
    return ngx.ctx.is_public === true && ngx.var.upstream_cache_status === "EXPIRED";
}

/** After a failed attempt: the next node. False when everyone has been tried, or the next would fail in the same way. */
function go_on(failed_with: number | undefined): boolean {
    if (is_odd_request()) {
        return false;
    }
    // Without its database no node answers in time.
    if (failed_with === TIMED_OUT && monitor_router.database_error() !== undefined && has_copy()) {
        return false;
    }
    const failed = monitor_router.get_route();
    const route = monitor_router.select_next_node();
    if (route === undefined) {
        return false;
    }
    if (failed !== undefined) {
        requests.count_retry(failed.peer.node_id);
    }
    if (ngx.var.routed_to !== undefined) {
        ngx.var.routed_to = route.peer.routed_to;
        ngx.var.routed_via = route.via;
    }
    return true;
}

function connect(host: string | undefined, port: number | undefined): void {
    const [ok, err] = balancer.set_current_peer(host ?? "", port ?? 0);
    if (ok === undefined) {
        logger.error("ROUTER", "cannot use %s port %s: %s", host, port, err);
        return ngx.exit(NO_LIVE_UPSTREAM);
    }
}

/** balancer_by_lua: connects to the chosen node; after a failure to the next one, each node once. */
export function balance(): void {
    const [failure, code] = balancer.get_last_failure();
    if (failure !== undefined && !go_on(code)) {
        return ngx.exit(NO_LIVE_UPSTREAM);
    }
    const [host, port, route] = monitor_router.get_preselected_node();
    if (route === undefined) {
        return ngx.exit(NO_LIVE_UPSTREAM);
    }
    if (failure === undefined && route.alternatives > 0) {
        balancer.set_more_tries(route.alternatives);
    }
    if (has_copy()) {
        balancer.set_timeouts(TIMEOUT_WITH_COPY, TIMEOUT_WITH_COPY, TIMEOUT_WITH_COPY);
    }
    return connect(host, port);
}

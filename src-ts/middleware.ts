/* One function for each nginx phase. nginx.conf calls these and nothing else but api. */
import * as balancer from "ngx.balancer";
import * as config from "./config";
import * as dynamic_upstream from "./dynamic_upstream";
import * as health_check from "./health_check";
import * as shared_dict from "./lib/shared_dict";
import * as logger from "./logger";
import * as monitor_router from "./monitor_router";
import type { Route } from "./monitor_router";

/** Seconds for connect, send and silence on a socket.io session; nginx.conf has the limits of other requests. */
const SESSION_TIMEOUTS = { connect: 3, send: 60, read: 86400 };

/** NGX_BUSY: makes nginx answer 502, as it does itself when no server of an upstream is left. */
const NO_LIVE_UPSTREAM = -3;

/**
 * init_by_lua: with wrong settings nginx does not start, and says so in one line for each; at a reload it keeps the
 * workers it has.
 */
export function init(): void {
    const dict = shared_dict.open("health_checker");
    const is_reload = shared_dict.get_number(dict, "started_at") !== undefined;
    if (config.problems.length === 0) {
        shared_dict.set(dict, "started_at", ngx.now());
        return;
    }
    config.report_problems();
    if (is_reload) {
        error("wrong settings in the environment, see the lines above", 0);
    }
    // An error here would end the start as well, but bury the lines under a stack trace.
    os.exit(1);
}

/** init_worker_by_lua: starts the background work of this worker. */
export function init_worker(): void {
    // Workers are forks of one process: without a seed of their own all would draw the same numbers.
    math.randomseed(ngx.worker.pid() * 65537 + math.floor(ngx.now() * 1000));
    dynamic_upstream.start();
    health_check.health_check_worker();
}

/** access_by_lua: chooses the node. */
export function preselect_node(): void {
    const [chosen, err] = monitor_router.preselect_node();
    if (chosen === undefined) {
        logger.warn("ROUTER", "cannot route %s: %s", ngx.var.uri, err);
        ngx.exec("@unavailable");
    }
}

function prepare_attempts(route: Route): void {
    const alternatives = monitor_router.count_alternatives(route);
    if (alternatives > 0) {
        balancer.set_more_tries(alternatives);
    }
    if (route.is_session) {
        balancer.set_timeouts(SESSION_TIMEOUTS.connect, SESSION_TIMEOUTS.send, SESSION_TIMEOUTS.read);
    }
}

/** balancer_by_lua: connects to the chosen node; after a failure to the next one, each node once. */
export function balance(): void {
    const [failure] = balancer.get_last_failure();
    if (failure !== undefined && !monitor_router.select_next_node()) {
        return ngx.exit(NO_LIVE_UPSTREAM);
    }
    const [host, port, route] = monitor_router.get_preselected_node();
    if (failure === undefined && route !== undefined) {
        prepare_attempts(route);
    }
    const [ok, err] = balancer.set_current_peer(host ?? "", port ?? 0);
    if (ok === undefined) {
        logger.error("ROUTER", "cannot use %s port %s: %s", host, port, err);
        return ngx.exit(NO_LIVE_UPSTREAM);
    }
}

function add_cookie(cookie: string): void {
    const present = ngx.header["Set-Cookie"];
    if (present === undefined) {
        ngx.header["Set-Cookie"] = cookie;
        return;
    }
    const cookies: string[] = [];
    for (const one of typeof present === "object" ? present : [tostring(present)]) {
        table.insert(cookies, one);
    }
    table.insert(cookies, cookie);
    ngx.header["Set-Cookie"] = cookies;
}

/** header_filter_by_lua: says where the request went. */
export function add_routing_headers(): void {
    const route = monitor_router.get_route();
    if (route === undefined) {
        return;
    }
    const header = ngx.header;
    header["X-Routed-Via"] = route.via;
    header["X-Routed-To"] = route.peer.routed_to;
    if (route.clear_cookie) {
        add_cookie(monitor_router.CLEARED_FIXED_NODE);
    }
}

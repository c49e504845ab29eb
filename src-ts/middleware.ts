/* One function for each nginx phase. nginx.conf calls these and nothing else but api. */
import * as balancer from "ngx.balancer";
import * as config from "./config";
import * as dynamic_upstream from "./dynamic_upstream";
import * as health_check from "./health_check";
import * as client from "./lib/client";
import { is_odd_request } from "./lib/odd_request";
import * as shared_dict from "./lib/shared_dict";
import * as logger from "./logger";
import * as monitor_router from "./monitor_router";
import type { Route } from "./monitor_router";

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
        if (config.secrets.current === "") {
            const who = "whoever connects from this machine or a private network may change the cluster";
            logger.warn("ACCESS", "CLUSTER_SECRET is not set: %s", who);
        }
        shared_dict.set(dict, "started_at", ngx.now());
        health_check.init();
        return;
    }
    config.report_problems();
    if (is_reload) {
        error("wrong settings in the environment, see the lines above", 0);
    }
    // An error here would end the start as well, but bury the lines under a stack trace.
    os.exit(1);
}

/** What a node has done for requests since this load balancer started. */
export function get_traffic(_node_id: string): { requests: number; errors: number; retries: number } {
    return { requests: 0, errors: 0, retries: 0 };
}

/** When this load balancer started or was last reloaded; a Unix time in seconds. */
export function get_start_time(): number {
    return shared_dict.get_number(shared_dict.open("health_checker"), "started_at") ?? 0;
}

/** init_worker_by_lua: starts the background work of this worker. */
export function init_worker(): void {
    // Workers are forks of one process: without a seed of their own all would draw the same numbers.
    math.randomseed(ngx.worker.pid() * 65537 + math.floor(ngx.now() * 1000));
    dynamic_upstream.start();
    health_check.health_check_worker();
    health_check.watch_worker(dynamic_upstream.get_nodes);
}

function add_cookie(cookie: string): void {
    const present = ngx.header["Set-Cookie"];
    const cookies: string[] = [];
    for (const one of typeof present === "object" ? present : [present]) {
        if (one === cookie) {
            return;
        }
        table.insert(cookies, one);
    }
    table.insert(cookies, cookie);
    ngx.header["Set-Cookie"] = cookies;
}

/** access_by_lua: chooses the node; answers by itself, and returns nil, when there is none. */
export function preselect_node(): Route | undefined {
    const [route, err] = monitor_router.preselect_node();
    if (route === undefined) {
        logger.warn("ROUTER", "cannot route %s: %s", ngx.var.uri, err);
        ngx.exec("@unavailable");
        return undefined;
    }
    return route;
}

/** What the node hears of the client, when a trusted proxy says more of it than the connection does. */
function tell_client(): void {
    const { address, scheme, forwarded_for } = client.current();
    ngx.var.client_address = address;
    ngx.var.client_scheme = scheme;
    ngx.var.client_forwarded_for = forwarded_for;
}

/**
 * access_by_lua of our own nginx.conf: preselect_node, and the headers of the answer by way of nginx variables. A header
 * filter in Lua would cost more than all the choosing.
 */
export function access(): void {
    const route = preselect_node();
    if (route === undefined) {
        return;
    }
    ngx.var.routed_to = route.peer.routed_to;
    if (route.via !== "load-balancer") {
        ngx.var.routed_via = route.via;
    }
    if (client.HAS_TRUSTED_PROXIES) {
        tell_client();
    }
    if (route.clear_cookie) {
        add_cookie(monitor_router.CLEARED_FIXED_NODE);
    }
}

/**
 * For an answer of the load balancer itself to a request that a node had been chosen for: takes the headers back. Only
 * where nginx.conf has the variables.
 */
export function forget_routing_headers(): void {
    if (ngx.var.routed_to !== undefined) {
        ngx.var.routed_to = "";
        ngx.var.routed_via = "";
    }
}

/** header_filter_by_lua of an nginx.conf without those variables: says in the headers where the request went. */
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

/** After a failed attempt: the next node. False when everyone has been tried, or would fail in the same way. */
function go_on(): boolean {
    if (is_odd_request()) {
        return false;
    }
    const route = monitor_router.select_next_node();
    if (route === undefined) {
        return false;
    }
    if (ngx.var.routed_to !== undefined) {
        ngx.var.routed_to = route.peer.routed_to;
    }
    return true;
}

/** balancer_by_lua: connects to the chosen node; after a failure to the next one, each node once. */
export function balance(): void {
    const [failure] = balancer.get_last_failure();
    if (failure !== undefined && !go_on()) {
        return ngx.exit(NO_LIVE_UPSTREAM);
    }
    const [host, port, route] = monitor_router.get_preselected_node();
    if (failure === undefined && route !== undefined && route.alternatives > 0) {
        balancer.set_more_tries(route.alternatives);
    }
    const [ok, err] = balancer.set_current_peer(host ?? "", port ?? 0);
    if (ok === undefined) {
        logger.error("ROUTER", "cannot use %s port %s: %s", host, port, err);
        return ngx.exit(NO_LIVE_UPSTREAM);
    }
}

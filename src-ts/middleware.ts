/* One function for each nginx phase. nginx.conf calls these and nothing else but api. */
import * as balancer from "ngx.balancer";
import * as config from "./config";
import * as dynamic_upstream from "./dynamic_upstream";
import * as health_check from "./health_check";
import * as logger from "./logger";
import * as monitor_router from "./monitor_router";

const CONNECT_TIMEOUT = 3;
/** Seconds without a byte from the node before the request goes elsewhere or fails. */
const READ_TIMEOUT = 60;
/** Seconds of silence on a WebSocket. */
const SESSION_TIMEOUT = 86400;

/** NGX_BUSY: makes nginx answer 502, as it does itself when no server of an upstream is left. */
const NO_LIVE_UPSTREAM = -3;

/** init_by_lua: stops the start, one line for each wrong setting. */
export function init(): void {
    for (const problem of config.problems) {
        io.stderr.write(`nginx: [emerg] ${problem}\n`);
    }
    if (config.problems.length > 0) {
        error("wrong settings in the environment, see the lines above", 0);
    }
}

/** init_worker_by_lua: starts the background work of this worker. */
export function init_worker(): void {
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

function prepare_attempts(): void {
    const alternatives = monitor_router.count_alternatives();
    if (alternatives > 0) {
        balancer.set_more_tries(alternatives);
    }
    const is_session = ngx.var.http_upgrade !== undefined;
    balancer.set_timeouts(CONNECT_TIMEOUT, READ_TIMEOUT, is_session ? SESSION_TIMEOUT : READ_TIMEOUT);
}

/** balancer_by_lua: connects to the chosen node; after a failure to the next one, each node once. */
export function balance(): void {
    const [failure] = balancer.get_last_failure();
    if (failure === undefined) {
        prepare_attempts();
    } else if (!monitor_router.select_next_node()) {
        return ngx.exit(NO_LIVE_UPSTREAM);
    }
    const [host, port] = monitor_router.get_preselected_node();
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
    const headers = monitor_router.get_routing_headers();
    if (headers === undefined) {
        return;
    }
    ngx.header["X-Routed-Via"] = headers.via;
    ngx.header["X-Routed-To"] = headers.to;
    if (headers.clear_cookie !== undefined) {
        add_cookie(headers.clear_cookie);
    }
}

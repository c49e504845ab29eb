/* One function for each nginx phase. nginx.conf calls these and nothing else but api. */
import * as config from "./config";
import * as dynamic_upstream from "./dynamic_upstream";
import * as health_check from "./health_check";
import * as client from "./lib/client";
import * as clock from "./lib/clock";
import * as node_badge from "./lib/node_badge";
import * as set_back from "./lib/set_back";
import * as shared_dict from "./lib/shared_dict";
import * as logger from "./logger";
import { is_upgrade } from "./metrics/log_phase";
import * as requests from "./metrics/requests";
import * as monitor_router from "./monitor_router";
import type { Route } from "./monitor_router";
import * as probe_mode from "./probe_mode";
import { set_headers } from "./routing_headers";

export { balance } from "./attempts";
export { add_routing_headers, forget_routing_headers } from "./routing_headers";
export { log, log_public, log_socket, log_unavailable } from "./metrics/log_phase";

function warn_of_open_doors(): void {
    if (config.secrets.current === "") {
        const who = "whoever connects from this machine or a private network may change the cluster";
        logger.warn("ACCESS", "CLUSTER_SECRET is not set: %s", who);
    }
    for (const { text, is_https } of config.peers.urls) {
        if (!is_https) {
            // A follower shows only that it knows the secret, a probe sends it.
            const what = probe_mode.IS_PROBE ? "read the secret" : "change what it says";
            logger.warn("ACCESS", "CLUSTER_PEER_URL %s is plain http: who is on the way can %s", text, what);
        }
    }
}

/**
 * init_by_lua: with wrong settings nginx does not start, and says so in one line for each; at a reload it keeps the
 * workers it has.
 */
export function init(): void {
    const dict = shared_dict.open("health_checker");
    const is_reload = shared_dict.get_number(dict, "started_at") !== undefined;
    if (config.problems.length === 0) {
        warn_of_open_doors();
        shared_dict.set(dict, "started_at", ngx.now());
        if (probe_mode.IS_PROBE) {
            probe_mode.init();
        } else {
            health_check.init();
        }
        return;
    }
    config.report_problems();
    if (is_reload) {
        error("wrong settings in the environment, see the lines above", 0);
    }
    // An error here would end the start as well, but bury the lines under a stack trace.
    os.exit(1);
}

/** When this load balancer started or was last reloaded; a Unix time in seconds. */
export function get_start_time(): number {
    return shared_dict.get_number(shared_dict.open("health_checker"), "started_at") ?? 0;
}

/** init_worker_by_lua: starts the background work of this worker. */
export function init_worker(): void {
    // Workers are forks of one process: without a seed of their own all would draw the same numbers.
    math.randomseed(ngx.worker.pid() * 65537 + math.floor(ngx.now() * 1000));
    set_back.start();
    if (probe_mode.IS_PROBE) {
        return probe_mode.start();
    }
    dynamic_upstream.start();
    health_check.health_check_worker();
    health_check.leader_check_worker();
    health_check.watch_worker(dynamic_upstream.get_nodes);
    requests.start();
}

function choose_node(): Route | undefined {
    const [route, err] = monitor_router.preselect_node();
    if (route === undefined) {
        logger.warn("ROUTER", "cannot route %s: %s", ngx.var.uri, err);
    }
    return route;
}

/** access_by_lua: chooses the node; answers by itself, and returns nil, when there is none. */
export function preselect_node(): Route | undefined {
    const route = probe_mode.IS_PROBE ? undefined : choose_node();
    if (route === undefined) {
        ngx.exec("@unavailable");
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

/** access_by_lua of our own nginx.conf: preselect_node, and the headers of the request and the answer. */
export function access(): void {
    const started = clock.monotonic();
    const route = preselect_node();
    if (route === undefined) {
        return;
    }
    ngx.ctx.held = clock.monotonic() - started;
    if (client.HAS_TRUSTED_PROXIES) {
        tell_client();
    }
    set_headers(route);
}

/** access_by_lua of what nginx keeps copies of: where no node can be chosen the request goes on, since one may serve. */
export function access_public(): void {
    if (probe_mode.IS_PROBE) {
        ngx.exec("@unavailable");
        return;
    }
    const started = clock.monotonic();
    const route = choose_node();
    ngx.ctx.held = clock.monotonic() - started;
    ngx.ctx.is_public = true;
    if (client.HAS_TRUSTED_PROXIES) {
        tell_client();
    }
    if (route !== undefined) {
        set_headers(route);
    }
}

/** access_by_lua of Uptime Kuma's own pages. */
export function access_page(): void {
    if (config.pages.has_badge) {
        node_badge.prepare();
    }
    access();
}

/** header_filter_by_lua of the same. */
export function finish_page(): void {
    if (config.pages.has_badge) {
        node_badge.add();
    }
}

/** access_by_lua of /socket.io: as access, and counts a WebSocket as open. */
export function access_socket(): void {
    if (is_upgrade()) {
        requests.count_socket(1);
    }
    access();
}

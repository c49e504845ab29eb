/* What an answer says of where its request went. */
import * as monitor_router from "./monitor_router";
import type { Route } from "./monitor_router";

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

/** By way of nginx variables: a header filter in Lua would cost more than all the choosing. */
export function set_headers(route: Route): void {
    ngx.var.routed_to = route.peer.routed_to;
    if (route.via !== "load-balancer") {
        ngx.var.routed_via = route.via;
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

/* The access phase of a request, and the attempts of the balancer phase: who serves it, and who if that one fails. */
import * as client from "../lib/client";
import * as suspects from "../store/suspects";
import { session_peer } from "./affinity";
import { least_loaded, next_peer, route_to } from "./choose";
import type { Peer, Ranking, Route } from "./choose";
import * as fixed_node from "./fixed_node";
import { push_peer } from "./push";
import { cached_addresses, cached_host, doubt, resolve_host } from "./resolve";
import type { Snapshot } from "./snapshot";
import * as snapshots from "./snapshot";

/** A number that stays the same for a client. */
function client_hash(): number {
    const address = client.HAS_TRUSTED_PROXIES ? client.current().address : ngx.var.binary_remote_addr;
    return ngx.crc32_short(address ?? "");
}

function least_loaded_peer(ranking: Ranking): Peer | undefined {
    const hash = ranking.ties > 1 ? client_hash() : 0;
    const peer = least_loaded(ranking, hash);
    if (peer === undefined || suspects.is_skipped(peer.node_id)) {
        return undefined;
    }
    return peer;
}

function route_by(snapshot: Snapshot): Result<Route> {
    const { ranking, routes } = snapshot;
    if (!snapshot.setup_complete && ranking.primary !== undefined) {
        return $multi(routes[ranking.primary.node_id] as Route);
    }
    const [fixed, invalid_reason] = fixed_node.read(snapshot);
    if (fixed !== undefined) {
        return $multi(route_to(fixed, ranking, "fixed-node", false));
    }
    const uri = ngx.var.uri ?? "/";
    const peer =
        session_peer(snapshot, uri) ??
        push_peer(snapshot, uri) ??
        least_loaded_peer(ranking) ??
        next_peer(ranking, {}, suspects.is_skipped);
    if (peer === undefined) {
        return $multi(undefined, "no node is registered");
    }
    if (invalid_reason !== undefined) {
        return $multi(route_to(peer, ranking, "load-balancer", true));
    }
    return $multi(routes[peer.node_id] as Route);
}

/** Chooses the node for this request in the order of the contract, or says why there is none. */
export function choose_route(): Result<Route> {
    const [snapshot, err] = snapshots.current();
    if (snapshot === undefined) {
        return $multi(undefined, err);
    }
    const [route, none] = route_by(snapshot);
    if (route === undefined) {
        return $multi(undefined, none);
    }
    if (!suspects.is_skipped(route.peer.node_id)) {
        return $multi(route);
    }
    const newer = snapshots.after_failure();
    if (newer === undefined || newer === snapshot) {
        return $multi(route);
    }
    return route_by(newer);
}

/**
 * The same request for another peer, by what is known of the nodes by now: an attempt may have taken a minute. nil when
 * everyone has been tried.
 */
function without_peer(route: Route): Route | undefined {
    const { alternatives, clear_cookie, tried = {} } = route;
    tried[route.peer.node_id] = true;
    const snapshot = snapshots.peek();
    const peer = snapshot === undefined ? undefined : next_peer(snapshot.ranking, tried, suspects.is_skipped);
    if (peer === undefined) {
        return undefined;
    }
    return { peer, via: "load-balancer", alternatives: alternatives - 1, clear_cookie, tried };
}

/** The same request after its peer has failed; nil when everyone has been tried. */
function next_route(route: Route): Route | undefined {
    doubt(route.peer.name);
    suspects.report(route.peer.node_id);
    return without_peer(route);
}

function leave_in_ctx(route: Route, address: string): void {
    const ctx = ngx.ctx;
    ctx.upstream_host = address;
    ctx.upstream_port = route.peer.port;
    ctx.route = route;
}

/** The name of the chosen node cannot be resolved: the next one whose name can. */
function settle_elsewhere(first: Route, cause: string): Result<Route> {
    let route = first;
    let err = cause;
    for (;;) {
        const next = next_route(route);
        if (next === undefined) {
            return $multi(undefined, `cannot resolve ${route.peer.name} of ${route.peer.node_id}: ${err}`);
        }
        route = next;
        const [address, next_err] = resolve_host(route.peer.name);
        if (address !== undefined) {
            leave_in_ctx(route, address);
            return $multi(route);
        }
        err = next_err;
    }
}

/**
 * The whole access phase: snapshot, choice, address; leaves the address and the route in ngx.ctx. What every request runs
 * through has no loop, here and in what this calls (but for who comes through a trusted proxy): LuaJIT gives up a function that
 * enters a loop which ends at once.
 */
export function preselect(): Result<Route> {
    const [route, err] = choose_route();
    if (route === undefined) {
        return $multi(undefined, err);
    }
    const [address, cause] = resolve_host(route.peer.name);
    if (address === undefined) {
        return settle_elsewhere(route, cause);
    }
    leave_in_ctx(route, address);
    return $multi(route);
}

/**
 * After a failed attempt, in the balancer phase: the next node goes into ngx.ctx. Only names that are in the cache can be
 * used there, since nothing may wait. nil when everyone has been tried.
 */
export function next_attempt(): Route | undefined {
    const failed = ngx.ctx.route as Route | undefined;
    let route = failed === undefined ? undefined : next_route(failed);
    while (route !== undefined) {
        const address = cached_host(route.peer.name);
        if (address !== undefined) {
            leave_in_ctx(route, address);
            return route;
        }
        // Nothing is known against it: nobody has tried to reach it.
        route = without_peer(route);
    }
    return undefined;
}

/** Any address of its name may be the one: they take turns. */
function is_at(peer: Peer, upstream_addr: string): boolean {
    for (const ip of cached_addresses(peer.name)) {
        if (`${ip}:${peer.port}` === upstream_addr) {
            return true;
        }
    }
    return false;
}

/** The node behind an address of $upstream_addr, "ip:port"; nil when it is none of ours. */
export function node_at(upstream_addr: string): string | undefined {
    const snapshot = snapshots.peek();
    for (const node of snapshot?.nodes ?? []) {
        const peer = snapshot?.peers[node.node_id];
        if (peer !== undefined && is_at(peer, upstream_addr)) {
            return peer.node_id;
        }
    }
    return undefined;
}

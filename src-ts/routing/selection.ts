/* The access phase of a request, and the attempts of the balancer phase: who serves it, and who if that one fails. */
import * as suspects from "../store/suspects";
import { session_peer } from "./affinity";
import { least_loaded, next_candidate } from "./choose";
import type { Peer } from "./choose";
import { pinned } from "./fixed_node";
import { push_peer } from "./push";
import { cached_host, resolve_host } from "./resolve";
import type { Snapshot } from "./snapshot";
import * as snapshots from "./snapshot";

/** How a request is routed; lives in ngx.ctx from the access phase on. */
export interface Route {
    peer: Peer;
    readonly via: "fixed-node" | "load-balancer";
    /** Everyone who may serve it. */
    readonly candidates: readonly Peer[];
    readonly tried: Record<string, boolean | undefined>;
    /** The cookie of a fixed node is to be cleared. */
    readonly clear_cookie: boolean;
}

function no_one(): boolean {
    return false;
}

/** The first candidate that is not failing just now; when all are, the first that has not been tried. */
function first_usable(candidates: readonly Peer[], tried: Record<string, boolean | undefined>): Peer | undefined {
    return next_candidate(candidates, tried, suspects.is_skipped) ?? next_candidate(candidates, tried, no_one);
}

function preferred(snapshot: Snapshot, uri: string): Peer | undefined {
    const peer = session_peer(snapshot, uri) ?? push_peer(snapshot, uri);
    if (peer !== undefined) {
        return peer;
    }
    const chosen = least_loaded(snapshot.ranking, ngx.crc32_short(ngx.var.remote_addr ?? ""));
    if (chosen === undefined || suspects.is_skipped(chosen.node_id)) {
        return undefined;
    }
    return chosen;
}

/** Chooses the node for this request in the order of the contract, or says why there is none. */
export function choose_route(snapshot: Snapshot): Result<Route> {
    const ranking = snapshot.ranking;
    const candidates = ranking.online.length > 0 ? ranking.online : ranking.others;
    const tried: Record<string, boolean | undefined> = {};
    if (!snapshot.setup_complete && ranking.primary !== undefined) {
        return $multi({ peer: ranking.primary, via: "load-balancer", candidates, tried, clear_cookie: false });
    }
    const [fixed, clear_cookie] = pinned(snapshot);
    if (fixed !== undefined) {
        return $multi({ peer: fixed, via: "fixed-node", candidates, tried, clear_cookie });
    }
    const peer = preferred(snapshot, ngx.var.uri ?? "/") ?? first_usable(candidates, tried);
    if (peer === undefined) {
        return $multi(undefined, "no node is registered");
    }
    return $multi({ peer, via: "load-balancer", candidates, tried, clear_cookie });
}

/** Resolves the chosen node; when its name cannot be resolved, the next one. Leaves the address in ngx.ctx. */
function settle(route: Route): Result<true> {
    let failure = "no node is left";
    let peer: Peer | undefined = route.peer;
    while (peer !== undefined) {
        route.peer = peer;
        route.tried[peer.node_id] = true;
        const [address, err] = resolve_host(peer.name);
        if (address !== undefined) {
            ngx.ctx.upstream_host = address;
            ngx.ctx.upstream_port = peer.port;
            ngx.ctx.route = route;
            return $multi(true);
        }
        failure = `cannot resolve ${peer.name} of ${peer.node_id}: ${err}`;
        suspects.report(peer.node_id);
        peer = first_usable(route.candidates, route.tried);
    }
    return $multi(undefined, failure);
}

/** The whole access phase: snapshot, choice, address. */
export function preselect(): Result<Route> {
    const [snapshot, err] = snapshots.current();
    if (snapshot === undefined) {
        return $multi(undefined, err);
    }
    const [route, no_route] = choose_route(snapshot);
    if (route === undefined) {
        return $multi(undefined, no_route);
    }
    const [settled, unsettled] = settle(route);
    if (settled === undefined) {
        return $multi(undefined, unsettled);
    }
    return $multi(route);
}

/** How many candidates have not been tried yet. */
export function count_untried(route: Route): number {
    let count = 0;
    for (const peer of route.candidates) {
        count += route.tried[peer.node_id] === true ? 0 : 1;
    }
    return count;
}

/**
 * After a failed attempt, in the balancer phase: the next candidate goes into ngx.ctx. Only names that are in the cache
 * can be used there, since nothing may wait.
 */
export function next_attempt(): boolean {
    const route = ngx.ctx.route as Route | undefined;
    if (route === undefined) {
        return false;
    }
    suspects.report(route.peer.node_id);
    for (;;) {
        const peer = first_usable(route.candidates, route.tried);
        if (peer === undefined) {
            return false;
        }
        route.tried[peer.node_id] = true;
        const address = cached_host(peer.name);
        if (address !== undefined) {
            route.peer = peer;
            ngx.ctx.upstream_host = address;
            ngx.ctx.upstream_port = peer.port;
            return true;
        }
    }
}

/* The access phase of a request, and the attempts of the balancer phase: who serves it, and who if that one fails. */
import * as suspects from "../store/suspects";
import { is_session, session_peer } from "./affinity";
import { least_loaded, next_candidate } from "./choose";
import type { Peer } from "./choose";
import { pinned } from "./fixed_node";
import { push_peer } from "./push";
import { cached_host, resolve_host } from "./resolve";
import type { Snapshot } from "./snapshot";
import * as snapshots from "./snapshot";

type Tried = Record<string, boolean | undefined>;

/** How a request is routed; lives in ngx.ctx from the access phase on. */
export interface Route {
    peer: Peer;
    readonly via: "fixed-node" | "load-balancer";
    /** Everyone who may serve it. */
    readonly candidates: readonly Peer[];
    /** The cookie of a fixed node is to be cleared. */
    readonly clear_cookie: boolean;
    /** A WebSocket, or long polling. */
    readonly is_session: boolean;
    /** Who has been tried, once the first has failed. */
    tried?: Tried;
}

function no_one(): boolean {
    return false;
}

/** The first candidate that is not failing just now; when all are, the first that has not been tried. */
function first_usable(candidates: readonly Peer[], tried: Tried): Peer | undefined {
    return next_candidate(candidates, tried, suspects.is_skipped) ?? next_candidate(candidates, tried, no_one);
}

function least_loaded_peer(snapshot: Snapshot): Peer | undefined {
    const ranking = snapshot.ranking;
    const hash = ranking.ties > 1 ? ngx.crc32_short(ngx.var.binary_remote_addr ?? "") : 0;
    const peer = least_loaded(ranking, hash);
    if (peer === undefined || suspects.is_skipped(peer.node_id)) {
        return undefined;
    }
    return peer;
}

/** Chooses the node for this request in the order of the contract, or says why there is none. */
export function choose_route(snapshot: Snapshot): Result<Route> {
    const uri = ngx.var.uri ?? "/";
    const ranking = snapshot.ranking;
    const candidates = ranking.online.length > 0 ? ranking.online : ranking.others;
    if (!snapshot.setup_complete && ranking.primary !== undefined) {
        const peer = ranking.primary;
        return $multi({ peer, via: "load-balancer", candidates, clear_cookie: false, is_session: is_session(uri) });
    }
    const [fixed, clear_cookie] = pinned(snapshot);
    if (fixed !== undefined) {
        return $multi({ peer: fixed, via: "fixed-node", candidates, clear_cookie, is_session: is_session(uri) });
    }
    const peer =
        session_peer(snapshot, uri) ??
        push_peer(snapshot, uri) ??
        least_loaded_peer(snapshot) ??
        first_usable(candidates, {});
    if (peer === undefined) {
        return $multi(undefined, "no node is registered");
    }
    return $multi({ peer, via: "load-balancer", candidates, clear_cookie, is_session: is_session(uri) });
}

/** The next candidate takes the place of the one that failed; nil when everyone has been tried. */
function advance(route: Route): Peer | undefined {
    const tried = route.tried ?? {};
    tried[route.peer.node_id] = true;
    route.tried = tried;
    suspects.report(route.peer.node_id);
    const next = first_usable(route.candidates, tried);
    if (next !== undefined) {
        route.peer = next;
    }
    return next;
}

/** Resolves the chosen node; when its name cannot be resolved, the next one. Leaves the address in ngx.ctx. */
function settle(route: Route): Result<true> {
    for (;;) {
        const peer = route.peer;
        const [address, err] = resolve_host(peer.name);
        if (address !== undefined) {
            const ctx = ngx.ctx;
            ctx.upstream_host = address;
            ctx.upstream_port = peer.port;
            ctx.route = route;
            return $multi(true);
        }
        if (advance(route) === undefined) {
            return $multi(undefined, `cannot resolve ${peer.name} of ${peer.node_id}: ${err}`);
        }
    }
}

/** The whole access phase: snapshot, choice, address. */
export function preselect(): Result<true> {
    const [snapshot, err] = snapshots.current();
    if (snapshot === undefined) {
        return $multi(undefined, err);
    }
    const [route, no_route] = choose_route(snapshot);
    if (route === undefined) {
        return $multi(undefined, no_route);
    }
    return settle(route);
}

/** How many candidates are left besides the one that is tried now. */
export function count_alternatives(route: Route): number {
    let count = 0;
    for (const peer of route.candidates) {
        if (peer !== route.peer && route.tried?.[peer.node_id] !== true) {
            count += 1;
        }
    }
    return count;
}

/**
 * After a failed attempt, in the balancer phase: the next candidate goes into ngx.ctx. Only names that are in the cache
 * can be used there, since nothing may wait.
 */
export function next_attempt(): boolean {
    const ctx = ngx.ctx;
    const route = ctx.route as Route | undefined;
    if (route === undefined) {
        return false;
    }
    for (;;) {
        const peer = advance(route);
        if (peer === undefined) {
            return false;
        }
        const address = cached_host(peer.name);
        if (address !== undefined) {
            ctx.upstream_host = address;
            ctx.upstream_port = peer.port;
            return true;
        }
    }
}

/** The node behind an address of $upstream_addr, "ip:port"; nil when it is none of ours. */
export function node_at(upstream_addr: string): string | undefined {
    const snapshot = snapshots.peek();
    for (const node of snapshot?.nodes ?? []) {
        const peer = snapshot?.peers[node.node_id];
        if (peer !== undefined && `${cached_host(peer.name)}:${peer.port}` === upstream_addr) {
            return peer.node_id;
        }
    }
    return undefined;
}

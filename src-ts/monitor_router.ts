/* Which node serves a request: the access phase, the attempts of the balancer phase, and the picture they go by. */
import * as config from "./config";
import * as clock from "./lib/clock";
import * as states from "./lib/states";
import type { Peer, Route } from "./routing/choose";
import * as fixed_node from "./routing/fixed_node";
import * as outage from "./routing/outage";
import * as selection from "./routing/selection";
import * as snapshots from "./routing/snapshot";
import type { NodeRow } from "./store/nodes";
import * as suspects from "./store/suspects";

export { resolve_host } from "./routing/resolve";
export type { InvalidReason } from "./routing/fixed_node";
export type { Route } from "./routing/choose";

/** What the status pages show of the cluster. */
export interface ClusterStatus {
    setup_complete: boolean;
    primary_node: string | undefined;
    nodes: NodeRow[];
    /** Seconds since the database was read. */
    snapshot_age: number;
    /** Why the database could not be read the last time; nil when it could. */
    database_error: string | undefined;
}

/** How much of its capacity a node uses. */
export interface NodeCapacity {
    node_id: string;
    current_count: number;
    limit_per_node: number;
    usage_percent: number;
}

/** [Access phase] Chooses a node and leaves its address in ngx.ctx; nil and the reason when there is none. */
export function preselect_node(): Result<Route> {
    return selection.preselect();
}

/**
 * [Balancer phase] The address that the access phase chose: IP literal and port, and how the request is routed.
 */
export function get_preselected_node(): LuaMultiReturn<
    [host: string | undefined, port: number | undefined, route: Route | undefined]
> {
    const ctx = ngx.ctx;
    return $multi(ctx.upstream_host, ctx.upstream_port, ctx.route as Route | undefined);
}

/** [Balancer phase] After a failed attempt: puts the next node into ngx.ctx. nil when everyone has been tried. */
export function select_next_node(): Route | undefined {
    return selection.next_attempt();
}

/** The node that this request would get, without sending it there; nil and the reason when there is none. */
export function pick_node_for_request(): Result<Peer> {
    const [route, err] = selection.choose_route();
    if (route === undefined) {
        return $multi(undefined, err);
    }
    return $multi(route.peer);
}

/** How this request was routed; nil when no node was chosen for it. */
export function get_route(): Route | undefined {
    return ngx.ctx.route as Route | undefined;
}

/** The value that makes a browser forget the cookie of a fixed node. */
export const CLEARED_FIXED_NODE = fixed_node.CLEARED;

/** The cookie of a request, and where requests like it go. */
export interface FixedNode {
    has_cookie: boolean;
    /** The node that the cookie names, when it is followed. */
    node_id: string | undefined;
    invalid_reason: fixed_node.InvalidReason | undefined;
    /** Nil when there is no node at all. */
    routed_to: string | undefined;
}

/** What the cookie of this request says, and what comes of it; nil and the reason when no node was ever read. */
export function get_fixed_node(): Result<FixedNode> {
    const [snapshot, err] = snapshots.latest();
    if (snapshot === undefined) {
        return $multi(undefined, err);
    }
    const [peer, invalid_reason] = fixed_node.read(snapshot);
    const [route] = selection.choose_route();
    return $multi({
        has_cookie: peer !== undefined || invalid_reason !== undefined,
        node_id: peer?.node_id,
        invalid_reason,
        routed_to: route?.peer.node_id,
    });
}

/**
 * The cookie that pins a browser to a node for that many seconds.
 * @returns the cookie; or nil and why the node cannot be chosen; or nil, nil and the reason when no node was ever read
 */
export function pin_to_node(
    node_id: string,
    seconds: number,
    is_https: boolean,
): LuaMultiReturn<[cookie: string | undefined, refusal?: fixed_node.InvalidReason | undefined, err?: string]> {
    const [snapshot, err] = snapshots.latest();
    if (snapshot === undefined) {
        return $multi(undefined, undefined, err);
    }
    const peer = snapshot.peers[node_id];
    if (peer === undefined || !fixed_node.is_cookie_value(node_id)) {
        return $multi(undefined, "unknown_node");
    }
    if (peer.status !== states.ONLINE) {
        return $multi(undefined, "node_not_online");
    }
    return $multi(fixed_node.cookie_for(node_id, seconds, is_https));
}

/**
 * A node did not answer a request: it is passed over for a short while and checked at once. Leaves it in ngx.ctx for the
 * log phase.
 */
export function report_failed_address(upstream_addr: string): void {
    const node_id = selection.node_at(upstream_addr);
    if (node_id !== undefined) {
        ngx.ctx.failed_node = node_id;
        suspects.report(node_id);
    }
}

/** True while requests pass a node over because an attempt has just failed there. */
export function is_passed_over(node_id: string): boolean {
    return suspects.is_skipped(node_id);
}

function describe(snapshot: snapshots.Snapshot): ClusterStatus {
    return {
        setup_complete: snapshot.setup_complete,
        primary_node: snapshot.ranking.primary?.node_id,
        nodes: snapshot.nodes,
        snapshot_age: math.max(0, clock.now() - snapshot.loaded_at),
        database_error: outage.cause(),
    };
}

/** Nodes, loads and set-up state as routing sees them; nil and the reason when nothing was ever read. */
export function get_cluster_status(): Result<ClusterStatus> {
    const [snapshot, err] = snapshots.latest();
    if (snapshot === undefined) {
        return $multi(undefined, err);
    }
    return $multi(describe(snapshot));
}

/** The same as it is known now, without any wait; nil when nothing was ever read. */
export function peek_cluster_status(): ClusterStatus | undefined {
    const snapshot = snapshots.peek();
    return snapshot === undefined ? undefined : describe(snapshot);
}

/** Why the database could not be read the last time; nil when it could. */
export function database_error(): string | undefined {
    return outage.cause();
}

/** Reads nodes and loads now, for routing and for the caller; nil and the reason when the database does not answer. */
export function update_loads(): Result<ClusterStatus> {
    const [snapshot, err] = snapshots.refresh();
    if (snapshot === undefined) {
        return $multi(undefined, err);
    }
    return get_cluster_status();
}

/** The use of each node's capacity, or of one node's. */
export function get_node_capacity(node_id?: string): Result<NodeCapacity[]> {
    const [snapshot, err] = snapshots.latest();
    if (snapshot === undefined) {
        return $multi(undefined, err);
    }
    const limit = config.cluster.monitor_limit_per_node;
    const capacities: NodeCapacity[] = [];
    for (const node of snapshot.nodes) {
        if (node_id === undefined || node.node_id === node_id) {
            table.insert(capacities, {
                node_id: node.node_id,
                current_count: node.monitor_count,
                limit_per_node: limit,
                usage_percent: math.floor((node.monitor_count * 1000) / limit + 0.5) / 10,
            });
        }
    }
    return $multi(capacities);
}

/** True when requests can be routed: a picture is there and names a node. Does not wait. */
export function is_ready(): boolean {
    const snapshot = snapshots.peek();
    return snapshot !== undefined && snapshot.nodes.length > 0;
}

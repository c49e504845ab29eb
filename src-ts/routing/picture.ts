/* What routing knows of the cluster, read from the database in one go, and the form in which a worker keeps it. */
import { node_address } from "../lib/address";
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import * as nodes from "../store/nodes";
import type { NodeRow } from "../store/nodes";
import * as users from "../store/users";
import * as store_version from "../store/version";
import { rank, route_to, routed_name } from "./choose";
import type { Peer, Ranking, Route } from "./choose";

/** What is published. */
export interface Picture {
    readonly loaded_at: number;
    readonly store_version: number;
    readonly setup_complete: boolean;
    readonly nodes: NodeRow[];
}

/** A picture as a worker keeps it. */
export interface Snapshot extends Picture {
    readonly published: number;
    readonly peers: Record<string, Peer | undefined>;
    readonly ranking: Ranking;
    /** By node id: the route of every request that nothing but the load sends there. */
    readonly routes: Record<string, Route | undefined>;
}

function to_peer(node: NodeRow): Peer {
    const [name, port] = node_address(node.host);
    return {
        node_id: node.node_id,
        node_name: node.node_name,
        name,
        port,
        host: node.host,
        status: node.status,
        is_primary: node.is_primary,
        monitor_count: node.monitor_count,
        routed_to: routed_name(node.node_id),
    };
}

/** The picture as a worker keeps it; `published` is its number in the shared dict. */
export function to_snapshot(picture: Picture, published: number): Snapshot {
    const peers: Record<string, Peer | undefined> = {};
    const list: Peer[] = [];
    for (const node of picture.nodes) {
        const peer = to_peer(node);
        peers[peer.node_id] = peer;
        table.insert(list, peer);
    }
    const ranking = rank(list);
    const routes: Record<string, Route | undefined> = {};
    for (const peer of list) {
        routes[peer.node_id] = route_to(peer, ranking, "load-balancer", false);
    }
    const { loaded_at, setup_complete, store_version: version, nodes: rows } = picture;
    return { loaded_at, setup_complete, store_version: version, nodes: rows, published, peers, ranking, routes };
}

/** Reads nodes, loads and set-up state from the database. */
export function read_picture(): Result<Picture> {
    // The version is taken before the rows: a write in between makes the picture too old, never the other way round.
    const version = store_version.current();
    const loaded_at = clock.now();
    const [rows, err] = nodes.list();
    if (rows === undefined) {
        return $multi(undefined, err);
    }
    const [setup_complete, user_err] = users.any();
    if (setup_complete === undefined) {
        return $multi(undefined, user_err);
    }
    return $multi({ loaded_at, store_version: version, setup_complete, nodes: rows });
}

/** The picture as text for the shared dict. */
export function encode_picture(picture: Picture): string {
    const { loaded_at, setup_complete } = picture;
    return json.encode({
        loaded_at,
        setup_complete,
        store_version: picture.store_version,
        nodes: json.list(picture.nodes),
    });
}

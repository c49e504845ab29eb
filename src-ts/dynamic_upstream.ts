/*
 * Node discovery: which nodes exist is read from the database in the background, so that a new node gets requests
 * without a reload, and the names of all nodes stay resolved in every worker, so that a retry has an address at hand.
 */
import * as config from "./config";
import * as worker_timer from "./lib/worker_timer";
import * as logger from "./logger";
import type { Peer } from "./routing/choose";
import { doubt, resolve_host } from "./routing/resolve";
import * as snapshots from "./routing/snapshot";

let known: Record<string, string | undefined> = {};

function peers(): Peer[] {
    const snapshot = snapshots.peek();
    const found: Peer[] = [];
    for (const node of snapshot?.nodes ?? []) {
        const peer = snapshot?.peers[node.node_id];
        if (peer !== undefined) {
            table.insert(found, peer);
        }
    }
    return found;
}

function report_changes(found: readonly Peer[]): void {
    const now: Record<string, string | undefined> = {};
    for (const peer of found) {
        now[peer.node_id] = peer.host;
        if (known[peer.node_id] !== peer.host && ngx.worker.id() === 0) {
            logger.router("node %s at %s", peer.node_id, peer.host);
        }
    }
    for (const [node_id] of pairs(known)) {
        if (now[node_id] === undefined && ngx.worker.id() === 0) {
            logger.router("node %s is gone", node_id);
        }
    }
    known = now;
}

/** Looks for new, moved and gone nodes once and resolves the names of all anew. */
export function discover(): void {
    if (snapshots.peek() === undefined) {
        snapshots.refresh_in_turn();
    }
    const found = peers();
    report_changes(found);
    for (const peer of found) {
        doubt(peer.name);
        const [address, err] = resolve_host(peer.name);
        // Of a node that is offline this is no news: one that was scaled down keeps its row.
        if (address === undefined && peer.status !== "offline") {
            logger.warn("ROUTER", "cannot resolve %s of node %s: %s", peer.name, peer.node_id, err);
        }
    }
}

/** The nodes that are known now: id, host and status. */
export function get_nodes(): { node_id: string; host: string; status: string }[] {
    const nodes: { node_id: string; host: string; status: string }[] = [];
    for (const { node_id, host, status } of peers()) {
        table.insert(nodes, { node_id, host, status });
    }
    return nodes;
}

/** Renews the routing snapshot; a node that is away may come back with another address. */
function renew_snapshot(): void {
    snapshots.renew();
    for (const peer of peers()) {
        if (peer.status !== "online") {
            doubt(peer.name);
        }
    }
}

/** Starts discovery and the renewal of the routing snapshot in this worker. */
export function start(): void {
    const ttl = config.routing.snapshot_ttl;
    // With a query per request the picture still serves status pages and outages.
    worker_timer.every("snapshot", ttl > 0 ? ttl : config.timers.discovery, renew_snapshot);
    worker_timer.every("discovery", config.timers.discovery, discover);
}

/* Which node takes a request: pure functions over values. */

/** A node as routing sees it. */
export interface Peer {
    readonly node_id: string;
    readonly node_name: string;
    /** Host name or IP literal, without the port. */
    readonly name: string;
    readonly port: number;
    /** `name:port` as the database has it. */
    readonly host: string;
    readonly status: string;
    readonly is_primary: boolean;
    /** Active monitors by effective owner. */
    readonly monitor_count: number;
    /** Value of the header X-Routed-To. */
    readonly routed_to: string;
}

/** Peers in the order in which they get requests. */
export interface Ranking {
    /** Online, fewest monitors first. */
    readonly online: Peer[];
    /** How many at the head of `online` have the same load. */
    readonly ties: number;
    /** The others, the likeliest to answer first. */
    readonly others: Peer[];
    readonly primary: Peer | undefined;
}

/** How a request is routed. Most requests to a node share one: nothing here changes, a new attempt gets a new route. */
export interface Route {
    readonly peer: Peer;
    readonly via: "fixed-node" | "load-balancer";
    /** How many attempts may follow: one for each other node, since one that is not online now may be so by then. */
    readonly alternatives: number;
    /** The cookie of a fixed node is to be cleared. */
    readonly clear_cookie: boolean;
    /** Who has been tried, once the first has failed. */
    readonly tried?: Tried;
}

/** Who has been tried, by node id. */
export type Tried = Record<string, boolean | undefined>;

const LIKELIHOOD: Record<string, number | undefined> = { recovering: 1, draining: 2, offline: 3 };

function fewer_monitors(a: Peer, b: Peer): boolean {
    if (a.monitor_count !== b.monitor_count) {
        return a.monitor_count < b.monitor_count;
    }
    return a.node_id < b.node_id;
}

function likelier(a: Peer, b: Peer): boolean {
    const left = LIKELIHOOD[a.status] ?? 4;
    const right = LIKELIHOOD[b.status] ?? 4;
    return left === right ? a.node_id < b.node_id : left < right;
}

function count_ties(sorted: readonly Peer[]): number {
    let ties = 0;
    for (const peer of sorted) {
        if (peer.monitor_count !== sorted[0]?.monitor_count) {
            break;
        }
        ties += 1;
    }
    return ties;
}

/** A marked one comes before all others, among equals the one with the lowest id: nobody keeps a table from two marks. */
function is_more_primary(a: Peer, b: Peer): boolean {
    return a.is_primary === b.is_primary ? a.node_id < b.node_id : a.is_primary;
}

function find_primary(peers: readonly Peer[]): Peer | undefined {
    let first: Peer | undefined;
    for (const peer of peers) {
        if (first === undefined || is_more_primary(peer, first)) {
            first = peer;
        }
    }
    return first;
}

/** Orders the peers; without a marked primary the lowest id is it. */
export function rank(peers: readonly Peer[]): Ranking {
    const online: Peer[] = [];
    const others: Peer[] = [];
    for (const peer of peers) {
        table.insert(peer.status === "online" ? online : others, peer);
    }
    table.sort(online, fewer_monitors);
    table.sort(others, likelier);
    return { online, ties: count_ties(online), others, primary: find_primary(peers) };
}

/** The route of a request to that peer. */
export function route_to(peer: Peer, ranking: Ranking, via: Route["via"], clear_cookie: boolean): Route {
    return { peer, via, alternatives: ranking.online.length + ranking.others.length - 1, clear_cookie };
}

/** The peer with the fewest monitors; `hash` (any whole number) spreads clients over peers of equal load. */
export function least_loaded(ranking: Ranking, hash: number): Peer | undefined {
    return ranking.ties === 0 ? undefined : ranking.online[hash % ranking.ties];
}

type Question = (this: void, node_id: string) => boolean;

function no_one(): boolean {
    return false;
}

function first_of(peers: readonly Peer[], tried: Tried, is_skipped: Question): Peer | undefined {
    for (const peer of peers) {
        if (tried[peer.node_id] !== true && !is_skipped(peer.node_id)) {
            return peer;
        }
    }
    return undefined;
}

/**
 * The best of those that may serve a request, the nodes online or, when none is, all others, and have not been tried: one
 * that is failing just now only when all of them are.
 */
export function next_peer(ranking: Ranking, tried: Tried, is_failing: Question): Peer | undefined {
    const candidates = ranking.online.length > 0 ? ranking.online : ranking.others;
    return first_of(candidates, tried, is_failing) ?? first_of(candidates, tried, no_one);
}

/**
 * The name of a node in headers: `uptime-kuma-node2` for node2, and for uptime-kuma-node2 too. Without the control
 * characters that could end a header: the table may be somebody else's.
 */
export function routed_name(node_id: string): string {
    const [name] = string.gsub(node_id, "%c", "");
    return string.sub(name, 1, 12) === "uptime-kuma-" ? name : "uptime-kuma-" + name;
}

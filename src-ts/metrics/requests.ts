/*
 * What became of the requests to the nodes. A request costs a few operations on tables of its worker, which adds them to
 * the totals about once a second; the totals are in a shared dict, and so belong to all workers and outlive a reload.
 */
import * as shared_dict from "../lib/shared_dict";
import * as worker_timer from "../lib/worker_timer";
import { BOUNDS, bucket_of } from "./overhead";

/** Classes of the node's answer; `canceled`: the client did not wait for one; `none`: no node gave one. */
export type RequestResult = "1xx" | "2xx" | "3xx" | "4xx" | "5xx" | "canceled" | "none";
export type Via = "load-balancer" | "fixed-node";

export const RESULTS: readonly RequestResult[] = ["1xx", "2xx", "3xx", "4xx", "5xx", "canceled", "none"];
export const VIAS: readonly Via[] = ["load-balancer", "fixed-node"];

export interface NodeTotals {
    readonly results: Record<string, number | undefined>;
    retries: number;
}

export interface RequestTotals {
    /** By node id; "" stands for requests that were handed to no node. */
    readonly nodes: Record<string, NodeTotals | undefined>;
    /** Of all workers, those included that end after a reload. */
    open_sockets: number;
}

type Numbers = Record<number, number | undefined>;

/** Seconds between two additions to the totals. */
const FLUSH_SECONDS = 1;

/** Seconds for which the open sockets of a worker count that was killed; longer than a worker takes to end orderly. */
const SOCKETS_TTL = 60;

/** nginx's status for a client that closed the connection before an answer. */
const CLIENT_CLOSED = 499;

const dict = shared_dict.open("cluster_metrics");

/** Since the last addition: requests by way, node and status. */
const counted: Record<Via, Record<string, Numbers | undefined>> = { "load-balancer": {}, "fixed-node": {} };
/** Since then: requests that a copy has served, by status. */
const copies: Numbers = {};
const buckets: Numbers = {};
for (const index of $range(0, BOUNDS.length)) {
    buckets[index] = 0;
}
let overhead_sum = 0;

let open_sockets = 0;
let is_ending = false;

function result_of(status: number): RequestResult {
    // RESULTS has the classes at the places of their first digits.
    const is_answer = status >= 100 && status < 600 && status !== CLIENT_CLOSED;
    return is_answer ? (RESULTS[math.floor(status / 100) - 1] ?? "none") : "canceled";
}

function add(key: string, value: number | undefined): void {
    if (value !== undefined && value > 0) {
        shared_dict.increment(dict, key, value);
    }
}

function flush_nodes(via: Via): void {
    let total = 0;
    for (const [node_id, statuses] of pairs(counted[via])) {
        for (const [status, count] of pairs(statuses as Numbers)) {
            add(`node:${result_of(status)}:${node_id}`, count);
            total += count as number;
            (statuses as Numbers)[status] = 0;
        }
    }
    add("via:" + via, total);
}

/** Adds what this worker has counted to the totals. */
export function flush(): void {
    for (const via of VIAS) {
        flush_nodes(via);
    }
    for (const [status, count] of pairs(copies)) {
        add(`node:${result_of(status)}:`, count);
        copies[status] = 0;
    }
    for (const index of $range(0, BOUNDS.length)) {
        add(`overhead:${index}`, buckets[index]);
        buckets[index] = 0;
    }
    add("overhead_sum", overhead_sum);
    overhead_sum = 0;
    const key = `sockets:${ngx.worker.pid()}`;
    if (open_sockets > 0) {
        shared_dict.set(dict, key, open_sockets, SOCKETS_TTL);
    } else {
        dict.raw.delete(key);
    }
}

/** Starts the additions of this worker. One that ends serves its last requests after its last round. */
export function start(): void {
    worker_timer.every("metrics", FLUSH_SECONDS, flush, () => {
        is_ending = true;
        flush();
    });
}

/** A request has ended that was handed to this node last; `overhead` in seconds. Free of loops, see routing/selection. */
export function count(node_id: string, via: Via, status: number, overhead: number): void {
    const nodes = counted[via];
    let statuses = nodes[node_id];
    if (statuses === undefined) {
        statuses = {};
        nodes[node_id] = statuses;
    }
    statuses[status] = (statuses[status] ?? 0) + 1;
    const bucket = bucket_of(overhead);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    overhead_sum += overhead;
    if (is_ending) {
        flush();
    }
}

/** A request has ended that a copy of an earlier answer has served: no node had a part in it. */
export function count_copy(status: number): void {
    copies[status] = (copies[status] ?? 0) + 1;
    if (is_ending) {
        flush();
    }
}

/** A request has ended that the load balancer answered itself; `node_id` of who failed it last, "" for nobody. */
export function count_unanswered(node_id: string, status: number): void {
    shared_dict.increment(dict, `node:${status >= 500 ? "none" : result_of(status)}:${node_id}`);
}

/** A request goes to another node since this one has failed it. */
export function count_retry(node_id: string): void {
    shared_dict.increment(dict, "node:retries:" + node_id);
}

/** A WebSocket is asked for: `1` for one that opens, `-1` when it ends. */
export function count_socket(change: 1 | -1): void {
    open_sockets += change;
    if (is_ending) {
        flush();
    }
}

function of_node(nodes: RequestTotals["nodes"], node_id: string): NodeTotals {
    const known = nodes[node_id] ?? { results: {}, retries: 0 };
    nodes[node_id] = known;
    return known;
}

/** The totals of all workers, as of their last additions. */
export function read(): RequestTotals {
    const read_totals: RequestTotals = { nodes: {}, open_sockets: 0 };
    for (const key of dict.raw.get_keys(0)) {
        const value = shared_dict.get_number(dict, key) ?? 0;
        const [kind, node_id] = string.match(key, "^node:(%w+):(.*)$");
        if (kind === "retries") {
            of_node(read_totals.nodes, node_id ?? "").retries = value;
        } else if (kind !== undefined) {
            of_node(read_totals.nodes, node_id ?? "").results[kind] = value;
        } else if (string.sub(key, 1, 8) === "sockets:") {
            read_totals.open_sockets += value;
        }
    }
    return read_totals;
}

/** Requests that were handed to a node this way. */
export function routed(via: Via): number {
    return shared_dict.get_number(dict, "via:" + via) ?? 0;
}

/** The time that was added to requests: how many fell into each bucket of BOUNDS, and the sum in seconds. */
export function overhead(): { counts: number[]; sum: number } {
    const counts: number[] = [];
    for (const index of $range(0, BOUNDS.length)) {
        table.insert(counts, shared_dict.get_number(dict, `overhead:${index}`) ?? 0);
    }
    return { counts, sum: shared_dict.get_number(dict, "overhead_sum") ?? 0 };
}

/**
 * By node, since the load balancer started: requests handed to it last, those of them that it answered by 5xx or not at
 * all, and those that it failed and another node took over.
 */
export function totals(): Record<string, { requests: number; errors: number; retries: number } | undefined> {
    const found: Record<string, { requests: number; errors: number; retries: number } | undefined> = {};
    for (const [node_id, { results, retries }] of pairs(read().nodes as Record<string, NodeTotals>)) {
        let requests = 0;
        for (const result of RESULTS) {
            requests += results[result] ?? 0;
        }
        found[node_id] = { requests, errors: (results["5xx"] ?? 0) + (results.none ?? 0), retries };
    }
    return found;
}

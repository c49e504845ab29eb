/*
 * The cluster's own nodes as probes see them: what a probe is asked to look at, and what its word is worth when this load
 * balancer does not reach a node any more. Pure but for the checksum.
 */
import { aggregate, fresh_for } from "./aggregate";
import type { Ballot, Vote } from "./aggregate";

/** Where a node is: `name:port`, `ip:port` or `[ipv6]:port`. */
export interface NodePlace {
    readonly node_id: string;
    readonly host: string;
}

/** What a probe said last of a node. */
export interface NodeVote {
    readonly node_id: string;
    readonly probe_id: string;
    readonly region: string;
    readonly vote: Vote;
    /** Seconds since it was checked. */
    readonly age: number;
    /** Seconds since the probe last reached the node; nil when it never did. */
    readonly reached_age: number | undefined;
    readonly message: string;
}

/** The ids of these checks begin above all that fit into an INT UNSIGNED, where those of users' checks are. */
const FIRST_ID = 2 ** 32;

/** Seconds between two looks of a probe, and of one that does not reach the node: maybe it has no way there. */
const INTERVAL = 3;
const DISTANT_INTERVAL = 60;
/** So many nodes are looked at in an interval; with more of them it grows, so that users' checks keep their place. */
const NODES_PER_INTERVAL = 50;
const TIMEOUT_MS = 2000;

/** Seconds for which a probe that has reached a node has a say about it: one that has no way there knows nothing. */
export const WAY_KNOWN_FOR = 3600;

/** The id under which probes check a node: the same at each load balancer, and kept by nobody. */
export function check_id_of(node_id: string): number {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = string.byte(ngx.sha1_bin(node_id), 1, 5);
    return FIRST_ID + (((a * 256 + b) * 256 + c) * 256 + d) * 256 + e;
}

/** Changes with the place of a node. */
export function revision_of(host: string): string {
    return string.format("%08x", ngx.crc32_short(host));
}

function interval_of(nodes: number, is_distant: boolean): number {
    return (is_distant ? DISTANT_INTERVAL : INTERVAL) * math.max(1, math.ceil(nodes / NODES_PER_INTERVAL));
}

/** Seconds for which a vote counts when there are so many nodes. */
export function freshness(nodes: number): number {
    return fresh_for(interval_of(nodes, false), TIMEOUT_MS);
}

/** What a probe has to check; `distant` has the nodes that it does not reach. */
export function assignments_for(
    nodes: readonly NodePlace[],
    distant: Readonly<Record<string, boolean | undefined>>,
): Assignment[] {
    const assignments: Assignment[] = [];
    for (const { node_id, host } of nodes) {
        table.insert(assignments, {
            id: check_id_of(node_id),
            kind: "http",
            // Another node behind the address would answer as well.
            target: { url: `http://${host}/api/v1/health`, keyword: `"node_id":"${node_id}"` },
            interval: interval_of(nodes.length, distant[node_id] === true),
            timeout_ms: TIMEOUT_MS,
            revision: revision_of(host),
        });
    }
    return assignments;
}

/** True while what the probe said of the node counts. */
export function counts({ vote, age, reached_age }: NodeVote, fresh: number): boolean {
    return vote !== "abstain" && math.abs(age) <= fresh && reached_age !== undefined && reached_age <= WAY_KNOWN_FOR;
}

/**
 * Why a node that this load balancer, `own_id`, does not reach is not dead, as a sentence; nil when the strategy says that
 * it is. `votes` are those that count; the load balancer has one as each probe has.
 */
export function why_alive(own_id: string, votes: readonly NodeVote[], strategy: Strategy): string | undefined {
    const ballots: Ballot[] = [
        { probe_id: own_id, region: "", vote: "down", age: 0, ping_ms: undefined, message: "not reached" },
    ];
    const reached_by: string[] = [];
    for (const { probe_id, region, vote, message } of votes) {
        table.insert(ballots, { probe_id, region, vote, age: 0, ping_ms: undefined, message });
        if (vote === "up") {
            table.insert(reached_by, region === "" ? probe_id : `${probe_id} in ${region}`);
        }
    }
    const { verdict, down, up } = aggregate(ballots, { strategy, quorum: undefined, fresh: 1 });
    if (verdict === "down") {
        return undefined;
    }
    return `not reached from ${down} of ${down + up} places, but by ${table.concat(reached_by, ", ")}: not taken for dead`;
}

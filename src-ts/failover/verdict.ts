/* What the result of a check means for a node: pure functions. The reason is a sentence for log, event and status. */
import type { NodeStatus } from "../lib/states";

/** Results in a row so far. */
export interface Counts {
    readonly successes: number;
    readonly failures: number;
}

export interface Observation {
    readonly ok: boolean;
    /** What was seen, as a fragment: "connection refused", "answered". */
    readonly reason: string;
}

export interface Limits {
    /** Failed results in a row that take a node offline. */
    readonly fall: number;
    /** Good results in a row that bring it back. */
    readonly rise: number;
}

export interface Verdict extends Counts {
    readonly status: NodeStatus;
    readonly reason: string;
}

function after_success(status: NodeStatus, successes: number, limits: Limits): Verdict {
    if (status === "offline") {
        return { status: "recovering", successes: 1, failures: 0, reason: "the node answers again" };
    }
    if (status === "recovering" && successes >= limits.rise) {
        return { status: "online", successes, failures: 0, reason: `${successes} good checks in a row` };
    }
    return { status, successes, failures: 0, reason: "the node answers" };
}

function after_failure(status: NodeStatus, failures: number, limits: Limits, cause: string): Verdict {
    if (status === "recovering") {
        return { status: "offline", successes: 0, failures, reason: `a check failed during recovery: ${cause}` };
    }
    if (status !== "offline" && failures >= limits.fall) {
        return { status: "offline", successes: 0, failures, reason: `${failures} failed checks in a row: ${cause}` };
    }
    return { status, successes: 0, failures, reason: `check ${failures} of ${limits.fall} failed: ${cause}` };
}

/** The state of a node after one more result. */
export function judge(status: NodeStatus, counts: Counts, seen: Observation, limits: Limits): Verdict {
    if (seen.ok) {
        return after_success(status, counts.successes + 1, limits);
    }
    return after_failure(status, counts.failures + 1, limits, seen.reason);
}

/** Where an operator's wish leads: a drained node drains in place of being online. nil when nothing changes. */
export function follow_wish(
    status: NodeStatus,
    is_drained: boolean,
): { status: NodeStatus; reason: string } | undefined {
    if (status === "online" && is_drained) {
        return { status: "draining", reason: "an operator drains the node" };
    }
    if (status === "draining" && !is_drained) {
        return { status: "online", reason: "an operator says that the node is ready" };
    }
    return undefined;
}

/** A node in doubt is checked at the fast interval; a steady online one is not. */
export function is_in_doubt(status: NodeStatus, failures: number): boolean {
    return failures > 0 || status === "recovering" || status === "offline";
}

/** Seconds for which a node that has fallen once again is held back, and the most of them. */
const FIRST_HOLD = 10;
const LONGEST_HOLD = 300;

/**
 * How long a node stays `recovering` at least, in seconds, by how often it fell lately: not at all the first time, then
 * 10 s, doubled with each relapse, up to 5 minutes.
 */
export function hold_seconds(falls: number): number {
    return falls < 2 ? 0 : math.min(FIRST_HOLD * math.pow(2, falls - 2), LONGEST_HOLD);
}

/** A node as the partition rule sees it. */
export interface Sighting {
    readonly node_id: string;
    readonly status: NodeStatus;
    readonly failures: number;
    /** The node has not written its own heartbeat for so long that it is dead by its own account. */
    readonly silent: boolean;
}

/**
 * Why the failing nodes must not be taken offline now, or nil. Several nodes that fail us at once are more likely a fault
 * between them and us than that many deaths; a node that is silent in the database as well is not counted.
 */
export function partition_reason(sightings: readonly Sighting[]): string | undefined {
    let online = 0;
    let failing = 0;
    for (const sighting of sightings) {
        if (sighting.status === "online" && !sighting.silent) {
            online += 1;
            failing += sighting.failures > 0 ? 1 : 0;
        }
    }
    if (failing === 0 || failing * 2 <= online) {
        return undefined;
    }
    return `${failing} of ${online} online nodes fail at once: taken for a partition, none is taken offline`;
}

/* Whether a node does the work that it has: values in, values out. */

/** How often a monitor that runs here beats. */
export interface Rhythm {
    readonly type: string;
    readonly intervalSeconds: number;
    readonly retryIntervalSeconds: number;
    /** Of one check; 0 leaves it to Kuma. */
    readonly timeoutSeconds: number;
}

/** A monitor that this node has to run. */
export interface Duty {
    /** For how long it has not been running here, in milliseconds; 0 when it runs. */
    readonly missingMs: number;
    /** Since its last stored beat, or since this node has it when that is later, in milliseconds. */
    readonly quietMs: number;
    /** Nothing while it does not run here. */
    readonly rhythm: Rhythm | undefined;
}

export interface Work {
    readonly missing: number;
    readonly overdue: number;
    /** Why the node is not well although it answers. */
    readonly problem?: { readonly status: "not_running" | "overdue"; readonly reason: string };
}

const START_GRACE_MS = 60_000;
const BEAT_SLACK_MS = 30_000;
/** More time for each monitor of the node: many that start together are in each other's way. */
const CROWD_MS = 50;
/** Kuma's share of the interval for one check, and what the slowest types of check take whatever it is. */
const TIMEOUT_SHARE = 0.8;
const LEAST_TIMEOUT_S = 30;
/** One monitor alone says nothing of its node: it may be one that no node can run. */
const LEAST = 2;

/** How long a monitor may be without a beat, in milliseconds, before it is overdue: two intervals and the longest check. */
export function patienceMs(rhythm: Rhythm, crowd: number): number {
    const { intervalSeconds, retryIntervalSeconds, timeoutSeconds } = rhythm;
    const interval = Math.max(intervalSeconds, retryIntervalSeconds, 1);
    const timeout = timeoutSeconds > 0 ? timeoutSeconds : TIMEOUT_SHARE * interval;
    return (2 * interval + Math.max(timeout, LEAST_TIMEOUT_S)) * 1000 + BEAT_SLACK_MS + CROWD_MS * crowd;
}

/**
 * What the node neglects of its monitors. It is a problem when it is more than half of them: then the fault is the
 * node's and not a monitor's.
 */
export function judgeWork(duties: readonly Duty[]): Work {
    const crowd = duties.length;
    const missing = duties.filter(({ missingMs }) => missingMs > START_GRACE_MS + CROWD_MS * crowd).length;
    // A push monitor beats when it is pushed.
    const beating = duties.flatMap(({ rhythm, quietMs }) =>
        rhythm === undefined || rhythm.type === "push" ? [] : [quietMs > patienceMs(rhythm, crowd)],
    );
    const overdue = beating.filter(Boolean).length;
    const neglected = missing + overdue;
    const total = missing + beating.length;
    if (neglected < LEAST || neglected * 2 <= total) return { missing, overdue };
    const problem =
        missing >= overdue
            ? ({ status: "not_running", reason: `${missing} of ${crowd} monitors of this node do not run` } as const)
            : ({ status: "overdue", reason: `${overdue} of ${total} monitors of this node do not beat` } as const);
    return { missing, overdue, problem };
}

/** The last beat that is stored of a monitor. */
export interface LastBeat {
    /** When it was, as stored: only to tell one beat from another. */
    readonly time: string;
    readonly status: number;
    readonly ageMs: number;
    /** In milliseconds, null when nothing answered. */
    readonly ping: number | null;
}

/** Kuma's number for a monitor that failed and is tried again before it counts as down. */
const PENDING = 2;

export interface Timing {
    readonly type: string;
    readonly intervalSeconds: number;
    readonly retryIntervalSeconds: number;
    readonly last: LastBeat | undefined;
    /** Monitors that start together, of which each overdue one gets its share of the time. */
    readonly together: number;
    readonly perSecond: number;
    /** From 0 up to 1. */
    readonly random: number;
}

/** How long after its last beat the next one of a monitor is due, in milliseconds. */
export function currentIntervalMs(timing: Timing): number {
    const retries = timing.last?.status === PENDING && timing.retryIntervalSeconds > 0;
    return Math.max(1, retries ? timing.retryIntervalSeconds : timing.intervalSeconds) * 1000;
}

/**
 * How long to wait, in milliseconds, before a monitor of another node starts here, so that its beats keep their rhythm:
 * until its next beat is due; overdue ones are spread so that a target is not hit by all of them in one moment.
 */
export function startDelayMs(timing: Timing): number {
    // Kuma waits a whole interval by itself before it misses the first push.
    if (timing.type === "push") return 0;
    const intervalMs = currentIntervalMs(timing);
    const dueMs = timing.last === undefined ? 0 : intervalMs - timing.last.ageMs;
    if (dueMs > 0) return Math.min(dueMs, intervalMs);
    const spreadMs = Math.min(intervalMs / 2, (timing.together / timing.perSecond) * 1000);
    return timing.random * spreadMs;
}

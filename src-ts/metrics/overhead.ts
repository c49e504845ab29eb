/* Where the time that the load balancer added to a request belongs in its histogram. */

/** Upper bounds of the buckets in seconds; above them is one more. */
export const BOUNDS: readonly number[] = [
    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10,
];

/** Seconds of a step of the table for short times: all bounds up to the longest of it are whole steps. */
const STEP = 0.000005;
const STEPS = 50;

function search(seconds: number): number {
    for (const index of $range(0, BOUNDS.length - 1)) {
        if (seconds <= (BOUNDS[index] ?? 0)) {
            return index;
        }
    }
    return BOUNDS.length;
}

/** The bucket of a short time by its whole steps, for nearly every request is one: see routing/selection on loops. */
const BUCKETS: Record<number, number | undefined> = {};
for (const step of $range(0, STEPS)) {
    BUCKETS[step] = search((step - 0.5) * STEP);
}

/** The index in BOUNDS of the bucket that the time falls into; the number of bounds when it is above all of them. */
export function bucket_of(seconds: number): number {
    return BUCKETS[math.ceil(seconds / STEP)] ?? search(seconds);
}

/**
 * Seconds that a request lost with the nodes before the one that answered it.
 * @param times nginx's $upstream_response_time: "3.002, 0.012", "-" for an attempt that came to nothing
 */
export function lost_in_attempts(times: string): number {
    let lost = 0;
    let latest = 0;
    for (const [one] of string.gmatch(times, "[^%s,:]+")) {
        lost += latest;
        latest = tonumber(one) ?? 0;
    }
    return lost;
}

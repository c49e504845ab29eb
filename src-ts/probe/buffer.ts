/*
 * Results that the leader has not got yet, oldest first, up to LIMIT of them. Their numbers go on for as long as nginx
 * runs, whichever session they are sent in. Several workers may add at the same time, while one takes over from another.
 */
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import { memory } from "./state";

/** A result as it is kept. */
interface Kept {
    readonly check_id: number;
    readonly status: ProbeResult["status"];
    /** By clock.monotonic(): when the check ended. */
    readonly at: number;
    readonly ping_ms?: number | undefined;
    readonly message: string;
    readonly revision?: string | undefined;
}

export const LIMIT = 10000;

/** Oldest results that are dropped at once when there is no memory for a new one. */
const DROP_STEP = 20;

function number_of(key: string): number {
    return shared_dict.get_number(memory(), key) ?? 0;
}

function key_of(seq: number): string {
    return `result:${string.format("%d", seq)}`;
}

/** Numbers never go back, though another worker may have been faster. */
function raise(key: string, value: number): void {
    if (number_of(key) < value) {
        shared_dict.set_safely(memory(), key, value);
    }
}

/** Forgets the results up to this number. */
export function drop_through(seq: number): void {
    for (const number of $range(number_of("sent") + 1, seq)) {
        memory().raw.delete(key_of(number));
    }
    raise("sent", seq);
}

function drop_oldest(count: number): void {
    if (shared_dict.increment(memory(), "dropped", count) === count) {
        logger.error("PROBE", "%d results wait for the leader: from now on the oldest are dropped", LIMIT);
    }
    drop_through(number_of("sent") + count);
}

/** How many wait. */
export function count(): number {
    return number_of("last") - number_of("sent");
}

/** Keeps a result; when there are too many, or is no memory, the oldest go. */
export function append(result: Kept): void {
    const text = json.encode(result);
    let seq = number_of("last") + 1;
    for (;;) {
        const [added, err] = memory().raw.safe_add(key_of(seq), text);
        if (added === true) {
            break;
        }
        if (err === "exists") {
            seq += 1;
        } else if (count() > 0) {
            drop_oldest(math.min(DROP_STEP, count()));
        } else {
            logger.error("PROBE", "cannot keep a result: %s", err);
            return;
        }
    }
    raise("last", seq);
    if (count() > LIMIT) {
        drop_oldest(count() - LIMIT);
    }
}

/** The oldest results, `most` at most, with their ages as of now. */
export function peek(most: number): ProbeResult[] {
    const results: ProbeResult[] = [];
    const now = clock.monotonic();
    const last = number_of("last");
    let seq = number_of("sent") + 1;
    while (seq <= last && results.length < most) {
        const [kept] = json.decode<Kept>(shared_dict.get_text(memory(), key_of(seq)) ?? "");
        if (kept !== undefined) {
            const { check_id, status, at, ping_ms, message, revision } = kept;
            const age_ms = math.max(0, math.floor((now - at) * 1000));
            table.insert(results, { seq, check_id, status, age_ms, message, ping_ms, revision } as ProbeResult);
        }
        seq += 1;
    }
    if (count() === 0 || results.length > 0) {
        return results;
    }
    // None of them is there any more, which only a full memory or another's hand can do.
    drop_through(last);
    return results;
}

/** Called when all was sent: the next loss is told anew. */
export function note_empty(): void {
    const dropped = number_of("dropped");
    if (dropped > 0) {
        logger.warn("PROBE", "the leader has all results again, but for %d that were dropped", dropped);
        shared_dict.set_safely(memory(), "dropped", 0);
    }
}

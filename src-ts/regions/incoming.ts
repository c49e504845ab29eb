/* The results that a probe sends, looked at one by one: pure functions. */
import { is_line, is_list, is_one_of, is_text, is_whole, read_fields } from "../lib/fields";
import type { FieldRule } from "../lib/fields";
import { shorten } from "../lib/text";
import type { StoredResult } from "../store/votes";

export const RESULTS_MAX = 500;
const LARGEST_SEQ = 9007199254740991;
const LARGEST_ID = 4294967295;
/** A day: what a probe kept for longer is of no use. */
const OLDEST_MS = 86400000;
const LONGEST_MESSAGE = 300;

const RULES: readonly FieldRule[] = [
    { name: "seq", verify: is_whole(1, LARGEST_SEQ), allowed: "a whole number from 1", required: true },
    { name: "check_id", verify: is_whole(1, LARGEST_ID), allowed: "the id of a check", required: true },
    {
        name: "status",
        verify: is_one_of({ up: true, down: true, abstain: true }),
        allowed: "up, down or abstain",
        required: true,
    },
    {
        name: "age_ms",
        verify: is_whole(0, OLDEST_MS * 365),
        allowed: "a whole number from 0: nothing is checked in the future",
        required: true,
    },
    { name: "ping_ms", verify: (value) => typeof value === "number" && value >= 0 && value < 1e9, allowed: "a number" },
    { name: "message", verify: is_line(10000), allowed: "a text without control characters", required: true },
    { name: "revision", verify: is_text(64), allowed: "that of the assignment" },
];

export interface Sorted {
    readonly results: StoredResult[];
    /** The number of the newest. */
    readonly last_seq: number;
    readonly ignored: number;
}

function to_stored(result: ProbeResult): StoredResult {
    return {
        check_id: result.check_id,
        status: result.status,
        age_ms: result.age_ms,
        ping_ms: result.ping_ms === undefined ? undefined : math.floor(result.ping_ms + 0.5),
        message: shorten(result.message, LONGEST_MESSAGE),
    };
}

/** One result that was sent, or nil and what is wrong with it. */
function read_result(item: unknown): Result<ProbeResult> {
    if (typeof item !== "object" || item === ngx.null) {
        return $multi(undefined, "each result must be an object");
    }
    const [fields, err] = read_fields(item as Record<string, unknown>, RULES, "results: ");
    if (fields === undefined) {
        return $multi(undefined, err);
    }
    return $multi(fields as unknown as ProbeResult);
}

/** Those that are new, of a check as it is now, and not too old; or nil and what is wrong with the list, as a sentence. */
export function sort_results(
    given: unknown,
    seen_seq: number,
    is_wanted: (this: void, check_id: number, revision: string | undefined) => boolean,
): Result<Sorted> {
    if (!is_list(given) || (given as unknown[]).length > RESULTS_MAX) {
        return $multi(undefined, `results must be a list of at most ${RESULTS_MAX}`);
    }
    const results: StoredResult[] = [];
    let last_seq = seen_seq;
    let ignored = 0;
    for (const item of given as unknown[]) {
        const [result, err] = read_result(item);
        if (result === undefined) {
            return $multi(undefined, err);
        }
        const { seq, age_ms, check_id, revision } = result;
        if (seq <= last_seq || age_ms > OLDEST_MS || !is_wanted(check_id, revision)) {
            ignored += 1;
        } else {
            table.insert(results, to_stored(result));
        }
        last_seq = math.max(last_seq, seq);
    }
    return $multi({ results, last_seq, ignored });
}

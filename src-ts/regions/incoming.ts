/* The results that a probe sends, looked at one by one: pure functions. */
import { is_list, is_one_of, is_text, is_whole, read_fields } from "../lib/fields";
import type { FieldRule } from "../lib/fields";
import { one_line, shorten } from "../lib/text";
import type { StoredNodeResult } from "../store/node_votes";
import type { StoredResult } from "../store/votes";

export const RESULTS_MAX = 500;
const LARGEST_SEQ = 9007199254740991;
const LARGEST_ID = 9007199254740991;
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
    { name: "message", verify: is_text(10000), allowed: "a text of up to 10000 bytes", required: true },
    { name: "revision", verify: is_text(64), allowed: "that of the assignment" },
];

/** What a result may be about, by the id of the check. */
export interface Subject {
    /** What was checked before it was changed is something else. */
    readonly revision: string;
    /** Of a check of one of the cluster's own nodes. */
    readonly node_id?: string;
}

export type Subjects = Record<number, Subject | undefined>;

export interface Sorted {
    readonly results: StoredResult[];
    readonly of_nodes: StoredNodeResult[];
    /** The number of the newest. */
    last_seq: number;
    ignored: number;
}

function to_stored(result: ProbeResult): StoredResult {
    return {
        check_id: result.check_id,
        status: result.status,
        age_ms: result.age_ms,
        ping_ms: result.ping_ms === undefined ? undefined : math.floor(result.ping_ms + 0.5),
        message: shorten(one_line(result.message), LONGEST_MESSAGE),
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

/** Puts a result where it belongs; false when it is about nothing that is checked now. */
function place(result: ProbeResult, subjects: Subjects, { results, of_nodes }: Sorted): boolean {
    const subject = subjects[result.check_id];
    if (subject === undefined || (result.revision ?? subject.revision) !== subject.revision) {
        return false;
    }
    const stored = to_stored(result);
    if (subject.node_id === undefined) {
        table.insert(results, stored);
    } else {
        const { status, age_ms, message } = stored;
        table.insert(of_nodes, { node_id: subject.node_id, status, age_ms, message });
    }
    return true;
}

/** Those that are new, of a check as it is now, and not too old; or nil and what is wrong with the list, as a sentence. */
export function sort_results(given: unknown, seen_seq: number, subjects: Subjects): Result<Sorted> {
    if (!is_list(given) || (given as unknown[]).length > RESULTS_MAX) {
        return $multi(undefined, `results must be a list of at most ${RESULTS_MAX}`);
    }
    const sorted: Sorted = { results: [], of_nodes: [], last_seq: seen_seq, ignored: 0 };
    for (const item of given as unknown[]) {
        const [result, err] = read_result(item);
        if (result === undefined) {
            return $multi(undefined, err);
        }
        const is_new = result.seq > sorted.last_seq && result.age_ms <= OLDEST_MS;
        sorted.ignored += is_new && place(result, subjects, sorted) ? 0 : 1;
        sorted.last_seq = math.max(sorted.last_seq, result.seq);
    }
    return $multi(sorted);
}

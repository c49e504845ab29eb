/* What the health check knows of each node, shared by the workers and kept across a reload. */
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import * as shared_dict from "../lib/shared_dict";

export interface HealthRecord {
    node_id: string;
    /** The epoch in which this load balancer counted what follows. */
    epoch?: number | undefined;
    successes: number;
    failures: number;
    /** Unix times in seconds; 0 for never. */
    last_check: number;
    last_success: number;
    last_failure: number;
    next_check: number;
    /** Totals since the load balancer started. */
    checks: number;
    failed_checks: number;
    last_error?: string;
    /** The last check was answered well, whatever else speaks against the node. */
    answers?: boolean;
    /** How long the last answer took. */
    latency_ms?: number;
}

const dict = shared_dict.open("health_checker");

/** What this worker has read, by node id: most records stay as they are from one round to the next. */
const known: Record<string, { text: string; record: HealthRecord } | undefined> = {};

function decode(node_id: string, text: string): HealthRecord | undefined {
    const before = known[node_id];
    if (before !== undefined && before.text === text) {
        return before.record;
    }
    const [record] = json.decode<HealthRecord>(text);
    known[node_id] = record === undefined ? undefined : { text, record };
    return record;
}

/**
 * The record of a node; an empty one, due at once, for a node never checked. Who changes it puts it back: others may get
 * the same table until then.
 */
export function get(node_id: string): HealthRecord {
    const text = shared_dict.get_text(dict, "record:" + node_id);
    const record = text === undefined ? undefined : decode(node_id, text);
    if (record !== undefined) {
        return record;
    }
    known[node_id] = undefined;
    return {
        node_id,
        successes: 0,
        failures: 0,
        last_check: 0,
        last_success: 0,
        last_failure: 0,
        next_check: 0,
        checks: 0,
        failed_checks: 0,
    };
}

/** The record without what was counted in a row. */
export function without_counts(record: HealthRecord): HealthRecord {
    const copy = {} as Record<string, unknown>;
    for (const [key, value] of pairs(record as unknown as Record<string, unknown>)) {
        copy[key] = value;
    }
    copy.successes = 0;
    copy.failures = 0;
    return copy as unknown as HealthRecord;
}

/** Keeps the record. */
export function put(record: HealthRecord): void {
    shared_dict.set(dict, "record:" + record.node_id, json.encode(record));
}

/** Counters of the health check, by name. */
export function count(name: string, by = 1): void {
    shared_dict.increment(dict, "count:" + name, by);
}

/** Value of a counter. */
export function counter(name: string): number {
    return shared_dict.get_number(dict, "count:" + name) ?? 0;
}

/** True once in `seconds` among all workers. */
export function due(name: string, seconds: number): boolean {
    return shared_dict.take(dict, "due:" + name, true, seconds);
}

/** Seconds for which a reason to hold a node is known: longer than a check that is given up lasts. */
const HOLD_TTL = 4;

/** Notes why a node keeps its status in spite of its checks; to be said again as long as it is so. */
export function hold(node_id: string, sentence: string): void {
    shared_dict.set(dict, "held:" + node_id, sentence, HOLD_TTL);
}

/** Forgets that a node was held: its status has changed. */
export function let_go(node_id: string): void {
    dict.raw.delete("held:" + node_id);
}

/** Why a node keeps its status in spite of its checks, as a sentence; nil when it does not. */
export function why_held(node_id: string): string | undefined {
    return shared_dict.get_text(dict, "held:" + node_id);
}

/** Keeps what the last round came to, as a sentence. */
export function note_round(sentence: string, took_ms: number): boolean {
    const changed = shared_dict.get_text(dict, "round:sentence") !== sentence;
    shared_dict.set(dict, "round:sentence", sentence);
    shared_dict.set(dict, "round:at", clock.now());
    shared_dict.set(dict, "round:took_ms", took_ms);
    return changed;
}

/** The last round: its sentence, when it ended (Unix time) and how long it took. */
export function last_round(): { sentence: string; at: number; took_ms: number } {
    return {
        sentence: shared_dict.get_text(dict, "round:sentence") ?? "no round yet",
        at: shared_dict.get_number(dict, "round:at") ?? 0,
        took_ms: shared_dict.get_number(dict, "round:took_ms") ?? 0,
    };
}

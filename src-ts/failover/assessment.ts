/* Checks the nodes that are due and says what each result means; changes nothing but the health records. */
import * as config from "../config";
import * as clock from "../lib/clock";
import type { NodeStatus } from "../lib/states";
import type { NodeState } from "../store/nodes";
import * as suspects from "../store/suspects";
import * as lease_holder from "./lease";
import * as node_check from "./node_check";
import type { NodeCheck, NodeTarget } from "./node_check";
import * as records from "./records";
import type { HealthRecord } from "./records";
import { follow_wish, is_in_doubt, judge } from "./verdict";
import type { Observation, Sighting } from "./verdict";

/** A node whose check led to another status. */
export interface Transition {
    readonly node: NodeState;
    readonly to: NodeStatus;
    readonly reason: string;
}

export interface Assessment {
    readonly transitions: Transition[];
    readonly sightings: Sighting[];
}

/** Milliseconds for the check of a node in doubt: a node that hangs must not hold up the round of the others. */
const FAST_TIMEOUT_MS = 2000;

/** The record of a node. What was counted before another one led, or the database was away, says nothing of now. */
function record_of(node_id: string): HealthRecord {
    const record = records.get(node_id);
    const epoch = lease_holder.epoch();
    const { interval, timeout } = config.health_check;
    if (record.epoch !== epoch) {
        record.epoch = epoch;
        record.successes = 0;
        record.failures = 0;
        record.next_check = 0;
    } else if (clock.now() - record.last_check > interval + (2 * timeout) / 1000 + 5) {
        record.successes = 0;
        record.failures = 0;
    }
    return record;
}

/** A node that says itself that it is new, or has come back, is not made to wait for what was planned for it before. */
function is_due(node: NodeState, record: HealthRecord): boolean {
    const now = clock.now();
    const is_waiting = is_in_doubt(node.status, record.failures);
    // The host's clock was set back: what was planned by the old time is void.
    if (now < record.last_check) {
        return true;
    }
    return now >= record.next_check || (is_waiting && now >= record.last_check + config.health_check.fast_interval);
}

/** By node id. */
type Records = Record<string, HealthRecord>;

/** Read once for a round: nobody else writes them meanwhile, and with many nodes it is most of a quiet round's work. */
function records_of(nodes: readonly NodeState[]): Records {
    const found: Records = {};
    for (const { node_id } of nodes) {
        found[node_id] = record_of(node_id);
    }
    return found;
}

function targets(nodes: readonly NodeState[], known: Records, forced: boolean): NodeTarget[] {
    const due: NodeTarget[] = [];
    for (const node of nodes) {
        const record = known[node.node_id] as HealthRecord;
        // A report is kept while a check is under way: that one may have begun before what was reported.
        const running = node_check.is_running(node.node_id);
        const reported = !running && suspects.take(node.node_id);
        if (!running && (forced || reported || is_due(node, record))) {
            const doubtful = reported || is_in_doubt(node.status, record.failures);
            const { timeout } = config.health_check;
            table.insert(due, {
                node_id: node.node_id,
                host: node.host,
                timeout_ms: doubtful ? math.min(timeout, FAST_TIMEOUT_MS) : timeout,
            });
        }
    }
    return due;
}

/** True when the node has not written its heartbeat for too long, although the database was there all the time. */
export function is_silent(node: NodeState, database_age: number): boolean {
    const limit = config.health_check.offline_after;
    return node.seen_age !== undefined && node.seen_age > limit && database_age > limit;
}

function observe(node: NodeState, result: NodeCheck, database_age: number): Observation {
    if (result.ok && is_silent(node, database_age)) {
        return { ok: false, reason: `answers, but its own heartbeat is ${math.floor(node.seen_age ?? 0)} s old` };
    }
    return result;
}

function note(record: HealthRecord, result: NodeCheck, seen: Observation): void {
    const now = clock.now();
    record.checks += 1;
    record.last_check = now;
    record.latency_ms = result.latency_ms;
    records.count("checks");
    if (seen.ok) {
        record.last_success = now;
        return;
    }
    record.failed_checks += 1;
    record.last_failure = now;
    record.last_error = seen.reason;
    records.count("failed_checks");
}

function judge_node(
    node: NodeState,
    record: HealthRecord,
    result: NodeCheck,
    database_age: number,
): Transition | undefined {
    const seen = observe(node, result, database_age);
    record.answers = result.ok;
    note(record, result, seen);
    const verdict = judge(node.status, record, seen, config.health_check);
    record.successes = verdict.successes;
    record.failures = verdict.failures;
    const { interval, fast_interval } = config.health_check;
    // From start to start: what a hanging node makes a check wait is not waited a second time. A little early, so that a
    // tick that comes a moment too soon does not cost a whole further tick.
    record.next_check =
        result.started + (is_in_doubt(verdict.status, verdict.failures) ? fast_interval : interval) - 0.2;
    records.put(record);
    if (seen.ok) {
        suspects.absolve(node.node_id);
    }
    return verdict.status === node.status ? undefined : { node, to: verdict.status, reason: verdict.reason };
}

/** What the check and the operator's wish make of a node's status; nil when it stays. */
function decide(node: NodeState, checked: Transition | undefined): Transition | undefined {
    const wish = follow_wish(checked?.to ?? node.status, node.drained_at !== undefined);
    if (wish === undefined) {
        return checked;
    }
    return wish.status === node.status ? undefined : { node, to: wish.status, reason: wish.reason };
}

/** Checks the nodes that are due, all of them when `forced`. `database_age`: see database_clock. */
export function assess(nodes: readonly NodeState[], forced: boolean, database_age: number): Assessment {
    const known = records_of(nodes);
    node_check.start_all(targets(nodes, known, forced), forced);
    const transitions: Transition[] = [];
    const sightings: Sighting[] = [];
    for (const node of nodes) {
        const record = known[node.node_id] as HealthRecord;
        const result = node_check.collect(node.node_id);
        const checked = result === undefined ? undefined : judge_node(node, record, result, database_age);
        const transition = decide(node, checked);
        if (transition !== undefined) {
            table.insert(transitions, transition);
        }
        table.insert(sightings, {
            node_id: node.node_id,
            status: node.status,
            failures: record.failures,
            // One that answers lives, whatever the database says of its heartbeat: the database's clock may have jumped.
            silent: is_silent(node, database_age) && record.answers !== true,
        });
    }
    return { transitions, sightings };
}

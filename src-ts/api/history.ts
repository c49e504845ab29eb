/* GET handlers that tell what happened and why: a monitor's place, the events, the search for faults. */
import * as cluster_control from "../cluster_control";
import type { Move, Operation } from "../cluster_control";
import * as config from "../config";
import * as health_check from "../health_check";
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import { iso_from_sql, iso_time } from "../lib/time_text";
import * as monitor_router from "../monitor_router";
import { invalid, whole_number } from "./request";
import type { Request } from "./request";
import { database_lost, failure, ok } from "./respond";
import type { Answer } from "./respond";

const LARGEST_ID = 4294967295;
/** JSON is written with 14 digits: a larger `next_since` would not be the number that was given. */
const LARGEST_EVENT_ID = 99999999999999;
const EVENTS_DEFAULT = 100;
const EVENTS_MAX = 1000;

function render_move(move: Move): ExplainedMove {
    return {
        id: move.id,
        operation: move.operation,
        type: move.type,
        reason: move.reason,
        from: move.from_node,
        to: move.to_node,
        epoch: move.epoch,
        state: move.state,
        moved_at: iso_from_sql(move.moved_at) ?? "",
        last_beat: iso_from_sql(move.last_beat),
        first_beat: iso_from_sql(move.first_beat),
        gap_ms: move.gap_ms,
    };
}

/** GET /lb/monitors/{id}/explain */
export function explain({ parameter: id_text }: Request): Answer {
    const id = whole_number(id_text, 1, LARGEST_ID);
    if (id === undefined) {
        return invalid("The id of a monitor", `a whole number from 1 to ${string.format("%d", LARGEST_ID)}`);
    }
    const [monitor, err] = cluster_control.explain_monitor(id);
    if (monitor === undefined) {
        return err === undefined
            ? failure(404, "monitor_not_found", `There is no monitor ${id_text}.`)
            : database_lost(err);
    }
    const { found, rule, sentence, move } = monitor;
    const moves: ExplainedMove[] = [];
    for (const one of monitor.moves) {
        table.insert(moves, render_move(one));
    }
    const body: ExplainBody = {
        monitor_id: id,
        name: found.name,
        active: found.active,
        pinned: found.pinned,
        node_id: found.node_id,
        assigned_node: found.assigned_node,
        owner_node: found.owner_node,
        rule,
        explanation: sentence,
        since: iso_from_sql(move?.moved_at),
        epoch: move?.epoch,
        gap_ms: move?.gap_ms,
        moves: json.list(moves),
    };
    return ok(body);
}

/** GET /lb/events?since=<id>&limit=<count> */
export function events({ query }: Request): Answer {
    const since = whole_number(query.since ?? "0", 0, LARGEST_EVENT_ID);
    if (since === undefined) {
        return invalid("since", "the id of an event");
    }
    const limit = whole_number(query.limit ?? tostring(EVENTS_DEFAULT), 1, EVENTS_MAX);
    if (limit === undefined) {
        return invalid("limit", `a whole number from 1 to ${EVENTS_MAX}`);
    }
    const [list, err] = cluster_control.get_events(since, limit);
    if (list === undefined) {
        return database_lost(err);
    }
    let last = since;
    for (const event of list) {
        event.at = iso_from_sql(event.at) ?? event.at;
        last = event.id;
    }
    const body: EventsBody = { events: json.list(list), next_since: last };
    return ok(body);
}

function suspects(): FaultDetectionBody["suspects"] {
    const list: FaultDetectionBody["suspects"][number][] = [];
    const [status] = monitor_router.get_cluster_status();
    for (const node of status?.nodes ?? []) {
        const record = health_check.get_health_record(node.node_id);
        if (node.status === "offline" || record.failures > 0) {
            table.insert(list, {
                node_id: node.node_id,
                status: node.status,
                consecutive_failures: record.failures,
                reason: record.failures > 0 ? record.last_error : node.status_reason,
                last_check: iso_time(record.last_check),
            });
        }
    }
    return json.list(list);
}

/** What was found wrong, and what is done about it: the open operations, or why they could not be read. */
export function render_fault_detection(
    operations: readonly Operation[] | undefined,
    err: string | undefined,
): FaultDetectionBody {
    const open: FaultDetectionBody["operations"][number][] = [];
    for (const { id, type, node_id, status, moved, planned, waiting, reason } of operations ?? []) {
        table.insert(open, { id, type, node_id, status, moved, total: planned, waiting, reason });
    }
    return {
        timestamp: iso_time(clock.now()) ?? "",
        is_leader: cluster_control.is_leader(),
        scan_interval_seconds: config.timers.fault_scan,
        counters: cluster_control.get_fault_counters(),
        suspects: suspects(),
        operations: json.list(open),
        operations_error: err,
    };
}

/** The same with what the database has of it. */
export function read_fault_detection(): FaultDetectionBody {
    const [operations, err] = cluster_control.get_open_operations();
    return render_fault_detection(operations, err);
}

/** GET /lb/fault-detection-status */
export function fault_detection_status(): Answer {
    return ok(read_fault_detection());
}

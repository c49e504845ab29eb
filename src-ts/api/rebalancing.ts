/* Handlers that even out the nodes: what would be moved, have it moved, how far it is. */
import * as cluster_control from "../cluster_control";
import type { Operation, RebalancingType } from "../cluster_control";
import * as json from "../lib/json";
import { iso_from_sql } from "../lib/time_text";
import { either } from "./dry_run";
import type { Request } from "./request";
import { database_lost, ok } from "./respond";
import type { Answer } from "./respond";

/** Operations that rebalancing-status lists. */
const HISTORY_LENGTH = 20;

function list_moves(type: RebalancingType): Answer {
    const [plan, err] = cluster_control.plan_rebalancing(type);
    if (plan === undefined) {
        return database_lost(err);
    }
    const moves: PlannedMove[] = [];
    for (const { id, from, to } of plan) {
        table.insert(moves, { monitor_id: id, from, to });
    }
    const body: DryRunBody = { dry_run: true, type, total: moves.length, moves: json.list(moves) };
    return ok(body);
}

function ask_for(type: RebalancingType): Answer {
    const [operation, err] = cluster_control.request_rebalancing(type);
    if (operation === undefined) {
        return database_lost(err);
    }
    const body: AcceptedBody = {
        id: operation.id,
        type: operation.type as RebalancingType,
        status: operation.status as AcceptedBody["status"],
        status_url: "/lb/rebalancing-status",
    };
    return { status: 202, body };
}

/** GET and POST /lb/trigger-rebalancing: evens out the nodes with the fewest moves. */
export function trigger_rebalancing(request: Request): Answer {
    return either(
        request,
        () => list_moves("rebalancing"),
        () => ask_for("rebalancing"),
    );
}

/** GET and POST /lb/force-rebalance-all: places every monitor anew. */
export function force_rebalance_all(request: Request): Answer {
    return either(
        request,
        () => list_moves("redistribution"),
        () => ask_for("redistribution"),
    );
}

function render_operation(operation: Operation): RebalancingRun {
    const { id, type, status, actor, reason, moved, late, gap_ms } = operation;
    return {
        id,
        type: type as RebalancingType,
        status,
        actor,
        reason,
        total: operation.planned,
        moved,
        late,
        gap_ms,
        requested_at: iso_from_sql(operation.requested_at) ?? "",
        started_at: iso_from_sql(operation.started_at),
        finished_at: iso_from_sql(operation.finished_at),
    };
}

function progress(run: RebalancingRun): number {
    if (run.status === "done") {
        return 1;
    }
    return run.total === 0 ? 0 : math.min(1, run.moved / run.total);
}

/** The oldest that is open, else the latest; and when one last ended. */
function current(history: readonly RebalancingRun[]): LuaMultiReturn<[run?: RebalancingRun, last_run?: string]> {
    let run = history[0];
    let last_run: string | undefined;
    for (const one of history) {
        if (one.finished_at === undefined) {
            run = one;
        }
        last_run = last_run ?? one.finished_at;
    }
    return $multi(run as RebalancingRun, last_run as string);
}

function render_status(history: readonly RebalancingRun[]): RebalancingStatusBody {
    const [run, last_run] = current(history);
    const body: RebalancingStatusBody = {
        status: "idle",
        progress: 0,
        moved: 0,
        total: 0,
        history: json.list(history),
    };
    if (run !== undefined) {
        body.id = run.id;
        body.type = run.type;
        body.progress = progress(run);
        body.moved = run.moved;
        body.total = run.total;
        body.started_at = run.started_at;
        body.last_run = last_run;
        if (run.status === "requested" || run.status === "running") {
            body.status = run.status;
        }
    }
    return body;
}

/** The rebalancing that is open, else the last one, and those before. */
export function read_rebalancing(): Result<RebalancingStatusBody> {
    const [operations, err] = cluster_control.get_rebalancings(HISTORY_LENGTH);
    if (operations === undefined) {
        return $multi(undefined, err);
    }
    const history: RebalancingRun[] = [];
    for (const operation of operations) {
        table.insert(history, render_operation(operation));
    }
    return $multi(render_status(history));
}

/** GET /lb/rebalancing-status */
export function rebalancing_status(): Answer {
    const [body, err] = read_rebalancing();
    return body === undefined ? database_lost(err) : ok(body);
}

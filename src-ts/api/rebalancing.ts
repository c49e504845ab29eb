/* Handlers around the balance of the nodes: what it is, what would make it better, have it made. */
import * as cluster_control from "../cluster_control";
import type { Operation, RebalancingType } from "../cluster_control";
import * as json from "../lib/json";
import { iso_from_sql } from "../lib/time_text";
import * as monitor_router from "../monitor_router";
import type { ClusterStatus } from "../monitor_router";
import { invalid, parameter } from "./query";
import { database_lost, ok } from "./respond";
import type { Answer } from "./respond";
import { of_cluster } from "./view";

/** Operations that rebalancing-status lists. */
const HISTORY_LENGTH = 20;

const FLAGS: Record<string, boolean | undefined> = { "1": true, true: true, "0": false, false: false };

/** What `dry_run` makes of a request: a list of moves, or the deed. */
function either(list: () => Answer, act: () => Answer): Answer {
    const is_dry_run = FLAGS[parameter("dry_run") ?? "0"];
    if (is_dry_run === undefined) {
        return invalid("dry_run", "1 or 0");
    }
    return is_dry_run ? list() : act();
}

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

function request(type: RebalancingType): Answer {
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
export function trigger_rebalancing(): Answer {
    return either(
        () => list_moves("rebalancing"),
        () => request("rebalancing"),
    );
}

/** GET and POST /lb/force-rebalance-all: places every monitor anew. */
export function force_rebalance_all(): Answer {
    return either(
        () => list_moves("redistribution"),
        () => request("redistribution"),
    );
}

function render_loads(status: ClusterStatus): LoadsBody {
    const nodes: LoadsBody["nodes"][number][] = [];
    for (const { node_id, status: node_status, monitor_count, monitor_total, load } of status.nodes) {
        table.insert(nodes, {
            node_id,
            status: node_status,
            monitor_count,
            monitor_total,
            checks_per_second: math.floor(load * 10000 + 0.5) / 10000,
        });
    }
    return { nodes: json.list(nodes), snapshot_age_seconds: math.floor(status.snapshot_age * 1000) / 1000 };
}

/** GET and POST /lb/update-loads: reads the loads anew; a dry run shows those that routing goes by now. */
export function update_loads(): Answer {
    return either(
        () => of_cluster(render_loads),
        () => {
            const [status, err] = monitor_router.update_loads();
            return status === undefined ? database_lost(err) : ok(render_loads(status));
        },
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

/** GET /lb/rebalancing-status */
export function rebalancing_status(): Answer {
    const [operations, err] = cluster_control.get_rebalancings(HISTORY_LENGTH);
    if (operations === undefined) {
        return database_lost(err);
    }
    const history: RebalancingRun[] = [];
    for (const operation of operations) {
        table.insert(history, render_operation(operation));
    }
    return ok(render_status(history));
}

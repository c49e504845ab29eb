/*
 * Looks after what was moved: a monitor that does not beat at its new node is moved once more, and an operation ends
 * when every monitor that it moved beats, or never will.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import * as group from "../lib/group";
import type { Groups } from "../lib/group";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import { spread } from "../placement/plan";
import type { Placeable } from "../placement/plan";
import * as assignments from "../store/assignments";
import * as moves from "../store/moves";
import type { LateMove } from "../store/moves";
import * as operations from "../store/operations";
import type { Operation } from "../store/operations";
import { carry_out } from "./outcome";
import { count } from "./records";
import { join, targets, tell } from "./round";
import type { Round } from "./round";

/** Looking costs the database two index reads for each monitor that is awaited: it gets ten times as long to rest. */
const REST_FACTOR = 10;
const REST_MIN = 1;

const dict = shared_dict.open("health_checker");

/**
 * Looks which moved monitors beat by now, at most once a second and less often when that takes long. `database_age` is
 * for how many seconds the database has been there: while it is away nobody can beat.
 */
export function look(database_age: number): Result<number> {
    if (dict.raw.get("resting")[0] !== undefined) {
        return $multi(0);
    }
    const started = clock.now();
    const [settled, err] = moves.settle(database_age);
    ngx.update_time();
    // A little less, so that a tick that comes a moment too soon does not cost a whole further tick.
    const rest = math.max(REST_MIN - 0.2, (clock.now() - started) * REST_FACTOR);
    shared_dict.set(dict, "resting", true, rest);
    if (settled === undefined) {
        return $multi(undefined, err);
    }
    return $multi(settled);
}

function correct_node(node_id: string, late: readonly LateMove[], round: Round): Result<number> {
    const candidates = targets(round.nodes, node_id);
    if (candidates.length === 0) {
        return $multi(0);
    }
    const [operation, err] = join(round, "correction", node_id, `no beat since they moved to ${node_id}`, late.length);
    if (operation === undefined) {
        return $multi(undefined, err);
    }
    const monitors: Placeable[] = [];
    for (const { monitor_id, interval } of late) {
        table.insert(monitors, { id: monitor_id, active: true, interval });
    }
    const { shares } = spread(monitors, candidates, config.cluster.monitor_limit_per_node);
    const [moved, move_err] = carry_out(round, operation, shares, () =>
        assignments.move(shares, node_id, operation.id, round.lease),
    );
    if (moved === undefined) {
        return $multi(undefined, move_err);
    }
    if (moved > 0) {
        logger.warn("HEALTH_CHECK", "%d monitors do not beat since they moved to %s", late.length, node_id);
    }
    count("corrections", moved);
    return $multi(moved);
}

/** Moves what is late once more, elsewhere; returns how many. What is late there too stays: the fault is its own. */
export function correct(round: Round): Result<number> {
    if (round.open.length === 0) {
        return $multi(0);
    }
    const [late, err] = moves.late();
    if (late === undefined) {
        return $multi(undefined, err);
    }
    const by_node: Groups<string, LateMove> = {};
    for (const move of late) {
        if (!move.corrected) {
            group.add(by_node, move.to_node, move);
        }
    }
    let moved = 0;
    for (const [node_id, list] of pairs(by_node)) {
        const [corrected, correct_err] = correct_node(node_id, list, round);
        if (corrected === undefined) {
            return $multi(undefined, correct_err);
        }
        moved += corrected;
    }
    return $multi(moved);
}

function finish(operation: Operation, round: Round): Result<true> {
    const [done, err] = operations.finish(operation.id, round.lease);
    if (done === undefined) {
        return $multi(undefined, err);
    }
    if (!done) {
        return $multi(true);
    }
    const [ended] = operations.find(operation.id);
    if (ended !== undefined) {
        const { id, moved, late, gap_ms, reason, started_at, finished_at } = ended;
        const node_id = operation.node_id ?? "";
        tell(round, operation.type + ".done", node_id, {
            operation: id,
            moved,
            late,
            gap_ms,
            reason,
            started_at,
            finished_at,
        });
    }
    return $multi(true);
}

/** Ends the operations that had nothing to do in this round and await no beat. Last in the round. */
export function finish_operations(round: Round): Result<true> {
    for (const operation of round.open) {
        const is_idle = operation.status === "running" && round.busy[operation.id] !== true;
        if (is_idle && operation.waiting === 0) {
            const [, err] = finish(operation, round);
            if (err !== undefined) {
                return $multi(undefined, err);
            }
        }
    }
    return $multi(true);
}

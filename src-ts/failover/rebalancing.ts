/*
 * Evens out the nodes, or places every monitor anew: batch by batch, the next one when the last one beats. Each batch is
 * planned from what is there, so that another leader goes on where this one stopped.
 */
import * as config from "../config";
import * as logger from "../logger";
import { place_anew } from "../placement/anew";
import { imbalance } from "../placement/imbalance";
import { even_out } from "../placement/rebalance";
import type { HomeMove } from "../placement/rebalance";
import * as assignments from "../store/assignments";
import type { Way } from "../store/assignments";
import * as monitors from "../store/monitors";
import type { NodeState } from "../store/nodes";
import * as operations from "../store/operations";
import type { Operation, OperationType } from "../store/operations";
import { note_moves } from "./outcome";
import { due } from "./records";
import { join, targets, tell } from "./round";
import type { Round } from "./round";

export type RebalancingType = "rebalancing" | "redistribution";

/** What comes before a rebalancing. */
const URGENT: Partial<Record<OperationType, boolean>> = { failover: true, recovery: true, drain: true };

/** True of the operations that this module carries out. */
export function is_rebalancing(operation: Operation): boolean {
    return operation.type === "rebalancing" || operation.type === "redistribution";
}

function online_ids(nodes: readonly NodeState[]): string[] {
    const ids: string[] = [];
    for (const target of targets(nodes)) {
        table.insert(ids, target.node_id);
    }
    return ids;
}

/** The moves that are to be made now, `most` at most when nodes are evened out. */
export function plan(type: RebalancingType, nodes: readonly NodeState[], most?: number): Result<HomeMove[]> {
    const [placed, err] = monitors.placed();
    if (placed === undefined) {
        return $multi(undefined, err);
    }
    const limit = config.cluster.monitor_limit_per_node;
    if (type === "redistribution") {
        return $multi(place_anew(online_ids(nodes), placed, limit));
    }
    return $multi(even_out(online_ids(nodes), placed, limit, most));
}

/** Begins an operation when the nodes are far apart and it has been quiet; nil without an error when it is not needed. */
function begin_by_itself(round: Round): LuaMultiReturn<[operation: Operation | undefined, err?: string | undefined]> {
    const { min_diff, factor, quiet_time } = config.rebalance;
    const reason = imbalance(targets(round.nodes), min_diff, factor);
    if (reason === undefined || round.open.length > 0) {
        return $multi(undefined);
    }
    const [quiet, err] = operations.quiet_seconds();
    if (quiet === undefined) {
        return $multi(undefined, err);
    }
    // Weights and pins may leave nothing to do: that is looked at now and then only.
    if (quiet < quiet_time || !due("rebalancing", config.timers.load_update)) {
        return $multi(undefined);
    }
    const [moves, plan_err] = plan("rebalancing", round.nodes);
    if (moves === undefined || moves.length === 0) {
        return $multi(undefined, plan_err);
    }
    return join(round, "rebalancing", undefined, reason, moves.length);
}

function has_to_wait(round: Round): boolean {
    for (const operation of round.open) {
        if (operation.status === "running" && operation.holding > 0 && URGENT[operation.type] === true) {
            return true;
        }
    }
    return targets(round.nodes).length < 2;
}

function start(operation: Operation, planned: number, round: Round): Result<true> {
    const [started, err] = operations.start(operation.id, planned, round.lease);
    if (started === undefined) {
        return $multi(undefined, err);
    }
    if (!started) {
        return $multi(undefined, `cannot start an operation: the lease of epoch ${round.lease.epoch} is over`);
    }
    operation.status = "running";
    operation.planned = planned;
    logger.health_check("%s %d: %d monitors: %s", operation.type, operation.id, planned, operation.reason);
    tell(round, operation.type + ".start", "", { operation: operation.id, planned, reason: operation.reason });
    return $multi(true);
}

/** The moves by where they come from and go to. */
function by_way(moves: readonly HomeMove[]): Way[] {
    const ways: Way[] = [];
    const lists: Record<string, number[] | undefined> = {};
    for (const { id, from, to } of moves) {
        const name = `${from}\0${to}`;
        let ids = lists[name];
        if (ids === undefined) {
            ids = [];
            lists[name] = ids;
            table.insert(ways, { from, node_id: to, ids });
        }
        table.insert(ids, id);
    }
    return ways;
}

function next_batch(operation: Operation, round: Round): Result<number> {
    const { batch } = config.rebalance;
    const is_new = operation.status === "requested";
    const [moves, err] = plan(operation.type as RebalancingType, round.nodes, is_new ? undefined : batch);
    if (moves === undefined) {
        return $multi(undefined, err);
    }
    if (is_new) {
        const [, start_err] = start(operation, moves.length, round);
        if (start_err !== undefined) {
            return $multi(undefined, start_err);
        }
    }
    if (moves.length === 0) {
        return $multi(0);
    }
    round.busy[operation.id] = true;
    const now: HomeMove[] = [];
    for (const index of $range(0, math.min(batch, moves.length) - 1)) {
        table.insert(now, moves[index] as HomeMove);
    }
    const ways = by_way(now);
    const [moved, move_err] = assignments.rehome(ways, operation.id, round.lease);
    if (moved === undefined) {
        return $multi(undefined, move_err);
    }
    return note_moves(round, operation, moved, ways);
}

/** The next step of the oldest rebalancing, or of a new one that is needed; returns how many monitors moved. */
export function rebalance(round: Round): Result<number> {
    let operation: Operation | undefined;
    for (const open of round.open) {
        if (operation === undefined && is_rebalancing(open)) {
            operation = open;
        }
    }
    if (operation === undefined) {
        const [begun, err] = begin_by_itself(round);
        if (err !== undefined) {
            return $multi(undefined, err);
        }
        operation = begun;
    }
    if (operation === undefined) {
        return $multi(0);
    }
    if (has_to_wait(round) || operation.holding > 0) {
        round.busy[operation.id] = true;
        return $multi(0);
    }
    return next_batch(operation, round);
}

/* Moves monitors off a node that cannot run them, and gives homes to those that have none: all at once. */
import * as config from "../config";
import * as states from "../lib/states";
import * as logger from "../logger";
import { spread } from "../placement/plan";
import type { Spread } from "../placement/plan";
import * as assignments from "../store/assignments";
import * as monitors from "../store/monitors";
import type { MonitorRow } from "../store/monitors";
import type { Operation } from "../store/operations";
import { carry_out } from "./outcome";
import { count } from "./records";
import { at_each_node, join, open, running, targets } from "./round";
import type { Round } from "./round";

function warn_over_capacity(plan: Spread): void {
    if (plan.over_capacity > 0) {
        const limit = config.cluster.monitor_limit_per_node;
        logger.warn("CAPACITY", "%d monitors run beyond the limit of %d per node", plan.over_capacity, limit);
    }
}

/** True unless the node fell, once more, after the operation began. Times of the database compare as texts. */
function is_of_this_fall(operation: Operation, round: Round): boolean {
    for (const node of round.nodes) {
        if (node.node_id === operation.node_id && operation.started_at !== undefined) {
            return node.status_since !== undefined && operation.started_at >= node.status_since;
        }
    }
    return true;
}

/** The fail-over that runs, unless it is that of an earlier fall of the node. */
function operation_for(node_id: string, reason: string, planned: number, round: Round): Result<Operation> {
    const present = running(round, "failover", node_id);
    if (present !== undefined && is_of_this_fall(present, round)) {
        return join(round, "failover", node_id, reason, planned);
    }
    return open(round, "failover", node_id, reason, planned);
}

/**
 * Spreads the monitors of a node over the online ones, but for those that are pinned to it. The reason is a sentence.
 * @returns how many moved; 0 as well when no node is online to take them
 */
export function redistribute(node_id: string, reason: string, round: Round): Result<number> {
    const candidates = targets(round.nodes, node_id);
    if (candidates.length === 0) {
        return $multi(0);
    }
    const [movable, err] = monitors.movable_of(node_id);
    if (movable === undefined) {
        return $multi(undefined, err);
    }
    if (movable.length === 0) {
        return $multi(0);
    }
    const [operation, join_err] = operation_for(node_id, reason, movable.length, round);
    if (operation === undefined) {
        return $multi(undefined, join_err);
    }
    const plan = spread(movable, candidates, config.cluster.monitor_limit_per_node);
    const is_first = operation.moved === 0;
    const [moved, move_err] = carry_out(round, operation, plan.shares, () =>
        assignments.move(plan.shares, node_id, operation.id, round.lease),
    );
    if (moved === undefined) {
        return $multi(undefined, move_err);
    }
    warn_over_capacity(plan);
    if (is_first) {
        count("failovers");
    }
    return $multi(moved);
}

/** Moves monitors off all nodes that are offline; returns how many moved. */
export function move_off_dead_nodes(round: Round): Result<number> {
    return at_each_node(round, ({ node_id, status, monitor_total, status_reason }) => {
        if (status !== states.OFFLINE || monitor_total === 0) {
            return $multi(0);
        }
        return redistribute(node_id, status_reason ?? "the node said that it leaves", round);
    });
}

function give_homes(homeless: readonly MonitorRow[], round: Round): Result<number> {
    const [operation, err] = join(round, "adoption", undefined, "they had no node", homeless.length);
    if (operation === undefined) {
        return $multi(undefined, err);
    }
    const plan = spread(homeless, targets(round.nodes), config.cluster.monitor_limit_per_node);
    const [moved, adopt_err] = carry_out(round, operation, plan.shares, () =>
        assignments.adopt(plan.shares, operation.id, round.lease),
    );
    if (moved === undefined) {
        return $multi(undefined, adopt_err);
    }
    warn_over_capacity(plan);
    return $multi(moved);
}

/** The rows without any owner, and the owners of the others, each once. */
function by_owner(rows: readonly MonitorRow[]): LuaMultiReturn<[homeless: MonitorRow[], owners: string[]]> {
    const homeless: MonitorRow[] = [];
    const owners: string[] = [];
    const is_known: Record<string, boolean | undefined> = {};
    for (const row of rows) {
        if (row.owner === undefined) {
            table.insert(homeless, row);
        } else if (is_known[row.owner] === undefined) {
            is_known[row.owner] = true;
            table.insert(owners, row.owner);
        }
    }
    return $multi(homeless, owners);
}

/** Gives a home to monitors without an owner, and an owner to those whose node is no longer registered. */
export function adopt(round: Round): Result<number> {
    const [rows, err] = monitors.without_owner();
    if (rows === undefined) {
        return $multi(undefined, err);
    }
    if (rows.length === 0 || targets(round.nodes).length === 0) {
        return $multi(0);
    }
    const [homeless, lost] = by_owner(rows);
    let adopted = 0;
    if (homeless.length > 0) {
        const [given, give_err] = give_homes(homeless, round);
        if (given === undefined) {
            return $multi(undefined, give_err);
        }
        adopted = given;
    }
    for (const owner of lost) {
        const [moved, move_err] = redistribute(owner, "the node is no longer registered", round);
        if (moved === undefined) {
            return $multi(undefined, move_err);
        }
        adopted += moved;
    }
    return $multi(adopted);
}

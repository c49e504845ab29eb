/* Moves monitors: off a dead node, back home, and to a first home. Each does what is needed now and can be repeated. */
import * as config from "../config";
import * as states from "../lib/states";
import * as logger from "../logger";
import * as apply from "../placement/apply";
import type { Outcome } from "../placement/apply";
import { spread } from "../placement/plan";
import type { Target } from "../placement/plan";
import * as assignments from "../store/assignments";
import * as events from "../store/events";
import type { Lease } from "../store/lease";
import * as monitors from "../store/monitors";
import type { MonitorRow } from "../store/monitors";
import type { NodeRow } from "../store/nodes";
import { count } from "./records";

function targets_among(nodes: readonly NodeRow[]): Target[] {
    const targets: Target[] = [];
    for (const node of nodes) {
        if (node.status === states.ONLINE) {
            table.insert(targets, { node_id: node.node_id, load: node.monitor_count });
        }
    }
    return targets;
}

function record(type: string, node_id: string, outcome: Outcome, reason: string, lease: Lease): void {
    count("moves", outcome.moved);
    logger.health_check("%s: %d monitors of %s moved: %s", type, outcome.moved, node_id, reason);
    const [, err] = events.append(type, node_id, lease.epoch, config.node.id, {
        moved: outcome.moved,
        targets: outcome.targets,
        reason,
    });
    if (err !== undefined) {
        logger.warn("HEALTH_CHECK", "%s", err);
    }
}

/** The next plan of this round must see what this one has placed. */
function add_loads(nodes: readonly NodeRow[], outcome: Outcome): void {
    for (const node of nodes) {
        node.monitor_count += outcome.targets[node.node_id] ?? 0;
    }
}

/**
 * Spreads all monitors of a node over the online ones, but for those that are pinned to it.
 * @returns how many moved; 0 as well when no node is online to take them
 */
export function redistribute(node_id: string, nodes: readonly NodeRow[], reason: string, lease: Lease): Result<number> {
    const targets = targets_among(nodes);
    if (targets.length === 0) {
        return $multi(0);
    }
    const [movable, err] = monitors.movable_of(node_id);
    if (movable === undefined) {
        return $multi(undefined, err);
    }
    if (movable.length === 0) {
        return $multi(0);
    }
    const [outcome, move_err] = apply.move(spread(movable, targets), node_id, lease);
    if (outcome === undefined) {
        return $multi(undefined, move_err);
    }
    add_loads(nodes, outcome);
    record("failover", node_id, outcome, reason, lease);
    count("failovers");
    return $multi(outcome.moved);
}

/** Sends the next REBALANCE_BATCH monitors back to their home; returns how many went. */
export function send_home(node_id: string, lease: Lease): Result<number> {
    const [away, err] = monitors.away_from(node_id, config.rebalance.batch);
    if (away === undefined) {
        return $multi(undefined, err);
    }
    if (away.length === 0) {
        return $multi(0);
    }
    const ids: number[] = [];
    for (const monitor of away) {
        table.insert(ids, monitor.id);
    }
    const [moved, move_err] = assignments.send_home(ids, node_id, lease);
    if (moved === undefined) {
        return $multi(undefined, move_err);
    }
    record("recovery", node_id, { moved, targets: { [node_id]: moved } }, "the home node is online", lease);
    return $multi(moved);
}

function by_owner(rows: readonly MonitorRow[]): LuaMultiReturn<[homeless: MonitorRow[], orphans: MonitorRow[]]> {
    const homeless: MonitorRow[] = [];
    const orphans: MonitorRow[] = [];
    for (const row of rows) {
        table.insert(row.owner === undefined ? homeless : orphans, row);
    }
    return $multi(homeless, orphans);
}

/** Gives a home to monitors without an owner, and an owner to those whose node is no longer registered. */
export function adopt(nodes: readonly NodeRow[], lease: Lease): Result<number> {
    const [rows, err] = monitors.without_owner();
    if (rows === undefined) {
        return $multi(undefined, err);
    }
    const targets = targets_among(nodes);
    if (rows.length === 0 || targets.length === 0) {
        return $multi(0);
    }
    const [homeless, orphans] = by_owner(rows);
    let adopted = 0;
    if (homeless.length > 0) {
        const [outcome, adopt_err] = apply.adopt(spread(homeless, targets), lease);
        if (outcome === undefined) {
            return $multi(undefined, adopt_err);
        }
        record("adoption", "", outcome, "they had no node", lease);
        adopted = outcome.moved;
    }
    const lost: Record<string, boolean | undefined> = {};
    for (const { owner } of orphans) {
        if (owner !== undefined && lost[owner] === undefined) {
            lost[owner] = true;
            const [moved, move_err] = redistribute(owner, nodes, "the node is no longer registered", lease);
            if (moved === undefined) {
                return $multi(undefined, move_err);
            }
            adopted += moved;
        }
    }
    return $multi(adopted);
}

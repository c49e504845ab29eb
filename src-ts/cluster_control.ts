/*
 * What an operator asks of the cluster: rebalancing, drain, and why things are as they are. Works on any load balancer:
 * requests and wishes go into the database, and the one that leads carries them out.
 */
import * as config from "./config";
import * as explanation from "./failover/explanation";
import type { Rule } from "./failover/explanation";
import { forget } from "./failover/forget";
import type { Farewell } from "./failover/forget";
import * as leader_check from "./failover/leader_check";
import type { LeaderCheck } from "./failover/leader_check";
import * as lease_holder from "./failover/lease";
import { is_rebalancing, plan } from "./failover/rebalancing";
import type { RebalancingType } from "./failover/rebalancing";
import * as records from "./failover/records";
import type { HomeMove } from "./placement/rebalance";
import * as events from "./store/events";
import type { ClusterEvent } from "./store/events";
import * as lease_store from "./store/lease";
import type { LeaseState } from "./store/lease";
import * as monitors from "./store/monitors";
import type { Whereabouts } from "./store/monitors";
import * as moves_store from "./store/moves";
import type { Move } from "./store/moves";
import * as node_wishes from "./store/node_wishes";
import * as nodes_store from "./store/nodes";
import type { NodeRow } from "./store/nodes";
import * as operations from "./store/operations";
import type { Operation } from "./store/operations";
import * as schema_version from "./store/schema_version";
import type { AppliedSchema } from "./store/schema_version";

export type { ClusterEvent } from "./store/events";
export type { LeaseState } from "./store/lease";
export type { Move } from "./store/moves";
export type { Operation } from "./store/operations";
export type { RebalancingType } from "./failover/rebalancing";

/** Moves that an explanation lists. */
const MOVES_SHOWN = 10;

function find_node(node_id: string): LuaMultiReturn<[node: NodeRow | undefined, err?: string | undefined]> {
    const [nodes, err] = nodes_store.list();
    for (const node of nodes ?? []) {
        if (node.node_id === node_id) {
            return $multi(node);
        }
    }
    return $multi(undefined, err);
}

/** The moves that a rebalancing would make now; changes nothing. */
export function plan_rebalancing(type: RebalancingType): Result<HomeMove[]> {
    const [nodes, err] = nodes_store.list();
    if (nodes === undefined) {
        return $multi(undefined, err);
    }
    return plan(type, nodes);
}

/** Asks for a rebalancing; returns it, or the one that is open already. */
export function request_rebalancing(type: RebalancingType): Result<Operation> {
    const [open, err] = operations.open();
    if (open === undefined) {
        return $multi(undefined, err);
    }
    for (const operation of open) {
        if (is_rebalancing(operation)) {
            return $multi(operation);
        }
    }
    const [id, request_err] = operations.request(type, config.node.id, "an operator asked for it");
    if (id === undefined) {
        return $multi(undefined, request_err);
    }
    const [operation, find_err] = operations.find(id);
    if (operation === undefined) {
        return $multi(undefined, find_err ?? `operation ${id} is gone`);
    }
    return $multi(operation);
}

/** The latest rebalancings, open ones too, newest first. */
export function get_rebalancings(limit: number): Result<Operation[]> {
    return operations.latest(["rebalancing", "redistribution"], limit);
}

/** Everything that was requested or runs, of any type, oldest first. */
export function get_open_operations(): Result<Operation[]> {
    return operations.open();
}

/**
 * Has a node emptied, or takes that back.
 * @returns the node as it is then and whether the wish was noted: the last online node cannot be drained; nil without an
 *   error for an unknown node
 */
export function set_drained(
    node_id: string,
    drained: boolean,
): LuaMultiReturn<[node: NodeRow | undefined, err?: string | undefined, is_refused?: boolean]> {
    const [, err] = drained ? node_wishes.drain(node_id) : node_wishes.undrain(node_id);
    if (err !== undefined) {
        return $multi(undefined, err);
    }
    const [node, find_err] = find_node(node_id);
    if (node === undefined) {
        return $multi(undefined, find_err);
    }
    return $multi(node, undefined, drained && node.drained_at === undefined);
}

/**
 * Takes an offline node out of the cluster; its monitors are at home where they run.
 * @returns what came of it, nil without an error for an unknown node
 */
export function forget_node(
    node_id: string,
): LuaMultiReturn<[farewell: Farewell | undefined, err?: string | undefined]> {
    const [node, err] = find_node(node_id);
    if (node === undefined) {
        return $multi(undefined, err);
    }
    return forget(node, "an operator asked for it");
}

/** Where a monitor is and why, with its latest moves, newest first. */
export interface ExplainedMonitor {
    readonly found: Whereabouts;
    readonly rule: Rule;
    readonly sentence: string;
    readonly move: Move | undefined;
    readonly moves: Move[];
}

/** Why a monitor is where it is; nil without an error when there is none of this id. */
export function explain_monitor(
    monitor_id: number,
): LuaMultiReturn<[monitor: ExplainedMonitor | undefined, err?: string | undefined]> {
    const [found, err] = monitors.whereabouts(monitor_id);
    if (found === undefined) {
        return $multi(undefined, err);
    }
    const [moves, moves_err] = moves_store.of_monitor(monitor_id, MOVES_SHOWN);
    if (moves === undefined) {
        return $multi(undefined, moves_err);
    }
    const [owner, node_err] = find_node(found.owner_node ?? "");
    if (node_err !== undefined) {
        return $multi(undefined, node_err);
    }
    const { rule, sentence, move } = explanation.explain(found, owner?.status, moves[0]);
    return $multi({ found, rule, sentence, move, moves });
}

/** What happened after the event of that id, oldest first. */
export function get_events(since: number, limit: number): Result<ClusterEvent[]> {
    return events.after(since, limit);
}

/** Counters of what was found wrong and moved, since this load balancer started. Touches no database. */
export function get_fault_counters(): Record<string, number> {
    const counters: Record<string, number> = {};
    for (const name of ["rounds", "checks", "failed_checks", "partitions", "failovers", "corrections"]) {
        counters[name] = records.counter(name);
    }
    counters.monitors_moved = records.counter("moves");
    return counters;
}

/** Who leads the control plane, as the database has it. */
export function get_lease(): Result<LeaseState> {
    return lease_store.read();
}

/** The newest schema of the cluster's tables that was applied. */
export function get_schema(): Result<AppliedSchema> {
    return schema_version.newest();
}

/** True when this load balancer leads the control plane. */
export function is_leader(): boolean {
    return lease_holder.epoch() !== undefined;
}

/** True while this load balancer leads or could. Touches no database. */
export function can_lead(): boolean {
    return lease_holder.can_lead();
}

/** What this load balancer, a follower, knows of its leader. */
export function get_leader_check(): LeaderCheck {
    return leader_check.result();
}

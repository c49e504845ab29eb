/*
 * Health of the nodes and what follows from it: fail-over, recovery, homes. The functions act only while this load
 * balancer holds the leader's lease; on another one they return the reason why not.
 */
import * as config from "./config";
import { by_hand } from "./failover/by_hand";
import * as cycle from "./failover/cycle";
import * as leader_check from "./failover/leader_check";
import * as lease_holder from "./failover/lease";
import { change_status } from "./failover/moves";
import * as records from "./failover/records";
import * as recovery from "./failover/recovery";
import * as redistribution from "./failover/redistribution";
import * as watch from "./failover/watch";
import * as watch_records from "./failover/watch_records";
import * as states from "./lib/states";
import type { NodeStatus } from "./lib/states";
import * as turn from "./lib/turn";
import * as worker_timer from "./lib/worker_timer";
import * as events from "./store/events";
import * as node_wishes from "./store/node_wishes";
import * as nodes_store from "./store/nodes";
import type { NodeRow } from "./store/nodes";

/** Events that tell the story of fail-overs, out of all that the table holds. */
const HISTORY_TYPES = [
    "node.online",
    "node.recovering",
    "node.offline",
    "node.draining",
    "failover",
    "failover.done",
    "recovery",
    "adoption",
    "drain",
    "correction",
    "rebalancing",
    "redistribution",
];

/** Seconds between two looks at what is due. */
const TICK = 0.5;

/** Seconds between two looks at whether the leader is to be asked. */
const LEADER_TICK = 0.5;

/** Seconds between two tries to get the turn to watch the nodes. */
const WATCH_TICK = 0.5;

/** All nodes with status, times and loads, as the database has them. */
export function get_all_nodes(): Result<NodeRow[]> {
    return nodes_store.list();
}

/** Checks every node now, acts on the results and returns the round's sentence; nil and the reason when it cannot. */
export function run_health_check(): Result<string> {
    const sentence = cycle.run_by_hand();
    if (sentence === undefined) {
        return $multi(undefined, "another round takes too long");
    }
    return $multi(sentence);
}

/** Once for each configuration that is loaded, before its workers start. */
export function init(): void {
    lease_holder.new_generation();
    cycle.forget_schema();
}

/** Starts the periodic rounds of this worker; the workers take turns. When the load balancer ends another may lead. */
export function health_check_worker(): void {
    lease_holder.start_generation();
    const round = (): void => {
        cycle.run();
    };
    worker_timer.every("health check", TICK, round, lease_holder.release);
}

/** Has a follower ask its leader, one worker at a time, for as long as it is one. */
export function leader_check_worker(): void {
    if (config.peers.mode !== "follower") {
        return;
    }
    worker_timer.every("leader check", LEADER_TICK, () => {
        if (turn.take("leader_check", config.peers.interval * 0.9)) {
            leader_check.check();
        }
    });
}

/**
 * Has this worker watch the nodes over standing connections whenever no other one does. `list` gives the nodes that are
 * known now and must not wait.
 */
export function watch_worker(list: (this: void) => readonly watch.Target[]): void {
    worker_timer.every("watch", WATCH_TICK, () => {
        watch.run(list);
    });
}

/** Spreads the monitors of a node over the online ones; returns how many moved. */
export function redistribute_monitors_from_node(node_id: string): Result<number> {
    return by_hand((round) => redistribution.redistribute(node_id, "asked for by hand", round));
}

/** Sends the next batch of a node's own monitors back to it; returns how many went, 0 when all are home. */
export function revert_monitors_to_node(node_id: string): Result<number> {
    return by_hand((round) => {
        const [moved, err] = recovery.send_home(node_id, round);
        if (err !== undefined) {
            return $multi(undefined, err);
        }
        return $multi(moved ?? 0);
    });
}

/** A status set by hand that lasts: the operator's wish goes with it. */
function note_wish(node_id: string, status: NodeStatus): string | undefined {
    if (status !== states.DRAINING && status !== states.ONLINE) {
        return undefined;
    }
    const [, err] = status === states.DRAINING ? node_wishes.drain(node_id) : node_wishes.undrain(node_id);
    return err;
}

/** Sets the status of a node, with the reason; false when it has that status already or is unknown. */
export function update_node_status(node_id: string, status: NodeStatus, reason = "set by hand"): Result<boolean> {
    return by_hand((round) => {
        for (const node of round.nodes) {
            if (node.node_id === node_id && node.status !== status) {
                const wish_err = note_wish(node_id, status);
                if (wish_err !== undefined) {
                    return $multi(undefined, wish_err);
                }
                return change_status({ node, to: status, reason }, round);
            }
        }
        return $multi(false);
    });
}

/** Why a node keeps its status in spite of its checks, as a sentence; nil when it does not. */
export function why_held(node_id: string): string | undefined {
    return records.why_held(node_id);
}

/** What the health check knows of a node. Results in a row are counted by the one who leads, and only then. */
export function get_health_record(node_id: string): records.HealthRecord {
    const record = records.get(node_id);
    return record.epoch === lease_holder.epoch() ? record : records.without_counts(record);
}

/** What the standing connection to a node tells. */
export function get_watch(node_id: string): watch_records.Watch {
    return watch_records.get(node_id);
}

/** Counters, the last round, and who leads, for status pages. Touches no database. */
export function get_statistics(): HealthStatistics {
    const round = records.last_round();
    return {
        rounds: records.counter("rounds"),
        checks: records.counter("checks"),
        failed_checks: records.counter("failed_checks"),
        failovers: records.counter("failovers"),
        monitors_moved: records.counter("moves"),
        disputed_falls: records.counter("disputed_falls"),
        partitions: records.counter("partitions"),
        falls: records.counter("falls"),
        flaps: records.counter("flaps"),
        corrections: records.counter("corrections"),
        beats: records.counter("beats"),
        missed_checks: records.counter("missed_checks"),
        duplicate_checks: records.counter("duplicate_checks"),
        knowledge_age_seconds: cycle.knowledge_age(),
        watch_losses: records.counter("watch_losses"),
        last_round: round,
        leader: { node_id: config.node.id, is_leader: lease_holder.epoch() !== undefined, epoch: lease_holder.epoch() },
    };
}

/** The latest changes of nodes and moves of monitors, newest first. */
export function get_failover_history(limit: number): Result<events.ClusterEvent[]> {
    return events.latest(HISTORY_TYPES, limit);
}

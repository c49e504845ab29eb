/* Carries out what a round found: writes statuses, moves monitors off dead nodes, home, and to a first home. */
import * as config from "../config";
import * as shared_dict from "../lib/shared_dict";
import * as states from "../lib/states";
import * as logger from "../logger";
import * as events from "../store/events";
import type { Lease } from "../store/lease";
import * as nodes_store from "../store/nodes";
import type { NodeRow } from "../store/nodes";
import type { Transition } from "./assessment";
import { due } from "./records";
import * as recovery from "./recovery";

const dict = shared_dict.open("health_checker");

/** Writes the status and its event; false when the row or the lease has changed meanwhile. */
export function change_status(transition: Transition, lease: Lease): Result<boolean> {
    const { node, to, reason } = transition;
    const [changed, err] = nodes_store.set_status(node.node_id, node.status, to, reason, lease);
    if (changed === undefined) {
        return $multi(undefined, err);
    }
    if (!changed) {
        return $multi(false);
    }
    logger.health_check("%s: %s -> %s: %s", node.node_id, node.status, to, reason);
    const from = node.status;
    node.status = to;
    if (to === states.ONLINE) {
        shared_dict.set(dict, "homing:" + node.node_id, true);
    }
    const [, event_err] = events.append(`node.${to}`, node.node_id, lease.epoch, config.node.id, { from, reason });
    if (event_err !== undefined) {
        logger.warn("HEALTH_CHECK", "%s", event_err);
    }
    return $multi(true);
}

function move_off_dead_nodes(nodes: readonly NodeRow[], lease: Lease): Result<number> {
    let moved = 0;
    for (const node of nodes) {
        if (node.status === states.OFFLINE && node.monitor_total > 0) {
            const reason = node.last_error ?? "the node said that it leaves";
            const [count, err] = recovery.redistribute(node.node_id, nodes, reason, lease);
            if (count === undefined) {
                return $multi(undefined, err);
            }
            moved += count;
        }
    }
    return $multi(moved);
}

function send_home(nodes: readonly NodeRow[], lease: Lease): Result<number> {
    const sweep = due("failover_check", config.timers.failover_check);
    let moved = 0;
    for (const node of nodes) {
        const key = "homing:" + node.node_id;
        if (node.status === states.ONLINE && (sweep || dict.raw.get(key)[0] !== undefined)) {
            const [count, err] = recovery.send_home(node.node_id, lease);
            if (count === undefined) {
                return $multi(undefined, err);
            }
            if (count === 0) {
                dict.raw.delete(key);
            } else {
                shared_dict.set(dict, key, true);
            }
            moved += count;
        }
    }
    return $multi(moved);
}

/** Does every move that is due now; returns how many monitors moved. What an error interrupts the next round does. */
export function move_monitors(nodes: readonly NodeRow[], lease: Lease): Result<number> {
    const [off, off_err] = move_off_dead_nodes(nodes, lease);
    if (off === undefined) {
        return $multi(undefined, off_err);
    }
    const [home, home_err] = send_home(nodes, lease);
    if (home === undefined) {
        return $multi(undefined, home_err);
    }
    if (!due("fault_scan", config.timers.fault_scan)) {
        return $multi(off + home);
    }
    const [adopted, err] = recovery.adopt(nodes, lease);
    if (adopted === undefined) {
        return $multi(undefined, err);
    }
    return $multi(off + home + adopted);
}

/* Carries out what a round found: writes statuses, then does every move that is due. */
import * as config from "../config";
import * as states from "../lib/states";
import * as logger from "../logger";
import * as nodes_store from "../store/nodes";
import type { Transition } from "./assessment";
import { note_fall } from "./damping";
import { drain } from "./drain";
import { scan } from "./fault_scan";
import { rebalance } from "./rebalancing";
import { due, let_go } from "./records";
import * as recovery from "./recovery";
import * as redistribution from "./redistribution";
import { tell } from "./round";
import type { Round } from "./round";
import * as verification from "./verification";

/** Writes the status and its event; false when the row or the lease has changed meanwhile. */
export function change_status(transition: Transition, round: Round): Result<boolean> {
    const { node, to, reason } = transition;
    const from = node.status;
    const [changed, err] = nodes_store.set_status(node.node_id, from, to, reason, round.lease);
    if (changed === undefined) {
        return $multi(undefined, err);
    }
    if (!changed) {
        return $multi(false);
    }
    logger.health_check("%s: %s -> %s: %s", node.node_id, from, to, reason);
    let_go(node.node_id);
    node.status = to;
    node.status_reason = reason;
    node.status_since = undefined;
    if (to === states.ONLINE) {
        recovery.note_online(node.node_id);
    }
    if (to === states.OFFLINE) {
        note_fall(node.node_id);
    }
    tell(round, `node.${to}`, node.node_id, { from, reason });
    return $multi(true);
}

/** What is looked for every FAULT_SCAN_INTERVAL. */
function scan_and_adopt(round: Round): Result<number> {
    if (!due("fault_scan", config.timers.fault_scan)) {
        return $multi(0);
    }
    const [, err] = scan();
    if (err !== undefined) {
        logger.warn("FAULT_SCAN", "%s", err);
    }
    return redistribution.adopt(round);
}

/** In this order: what is urgent first. Each does what is needed now; what an error interrupts the next round does. */
const STEPS: readonly ((this: void, round: Round) => Result<number>)[] = [
    redistribution.move_off_dead_nodes,
    scan_and_adopt,
    verification.correct,
    recovery.send_all_home,
    drain,
    rebalance,
];

/** What goes on while nodes cannot be told from the way to them: those that were dead before stay so. */
const STEPS_WHEN_FROZEN: typeof STEPS = [redistribution.move_off_dead_nodes];

/** Does every move that is due now, when `frozen` only the urgent ones; returns how many monitors moved. */
export function move_monitors(round: Round, frozen: boolean): Result<number> {
    let moved = 0;
    for (const step of frozen ? STEPS_WHEN_FROZEN : STEPS) {
        const [count, err] = step(round);
        if (count === undefined) {
            return $multi(undefined, err);
        }
        moved += count;
    }
    // What is late must be moved before its operation ends.
    if (frozen) {
        return $multi(moved);
    }
    const [, err] = verification.finish_operations(round);
    if (err !== undefined) {
        return $multi(undefined, err);
    }
    return $multi(moved);
}

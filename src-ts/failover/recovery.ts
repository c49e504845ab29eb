/* Sends monitors home when their node is back: batch by batch, the next one when the last one beats. */
import * as config from "../config";
import * as shared_dict from "../lib/shared_dict";
import * as states from "../lib/states";
import * as logger from "../logger";
import * as assignments from "../store/assignments";
import * as monitors from "../store/monitors";
import type { Operation } from "../store/operations";
import { note_moves } from "./outcome";
import { due } from "./records";
import { at_each_node, join, running } from "./round";
import type { Round } from "./round";

/** Seconds after which a home where monitors did not beat is tried again. */
const MUTE_SECONDS = 300;

const dict = shared_dict.open("health_checker");

const REASON = "the home node is online";

/** True for a while after monitors went home and did not beat there: the node gets no more of them so soon. */
function is_mute(node_id: string, present: Operation | undefined): boolean {
    const key = "mute:" + node_id;
    if (present !== undefined && present.late > 0 && shared_dict.take(dict, key, true, MUTE_SECONDS)) {
        logger.warn(
            "HEALTH_CHECK",
            "%d monitors do not beat at their home %s: no more go there",
            present.late,
            node_id,
        );
    }
    return dict.raw.get(key)[0] !== undefined;
}

/**
 * Sends the next REBALANCE_BATCH monitors back to their home, unless those of the batch before are still awaited.
 * Monitors that somebody has moved by hand meanwhile stay where they are.
 * @returns how many went, nil without an error when all are at home
 */
export function send_home(
    node_id: string,
    round: Round,
): LuaMultiReturn<[moved: number | undefined, err?: string | undefined]> {
    const present = running(round, "recovery", node_id);
    if (present !== undefined && present.holding > 0) {
        round.busy[present.id] = true;
        return $multi(0);
    }
    if (is_mute(node_id, present)) {
        return $multi(undefined);
    }
    const [away, err] = monitors.away_from(node_id, config.rebalance.batch);
    if (away === undefined) {
        return $multi(undefined, err);
    }
    if (away.length === 0) {
        return $multi(undefined);
    }
    const [operation, join_err] = join(round, "recovery", node_id, REASON, away.length);
    if (operation === undefined) {
        return $multi(undefined, join_err);
    }
    const ids: number[] = [];
    for (const monitor of away) {
        table.insert(ids, monitor.id);
    }
    const [moved, move_err] = assignments.send_home(ids, node_id, operation.id, round.lease);
    if (moved === undefined) {
        return $multi(undefined, move_err);
    }
    return note_moves(round, operation, moved, [{ node_id, ids }]);
}

/** Notes that the node is online: from now on each round looks whether monitors are to go home. */
export function note_online(node_id: string): void {
    shared_dict.set(dict, "homing:" + node_id, true);
}

/** The nodes that are left by some of their monitors or await some; nobody when it is not time to look for them. */
function homes_in_question(round: Round): Result<Record<string, boolean | undefined>> {
    if (!due("failover_check", config.timers.failover_check)) {
        return $multi({});
    }
    const [homes, err] = monitors.homes_left();
    if (homes === undefined) {
        return $multi(undefined, err);
    }
    for (const { type, node_id } of round.open) {
        if (type === "recovery" && node_id !== undefined) {
            homes[node_id] = true;
        }
    }
    return $multi(homes);
}

/** Sends the next batch home, and notes whether there is more to come; returns how many went. */
function go_on(node_id: string, round: Round): Result<number> {
    const [count, err] = send_home(node_id, round);
    if (err !== undefined) {
        return $multi(undefined, err);
    }
    if (count === undefined) {
        dict.raw.delete("homing:" + node_id);
        return $multi(0);
    }
    note_online(node_id);
    return $multi(count);
}

/** Sends home what is due there, at all nodes; returns how many monitors went. */
export function send_all_home(round: Round): Result<number> {
    const [homes, homes_err] = homes_in_question(round);
    if (homes === undefined) {
        return $multi(undefined, homes_err);
    }
    return at_each_node(round, ({ node_id, status }) => {
        const is_asked = homes[node_id] === true || dict.raw.get("homing:" + node_id)[0] !== undefined;
        if (status !== states.ONLINE || !is_asked) {
            return $multi(0);
        }
        return go_on(node_id, round);
    });
}

/*
 * Takes a node that is gone for good out of the cluster: its monitors are at home where they run now. One that comes back
 * registers as a new node.
 */
import * as config from "../config";
import * as logger from "../logger";
import * as assignments from "../store/assignments";
import * as events from "../store/events";
import * as lease_store from "../store/lease";
import * as node_wishes from "../store/node_wishes";
import type { NodeState } from "../store/nodes";
import * as pins from "../store/pins";

/**
 * What came of it: `pinned` when monitors that are pinned to the node would never run again, `busy` while it has monitors
 * that are still to move.
 */
export type Forgotten = "forgotten" | "not_offline" | "pinned" | "busy";

/** What was done, and how many monitors have another home now. */
export interface Farewell {
    readonly outcome: Forgotten;
    readonly settled: number;
}

function tell(node_id: string, reason: string, settled: number): void {
    logger.health_check("%s is no part of the cluster any more: %s", node_id, reason);
    const [lease] = lease_store.read();
    const detail = { reason, settled };
    const [, err] = events.append("node.forgotten", node_id, lease?.epoch ?? 0, config.node.id, detail);
    if (err !== undefined) {
        logger.warn("HEALTH_CHECK", "%s", err);
    }
}

/** Forgets a node if it is offline. The reason is a sentence. */
export function forget(node: NodeState, reason: string): Result<Farewell> {
    if (node.status !== "offline") {
        return $multi({ outcome: "not_offline", settled: 0 });
    }
    const [pinned, pins_err] = pins.count_at(node.node_id);
    if (pinned === undefined) {
        return $multi(undefined, pins_err);
    }
    if (pinned > 0) {
        return $multi({ outcome: "pinned", settled: 0 });
    }
    if (node.monitor_total > 0) {
        return $multi({ outcome: "busy", settled: 0 });
    }
    const [settled, settle_err] = assignments.settle(node.node_id);
    if (settled === undefined) {
        return $multi(undefined, settle_err);
    }
    const [removed, err] = node_wishes.remove(node.node_id);
    if (removed === undefined) {
        return $multi(undefined, err);
    }
    if (!removed) {
        return $multi({ outcome: "not_offline", settled });
    }
    tell(node.node_id, reason, settled);
    return $multi({ outcome: "forgotten", settled });
}

/** Forgets the nodes that have been offline, and silent in the database, for NODE_FORGET_AFTER. */
export function forget_old(nodes: readonly NodeState[]): void {
    const { forget_after } = config.health_check;
    if (forget_after === 0) {
        return;
    }
    for (const node of nodes) {
        const { status_age = 0, seen_age = math.huge } = node;
        if (node.status === "offline" && status_age > forget_after && seen_age > forget_after) {
            const reason = string.format("it has been offline for %d s", status_age);
            const [, err] = forget(node, reason);
            if (err !== undefined) {
                logger.warn("HEALTH_CHECK", "%s", err);
            }
        }
    }
}

/* What the leader does now and then: says how the cluster is, warns of full nodes, forgets what is old. */
import * as config from "../config";
import * as worker_timer from "../lib/worker_timer";
import * as logger from "../logger";
import * as events from "../store/events";
import * as moves from "../store/moves";
import type { NodeState } from "../store/nodes";
import * as operations from "../store/operations";
import * as pins from "../store/pins";
import * as probes from "../store/probes";
import * as votes from "../store/vote_pruning";
import { forget_old } from "./forget";
import { due } from "./records";

/** Seconds between two looks for what is too old. */
const PRUNE_INTERVAL = 300;

/** Seconds between two looks for nodes that are gone for good. */
const FORGET_INTERVAL = 10;

/** The probes before what they said. */
const PRUNES = [events.prune, moves.prune, operations.prune, pins.prune, probes.prune, votes.prune];

function warn_over_capacity(nodes: readonly NodeState[]): void {
    const limit = config.cluster.monitor_limit_per_node;
    for (const node of nodes) {
        if (node.monitor_count > limit) {
            logger.warn("CAPACITY", "%s runs %d monitors, its limit is %d", node.node_id, node.monitor_count, limit);
        }
    }
}

function prune_all(): void {
    for (const prune of PRUNES) {
        const [, err] = prune();
        if (err !== undefined) {
            logger.warn("HEARTBEAT", "%s", err);
        }
    }
}

/** Does what is due; `sentence` is what the round came to. */
export function keep_house(nodes: readonly NodeState[], sentence: string): void {
    if (due("load_update", config.timers.load_update)) {
        warn_over_capacity(nodes);
    }
    if (due("heartbeat", config.timers.heartbeat)) {
        logger.info("HEARTBEAT", "%s", sentence);
    }
    if (due("forget", FORGET_INTERVAL)) {
        forget_old(nodes);
    }
    if (due("prune", PRUNE_INTERVAL)) {
        // The next round must not wait for it.
        worker_timer.soon("prune", prune_all);
    }
}

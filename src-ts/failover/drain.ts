/* Empties the nodes that an operator drains: batch by batch, the next one when the last one beats. */
import * as config from "../config";
import * as states from "../lib/states";
import { spread } from "../placement/plan";
import type { Placeable } from "../placement/plan";
import * as assignments from "../store/assignments";
import * as monitors from "../store/monitors";
import { carry_out } from "./outcome";
import { at_each_node, join, running, targets } from "./round";
import type { Round } from "./round";

const REASON = "an operator drains the node";

function drain_node(node_id: string, round: Round): Result<number> {
    const present = running(round, "drain", node_id);
    if (present !== undefined && present.holding > 0) {
        round.busy[present.id] = true;
        return $multi(0);
    }
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
    const [operation, join_err] = join(round, "drain", node_id, REASON, movable.length);
    if (operation === undefined) {
        return $multi(undefined, join_err);
    }
    const batch: Placeable[] = [];
    for (const index of $range(0, math.min(config.rebalance.batch, movable.length) - 1)) {
        table.insert(batch, movable[index] as Placeable);
    }
    const { shares } = spread(batch, candidates, config.cluster.monitor_limit_per_node);
    return carry_out(round, operation, shares, () => assignments.move(shares, node_id, operation.id, round.lease));
}

/** Moves the next batch off each draining node; returns how many monitors. What is pinned to such a node stays. */
export function drain(round: Round): Result<number> {
    return at_each_node(round, ({ node_id, status, monitor_total }) => {
        if (status !== states.DRAINING || monitor_total === 0) {
            return $multi(0);
        }
        return drain_node(node_id, round);
    });
}

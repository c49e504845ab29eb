/* What an operation has moved in this round: done, noted and told. */
import * as logger from "../logger";
import type { Share } from "../placement/plan";
import type { Destination } from "../store/assignments";
import * as operations from "../store/operations";
import type { Operation } from "../store/operations";
import { announce } from "./reconcile";
import { count } from "./records";
import { tell } from "./round";
import type { Round } from "./round";

/** Notes what an operation has moved now: counters, log, event, progress. Returns how many that were. */
export function note_moves(
    round: Round,
    operation: Operation,
    moved: number,
    destinations: readonly Destination[],
): Result<number> {
    // A leader whose epoch is over has moved nothing, and tells nothing.
    if (moved === 0) {
        return $multi(0);
    }
    count("moves", moved);
    const targets: Record<string, number> = {};
    for (const { node_id: target, ids } of destinations) {
        targets[target] = (targets[target] ?? 0) + ids.length;
    }
    announce(round.nodes, targets);
    operation.moved += moved;
    operation.waiting += moved;
    operation.holding = 1;
    const node_id = operation.node_id ?? "";
    logger.health_check(
        "%s %d: %d monitors%s moved: %s",
        operation.type,
        operation.id,
        moved,
        node_id === "" ? "" : ` of ${node_id}`,
        operation.reason,
    );
    tell(round, operation.type, node_id, {
        operation: operation.id,
        moved,
        targets,
        reason: operation.reason,
    });
    const [, err] = operations.progress(operation.id, moved, round.lease);
    if (err !== undefined) {
        return $multi(undefined, err);
    }
    return $multi(moved);
}

/** The next plan of this round must see what this one has placed. */
function add_loads(round: Round, shares: readonly Share[]): void {
    for (const share of shares) {
        for (const node of round.nodes) {
            if (node.node_id === share.node_id) {
                node.load += share.load;
                node.monitor_count += share.count;
            }
        }
    }
}

/** Carries out a plan as part of an operation: `write` does the assignments. Returns how many monitors moved. */
export function carry_out(
    round: Round,
    operation: Operation,
    shares: readonly Share[],
    write: () => Result<number>,
): Result<number> {
    const [moved, err] = write();
    if (moved === undefined) {
        return $multi(undefined, err);
    }
    add_loads(round, shares);
    return note_moves(round, operation, moved, shares);
}

/* Carries out a plan through the fenced writes of store/assignments. */
import * as assignments from "../store/assignments";
import type { Lease } from "../store/lease";
import type { Share } from "./plan";
import type { HomeMove } from "./rebalance";

/** How many monitors each node got, and how many in all. */
export interface Outcome {
    moved: number;
    targets: Record<string, number>;
}

function carry_out(shares: readonly Share[], write: (this: void, share: Share) => Result<number>): Result<Outcome> {
    const outcome: Outcome = { moved: 0, targets: {} };
    for (const share of shares) {
        const [moved, err] = write(share);
        if (moved === undefined) {
            return $multi(undefined, err);
        }
        outcome.moved += moved;
        outcome.targets[share.node_id] = moved;
    }
    return $multi(outcome);
}

/** Moves monitors away from `from`. What an error interrupts goes on in the next round: the plan is made anew. */
export function move(shares: readonly Share[], from: string, operation: number, lease: Lease): Result<Outcome> {
    return carry_out(shares, (share) => assignments.move(share.ids, from, share.node_id, operation, lease));
}

/** Gives homes to monitors that have none. */
export function adopt(shares: readonly Share[], operation: number, lease: Lease): Result<Outcome> {
    return carry_out(shares, (share) => assignments.adopt(share.ids, share.node_id, operation, lease));
}

/** The moves by where they come from and go to, in the order of the first of each kind. */
function groups(moves: readonly HomeMove[]): { from: string; share: Share }[] {
    const found: { from: string; share: Share }[] = [];
    const by_way: Record<string, Share | undefined> = {};
    for (const { id, from, to } of moves) {
        const way = `${from}\0${to}`;
        let share = by_way[way];
        if (share === undefined) {
            share = { node_id: to, ids: [], load: 0, count: 0 };
            by_way[way] = share;
            table.insert(found, { from, share });
        }
        table.insert(share.ids, id);
    }
    return found;
}

/** Gives other homes to monitors that are at home. */
export function rehome(moves: readonly HomeMove[], operation: number, lease: Lease): Result<Outcome> {
    const outcome: Outcome = { moved: 0, targets: {} };
    for (const { from, share } of groups(moves)) {
        const [moved, err] = assignments.rehome(share.ids, from, share.node_id, operation, lease);
        if (moved === undefined) {
            return $multi(undefined, err);
        }
        outcome.moved += moved;
        outcome.targets[share.node_id] = (outcome.targets[share.node_id] ?? 0) + moved;
    }
    return $multi(outcome);
}

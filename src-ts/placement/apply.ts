/* Carries out a plan through the fenced writes of store/assignments. */
import * as assignments from "../store/assignments";
import type { Lease } from "../store/lease";
import type { Share } from "./plan";

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

/* What is done by hand: a round of its own, beside none of the engine's. */
import * as nodes_store from "../store/nodes";
import * as lease_holder from "./lease";
import { begin } from "./round";
import type { Round } from "./round";
import * as turn from "../lib/turn";

/** Lets `work` act on what the database has now, under the lease; nil and the reason when we do not lead. */
function with_round<T>(work: (this: void, round: Round) => Result<T>): Result<T> {
    const [lease, standby] = lease_holder.hold();
    if (lease === undefined) {
        return $multi(undefined, standby);
    }
    const [nodes, err] = nodes_store.states();
    if (nodes === undefined) {
        return $multi(undefined, err);
    }
    const [own, begin_err] = begin(nodes, lease);
    if (own === undefined) {
        return $multi(undefined, begin_err);
    }
    return work(own);
}

/** Does `work` in a round of its own; nil and the reason when that cannot be, as when another load balancer leads. */
export function by_hand<T>(work: (this: void, round: Round) => Result<T>): Result<T> {
    const results: { value?: T | undefined; err?: string | undefined } = { err: "another round takes too long" };
    const round = (): void => {
        [results.value, results.err] = with_round(work);
    };
    turn.alone_in_time(turn.ROUND, round);
    if (results.err !== undefined) {
        return $multi(undefined, results.err);
    }
    return $multi(results.value as T);
}

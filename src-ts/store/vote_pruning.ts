/* Takes away what probes said that is too old, or about, or of, what is gone. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { COMPARABLE_NODE_ID } from "./schema";

/** Seconds that results are kept. */
const KEEP_SECONDS = 3 * 3600;
/** Rows that go at once, and how many times: more than come between two times, whatever there is to check. */
const PRUNED_AT_ONCE = 5000;
const PRUNE_STEPS = 100;

function prune_results(): Result<true> {
    let steps = PRUNE_STEPS;
    while (steps > 0) {
        steps -= 1;
        const [done, err] = db.query<OkResult>(
            `DELETE FROM probe_result WHERE received_at < NOW(6) - INTERVAL ${KEEP_SECONDS} SECOND LIMIT ${PRUNED_AT_ONCE}`,
        );
        if (done === undefined) {
            return $multi(undefined, "cannot prune results: " + err);
        }
        if (done.affected_rows < PRUNED_AT_ONCE) {
            break;
        }
    }
    return $multi(true);
}

const ORPHANS: readonly string[] = [
    "DELETE v FROM probe_vote v LEFT JOIN probe p ON p.probe_id = v.probe_id" +
        " LEFT JOIN probe_check c ON c.id = v.check_id WHERE p.probe_id IS NULL OR c.id IS NULL",
    "DELETE v FROM probe_node_vote v LEFT JOIN probe p ON p.probe_id = v.probe_id" +
        ` LEFT JOIN node n ON ${COMPARABLE_NODE_ID} = v.node_id WHERE p.probe_id IS NULL OR n.node_id IS NULL`,
];

/** Drops results that are too old to be of interest, and votes of probes, for checks and about nodes, that are gone. */
export function prune(): Result<true> {
    const [pruned, err] = prune_results();
    if (pruned === undefined) {
        return $multi(undefined, err);
    }
    for (const statement of ORPHANS) {
        const [done, vote_err] = db.query(statement);
        if (done === undefined) {
            return $multi(undefined, "cannot prune votes: " + vote_err);
        }
    }
    return $multi(true);
}

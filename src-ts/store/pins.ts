/* The monitors that never leave their home. Nodes write them, for their users; the load balancer respects them. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { is_missing_table } from "./schema";

/** True of a monitor `m` that may be moved. */
export const MOVABLE = "NOT EXISTS (SELECT 1 FROM cluster_pin p WHERE p.monitor_id = m.id)";

/** Forgets the pins of monitors that are no more. */
export function prune(): Result<true> {
    const [done, err] = db.query<OkResult>(
        "DELETE p FROM cluster_pin p LEFT JOIN monitor m ON m.id = p.monitor_id WHERE m.id IS NULL",
    );
    if (done === undefined && !is_missing_table(err)) {
        return $multi(undefined, "cannot prune pins: " + err);
    }
    return $multi(true);
}

/* The monitors that never leave their home. Nodes write them, for their users; the load balancer respects them. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { number } from "./column";
import type { Column } from "./column";
import { is_missing_table } from "./schema";

/** True of a monitor `m` that may be moved. */
export const MOVABLE = "NOT EXISTS (SELECT 1 FROM cluster_pin p WHERE p.monitor_id = m.id)";

/** How many monitors are pinned to the node. */
export function count_at(node_id: string): Result<number> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        db.format(
            "SELECT COUNT(*) AS n FROM monitor m WHERE m.node_id = ? AND m.assigned_node IS NULL" +
                ` AND NOT ${MOVABLE}`,
            node_id,
        ),
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot count pins: " + err);
    }
    return $multi(number(rows[0]?.n) ?? 0);
}

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

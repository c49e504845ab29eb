/* Where the push monitors of checks take their beats. */
import * as db from "../db";
import { number, text } from "./column";
import type { Column } from "./column";
import { fence } from "./lease";
import type { Lease } from "./lease";
import { COMPARABLE_NODE_ID, owner_expression } from "./schema";

/** The push monitor of a check, as it is in Uptime Kuma now. */
export interface PushTarget {
    /** What the check has come to. */
    readonly verdict: string;
    /** Nil when somebody has deleted it. */
    readonly token: string | undefined;
    /** False while it is paused. */
    readonly is_active: boolean;
    /** Of the node that runs it; nil while no online node does. */
    readonly host: string | undefined;
}

/** The push monitors of these checks, by the check's id. Those of checks that are gone are left out, all when the lease is over. */
export function push_targets(
    check_ids: readonly number[],
    lease: Lease,
): Result<Record<number, PushTarget | undefined>> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        return $multi(undefined, owner_err);
    }
    const ids: string[] = [];
    for (const id of check_ids) {
        table.insert(ids, db.quote(id));
    }
    const [rows, err] = db.query<Record<string, Column>[]>(
        `SELECT c.id, c.verdict, m.push_token, m.active, n.host FROM probe_check c ${fence(lease)}` +
            ` LEFT JOIN monitor m ON m.id = c.monitor_id LEFT JOIN node n ON ${COMPARABLE_NODE_ID} = ${owner}` +
            ` AND n.status = 'online' WHERE c.id IN (${table.concat(ids, ", ")})`,
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read monitors: " + err);
    }
    const targets: Record<number, PushTarget | undefined> = {};
    for (const { id, verdict, push_token, active, host } of rows) {
        targets[number(id) ?? 0] = {
            verdict: text(verdict) ?? "",
            token: text(push_token),
            is_active: number(active) === 1,
            host: text(host),
        };
    }
    return $multi(targets);
}

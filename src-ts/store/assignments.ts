/* Who runs what: the only writes of monitor.node_id and monitor.assigned_node, all of them fenced by the lease. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { fence } from "./lease";
import type { Lease } from "./lease";
import * as version from "./version";

/** Ids in one statement: small enough for max_allowed_packet, large enough that 100,000 monitors are 50 statements. */
const CHUNK = 2000;

function update(ids: readonly number[], lease: Lease, set_where: string): Result<number> {
    let changed = 0;
    for (const first of $range(1, ids.length, CHUNK)) {
        const chunk = table.concat(ids as number[], ",", first, math.min(first + CHUNK - 1, ids.length));
        const [result, err] = db.query<OkResult>(
            `UPDATE monitor m ${fence(lease)} ${set_where} AND m.id IN (${chunk})`,
        );
        if (result === undefined) {
            return $multi(undefined, "cannot move monitors: " + err);
        }
        changed += result.affected_rows;
    }
    version.bump();
    return $multi(changed);
}

/**
 * Lets `target` run the monitors for as long as their home cannot. A monitor that somebody has moved away from `from`
 * meanwhile stays where it is.
 * @returns how many have moved
 */
export function move(ids: readonly number[], from: string, target: string, lease: Lease): Result<number> {
    return update(
        ids,
        lease,
        db.format(
            "SET m.assigned_node = IF(m.node_id = ?, NULL, ?) WHERE COALESCE(m.assigned_node, m.node_id) = ?",
            target,
            target,
            from,
        ),
    );
}

/** Gives a home to monitors that have none; returns how many got it. */
export function adopt(ids: readonly number[], home: string, lease: Lease): Result<number> {
    return update(ids, lease, db.format("SET m.node_id = ?, m.assigned_node = NULL WHERE m.node_id IS NULL", home));
}

/** Lets the home node run its monitors again; returns how many went home. */
export function send_home(ids: readonly number[], home: string, lease: Lease): Result<number> {
    return update(ids, lease, db.format("SET m.assigned_node = NULL WHERE m.node_id = ?", home));
}

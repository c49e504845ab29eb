/*
 * Who runs what: the only writes of monitor.node_id and monitor.assigned_node. All are fenced by the lease, and each is
 * noted in cluster_move in the same transaction, so that the log of moves is the history of the assignments.
 */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import type { Connection } from "../db";
import { number } from "./column";
import type { Column } from "./column";
import { fence } from "./lease";
import type { Lease } from "./lease";
import { MOVABLE } from "./pins";
import { is_missing_table, owner_expression } from "./schema";
import * as version from "./version";

/** Ids in one transaction: small enough for max_allowed_packet, large enough that 100,000 monitors are 50 of them. */
const CHUNK = 2000;

/** One change of assignments: what is set, on which of the monitors named, and who runs them then. */
interface Change {
    readonly set: string;
    readonly where: string;
    readonly target: string;
}

/** The last row of heartbeat so far: those after it are of the new owners. Ids, since the nodes' clocks differ. */
function last_beat_id(): Result<number> {
    const [rows, err] = db.query<Record<string, Column>[]>("SELECT MAX(id) AS id FROM heartbeat");
    if (rows === undefined) {
        if (is_missing_table(err)) {
            return $multi(0);
        }
        return $multi(undefined, err);
    }
    return $multi(number(rows[0]?.id) ?? 0);
}

function write_chunk(chunk: string, change: Change, operation: number, lease: Lease): Result<number> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        return $multi(undefined, owner_err);
    }
    // Not within the transaction: INSERT ... SELECT would lock the end of the table, where the nodes write.
    const [beat_id, beat_err] = last_beat_id();
    if (beat_id === undefined) {
        return $multi(undefined, beat_err);
    }
    const where = string.gsub(change.where, "{owner}", owner)[0] + ` AND m.id IN (${chunk})`;
    return db.transaction((connection: Connection) => {
        const [noted, note_err] = connection.query(
            db.format(
                "INSERT INTO cluster_move (operation, monitor_id, from_node, to_node, epoch, beat_id, seconds, state)" +
                    ` SELECT ?, m.id, ${owner}, ?, l.epoch, ?, GREATEST(m.\`interval\`, 1), IF(m.active = 1, 'waiting', 'idle')`,
                operation,
                change.target,
                beat_id,
            ) + ` FROM monitor m ${fence(lease)} WHERE ${where} ORDER BY m.id FOR UPDATE`,
        );
        if (noted === undefined) {
            return $multi(undefined, note_err);
        }
        const [result, err] = connection.query(`UPDATE monitor m ${fence(lease)} SET ${change.set} WHERE ${where}`);
        if (result === undefined) {
            return $multi(undefined, err);
        }
        return $multi((result as OkResult).affected_rows);
    });
}

function write(ids: readonly number[], change: Change, operation: number, lease: Lease): Result<number> {
    let changed = 0;
    for (const first of $range(1, ids.length, CHUNK)) {
        const chunk = table.concat(ids as number[], ",", first, math.min(first + CHUNK - 1, ids.length));
        const [count, err] = write_chunk(chunk, change, operation, lease);
        if (count === undefined) {
            version.bump();
            return $multi(undefined, "cannot move monitors: " + err);
        }
        changed += count;
    }
    version.bump();
    return $multi(changed);
}

/**
 * Lets `target` run the monitors for as long as their home cannot. A monitor that somebody has moved away from `from`
 * meanwhile stays where it is. All these functions return how many have moved, as part of the operation of that id.
 */
export function move(
    ids: readonly number[],
    from: string,
    target: string,
    operation: number,
    lease: Lease,
): Result<number> {
    const set = db.format("m.assigned_node = IF(m.node_id = ?, NULL, ?)", target, target);
    return write(ids, { set, where: db.format("{owner} = ?", from), target }, operation, lease);
}

/** Makes `target` the home of monitors that are at home on `from`. One that was pinned there meanwhile stays. */
export function rehome(
    ids: readonly number[],
    from: string,
    target: string,
    operation: number,
    lease: Lease,
): Result<number> {
    const set = db.format("m.node_id = ?, m.assigned_node = NULL", target);
    const where = db.format(`{owner} = ? AND m.node_id = ? AND ${MOVABLE}`, from, from);
    return write(ids, { set, where, target }, operation, lease);
}

/** Gives a home to monitors that have none. */
export function adopt(ids: readonly number[], home: string, operation: number, lease: Lease): Result<number> {
    const set = db.format("m.node_id = ?, m.assigned_node = NULL", home);
    return write(ids, { set, where: "m.node_id IS NULL", target: home }, operation, lease);
}

/** Lets the home node run its monitors again. */
export function send_home(ids: readonly number[], home: string, operation: number, lease: Lease): Result<number> {
    const where = db.format("m.node_id = ? AND m.assigned_node IS NOT NULL", home);
    return write(ids, { set: "m.assigned_node = NULL", where, target: home }, operation, lease);
}

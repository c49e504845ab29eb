/*
 * Who runs what: the load balancer's only writes of monitor.node_id and monitor.assigned_node. All are fenced by the lease,
 * and each is noted in cluster_move in the same transaction, so that the log of moves is the history of what the cluster
 * did. What a user assigns or pins at a node is in nobody's log, and stays.
 */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import * as beats from "./beats";
import { number } from "./column";
import type { Column } from "./column";
import { fence } from "./lease";
import type { Lease } from "./lease";
import { MOVABLE } from "./pins";
import { comparable, owner_expression } from "./schema";
import * as version from "./version";

/** Monitors that go to one node. */
export interface Destination {
    readonly node_id: string;
    readonly ids: readonly number[];
}

/** Monitors that go from one node to another. */
export interface Way extends Destination {
    readonly from: string;
}

/** Monitors in one transaction: small enough for max_allowed_packet, large enough that 100,000 are 25 of them. */
const CHUNK = 4000;

/** The node that a monitor goes to, and the one that it comes from, in whatever collation the database speaks. */
const TARGET = comparable("p.target");
const SOURCE = comparable("p.source");

/** One change of assignments: what is set, on which of the monitors named. */
interface Change {
    readonly set: string;
    readonly where: string;
}

/**
 * Runs both statements in one transaction and returns how many rows the second one matched. The server gets them as one:
 * a load balancer that stands still between two statements would hold the lease's row, and nobody could take it over.
 */
function run_together(first: string, second: string): Result<number> {
    const [connection, connect_err] = db.connect();
    if (connection === undefined) {
        return $multi(undefined, connect_err);
    }
    const [done, err] = connection.query(
        "BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;" +
            ` START TRANSACTION; ${first}; ${second}; SET @cluster_moved = ROW_COUNT(); COMMIT; END`,
    );
    if (done === undefined) {
        connection.release();
        return $multi(undefined, err);
    }
    const [rows, count_err] = connection.query<Record<string, Column>[]>("SELECT @cluster_moved AS moved");
    connection.release();
    if (rows === undefined) {
        return $multi(undefined, count_err);
    }
    return $multi(number(rows[0]?.moved) ?? 0);
}

function write_chunk(plan: string, change: Change, operation: number, lease: Lease): Result<number> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        return $multi(undefined, owner_err);
    }
    // The beats after it are of the new owners: ids, since the nodes' clocks differ. Not within the transaction, where
    // INSERT ... SELECT would lock the end of the table, which is where the nodes write.
    const [beat_id, beat_err] = beats.last_id();
    if (beat_id === undefined) {
        return $multi(undefined, beat_err);
    }
    const where = string.gsub(change.where, "{owner}", owner)[0];
    const rows = `(${plan}) p JOIN monitor m ON m.id = p.id`;
    const note = db.format(
        "INSERT INTO cluster_move (operation, monitor_id, from_node, to_node, epoch, beat_id, seconds, state)" +
            ` SELECT ?, m.id, ${owner}, ${TARGET}, l.epoch, ?, GREATEST(m.\`interval\`, 1),` +
            " IF(m.active = 1, 'waiting', 'idle')",
        operation,
        beat_id,
    );
    return run_together(
        `${note} FROM ${rows} ${fence(lease)} WHERE ${where} FOR UPDATE`,
        `UPDATE ${rows} ${fence(lease)} SET ${change.set} WHERE ${where}`,
    );
}

/**
 * The rows (id, source, target) of a plan as subqueries of CHUNK rows. In the order of the ids, which is how the table
 * lies on disk: that spares the database a third of the time.
 */
function chunks_of(ways: readonly Way[]): string[] {
    const all: number[] = [];
    const ends: Record<number, string> = {};
    for (const { from, node_id, ids } of ways) {
        const end = `${db.quote(from)},${db.quote(node_id)})`;
        for (const id of ids) {
            table.insert(all, id);
            ends[id] = end;
        }
    }
    table.sort(all);
    const chunks: string[] = [];
    for (const first of $range(0, all.length - 1, CHUNK)) {
        const rows: string[] = [];
        for (const index of $range(first, math.min(first + CHUNK, all.length) - 1)) {
            const id = all[index] as number;
            table.insert(rows, `(${string.format("%d", id)},${ends[id]}`);
        }
        // A SELECT first, since it names the columns.
        table.insert(chunks, "SELECT 0 AS id, '' AS source, '' AS target UNION ALL VALUES " + table.concat(rows, ","));
    }
    return chunks;
}

function write(ways: readonly Way[], change: Change, operation: number, lease: Lease): Result<number> {
    let changed = 0;
    for (const chunk of chunks_of(ways)) {
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

function ways_from(from: string, destinations: readonly Destination[]): Way[] {
    const ways: Way[] = [];
    for (const { node_id, ids } of destinations) {
        table.insert(ways, { from, node_id, ids });
    }
    return ways;
}

/**
 * Lets other nodes run the monitors for as long as their home cannot. A monitor that somebody has moved away from `from`
 * meanwhile stays where it is. All these functions return how many have moved, as part of the operation of that id.
 */
export function move(
    destinations: readonly Destination[],
    from: string,
    operation: number,
    lease: Lease,
): Result<number> {
    const set = `m.assigned_node = IF(m.node_id = ${TARGET}, NULL, ${TARGET})`;
    return write(ways_from(from, destinations), { set, where: `{owner} = ${SOURCE} AND ${MOVABLE}` }, operation, lease);
}

/** Gives new homes to monitors that are at home on `from`. One that was pinned there meanwhile stays. */
export function rehome(ways: readonly Way[], operation: number, lease: Lease): Result<number> {
    const set = `m.node_id = ${TARGET}, m.assigned_node = NULL`;
    const where = `{owner} = ${SOURCE} AND m.node_id = ${SOURCE} AND ${MOVABLE}`;
    return write(ways, { set, where }, operation, lease);
}

/** Gives homes to monitors that have none. */
export function adopt(destinations: readonly Destination[], operation: number, lease: Lease): Result<number> {
    const set = `m.node_id = ${TARGET}, m.assigned_node = NULL`;
    return write(ways_from("", destinations), { set, where: "m.node_id IS NULL" }, operation, lease);
}

/**
 * Makes the nodes that run the monitors of an offline node their homes: it is not to come back. No monitor moves, so it
 * takes no lease.
 */
export function settle(home: string): Result<number> {
    const [result, err] = db.query<OkResult>(
        db.format(
            "UPDATE monitor m SET m.node_id = m.assigned_node, m.assigned_node = NULL WHERE m.node_id = ?" +
                " AND m.assigned_node IS NOT NULL" +
                " AND EXISTS (SELECT 1 FROM node n WHERE n.node_id = ? AND n.status = 'offline')",
            home,
            home,
        ),
    );
    if (result === undefined) {
        return $multi(undefined, `cannot settle the monitors of ${home}: ${err}`);
    }
    return $multi(result.affected_rows);
}

/** Lets the home node run its monitors again. */
export function send_home(ids: readonly number[], home: string, operation: number, lease: Lease): Result<number> {
    const where = db.format("m.node_id = ? AND m.assigned_node IS NOT NULL", home);
    return write([{ from: "", node_id: home, ids }], { set: "m.assigned_node = NULL", where }, operation, lease);
}

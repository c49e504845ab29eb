/* What moves monitors, as rows with a progress that outlive the load balancer that leads: see cluster_operation. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { number, read_fields } from "./column";
import type { Column } from "./column";
import { fence } from "./lease";
import type { Lease } from "./lease";

/** `rebalancing` evens out, `redistribution` places every monitor anew, `correction` moves what did not beat. */
export type OperationType =
    "failover" | "recovery" | "adoption" | "drain" | "correction" | "rebalancing" | "redistribution";

export interface Operation {
    id: number;
    type: OperationType;
    node_id?: string;
    status: "requested" | "running" | "done";
    epoch?: number;
    actor: string;
    reason: string;
    /** Monitors that it meant to move when it began. */
    planned: number;
    moved: number;
    /** Moved monitors whose first beat is awaited. */
    waiting: number;
    /** 1 while the next batch has to wait for one of them, else 0. */
    holding: number;
    /** Moved monitors that did not beat in time. */
    late: number;
    /** The longest time between two beats of a monitor that it moved, in ms. */
    gap_ms?: number;
    /** Times of the database, UTC. */
    requested_at: string;
    started_at?: string;
    finished_at?: string;
}

/** Seconds for which a monitor that is awaited holds up others: one that is checked once a day must not for two days. */
const HOLD = 150;

const MOVES = "FROM cluster_move c WHERE c.operation = o.id AND c.state =";
const COLUMNS =
    `o.*, (SELECT COUNT(*) ${MOVES} 'waiting') AS waiting, (SELECT COUNT(*) ${MOVES} 'late') AS late,` +
    ` EXISTS (SELECT 1 ${MOVES} 'waiting' AND c.moved_at > NOW(6) - INTERVAL ${HOLD} SECOND) AS holding`;

const NUMBERS = ["id", "epoch", "planned", "moved", "waiting", "holding", "late", "gap_ms"];
const TEXTS = ["type", "node_id", "status", "actor", "reason", "requested_at", "started_at", "finished_at"];

function to_operation(row: Record<string, Column>): Operation {
    const operation: Record<string, Column> = {};
    read_fields(operation, row, NUMBERS, TEXTS);
    return operation as unknown as Operation;
}

function select(rest: string): Result<Operation[]> {
    const [rows, err] = db.query<Record<string, Column>[]>(`SELECT ${COLUMNS} FROM cluster_operation o ${rest}`);
    if (rows === undefined) {
        return $multi(undefined, "cannot read operations: " + err);
    }
    const operations: Operation[] = [];
    for (const row of rows) {
        table.insert(operations, to_operation(row));
    }
    return $multi(operations);
}

/** What was requested or runs, oldest first. */
export function open(): Result<Operation[]> {
    return select("WHERE o.status IN ('requested', 'running') ORDER BY o.id");
}

/** The latest operations of the types, newest first. */
export function latest(types: readonly OperationType[], limit: number): Result<Operation[]> {
    return select(`WHERE o.type IN (${db.quote_list(types)}) ORDER BY o.id DESC LIMIT ${limit}`);
}

/** One operation, or nil without an error when there is none of this id. */
export function find(id: number): LuaMultiReturn<[operation: Operation | undefined, err?: string]> {
    const [rows, err] = select(db.format("WHERE o.id = ?", id));
    if (rows === undefined) {
        return $multi(undefined, err);
    }
    return $multi(rows[0]);
}

/** Asks the leader for an operation; whoever leads begins it within a second. Returns its id. */
export function request(type: OperationType, actor: string, reason: string): Result<number> {
    const [result, err] = db.query<OkResult>(
        db.format("INSERT INTO cluster_operation (type, actor, reason) VALUES (?, ?, ?)", type, actor, reason),
    );
    if (result === undefined) {
        return $multi(undefined, "cannot ask for an operation: " + err);
    }
    return $multi(result.insert_id);
}

/** Begins an operation of the leader's own. Returns its id, or nil and the error; a leader that is none gets an error. */
export function begin(
    type: OperationType,
    node_id: string | undefined,
    reason: string,
    planned: number,
    actor: string,
    lease: Lease,
): Result<number> {
    const [result, err] = db.query<OkResult>(
        db.format(
            "INSERT INTO cluster_operation (type, node_id, status, epoch, actor, reason, planned, started_at)" +
                " SELECT ?, ?, 'running', l.epoch, ?, ?, ?, NOW(6) FROM (SELECT 1) one",
            type,
            node_id,
            actor,
            string.sub(reason, 1, 500),
            planned,
        ) + fence(lease),
    );
    if (result === undefined) {
        return $multi(undefined, "cannot begin an operation: " + err);
    }
    if (result.affected_rows === 0) {
        return $multi(undefined, `cannot begin an operation: the lease of epoch ${lease.epoch} is over`);
    }
    return $multi(result.insert_id);
}

/** Seconds since a node last changed its status or an operation ended; 0 while one is open. */
export function quiet_seconds(): Result<number> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT IF(EXISTS (SELECT 1 FROM cluster_operation WHERE status IN ('requested', 'running')), 0," +
            " TIMESTAMPDIFF(MICROSECOND, GREATEST(COALESCE((SELECT MAX(status_since) FROM node), '1971-01-01')," +
            " COALESCE((SELECT MAX(o.finished_at) FROM" +
            " (SELECT finished_at FROM cluster_operation ORDER BY id DESC LIMIT 20) o), '1971-01-01')), NOW(6)) / 1e6)" +
            " AS quiet",
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read since when it is quiet: " + err);
    }
    return $multi(number(rows[0]?.quiet) ?? 0);
}

function change(id: number, set: string, lease: Lease, condition = ""): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        `UPDATE cluster_operation o ${fence(lease)} SET ${set} WHERE ${db.format("o.id = ?", id)}${condition}`,
    );
    if (result === undefined) {
        return $multi(undefined, "cannot change an operation: " + err);
    }
    return $multi(result.affected_rows === 1);
}

/** Begins what was requested, with the number of moves that are planned now. False when the lease is over. */
export function start(id: number, planned: number, lease: Lease): Result<boolean> {
    const set = "o.status = 'running', o.epoch = l.epoch, o.started_at = NOW(6), o.planned = ?";
    return change(id, db.format(set, planned), lease);
}

/** Notes that it has moved more monitors. */
export function progress(id: number, moved: number, lease: Lease): Result<boolean> {
    return change(id, db.format("o.moved = o.moved + ?, o.planned = GREATEST(o.planned, o.moved)", moved), lease);
}

/** Ends an operation, with the longest gap of its moves. False when it awaits a beat, or the lease is over. */
export function finish(id: number, lease: Lease): Result<boolean> {
    const set =
        "o.status = 'done', o.finished_at = NOW(6)," +
        // A leader that died between a move and its progress has left the count too low.
        " o.moved = (SELECT COUNT(*) FROM cluster_move c WHERE c.operation = o.id)," +
        " o.gap_ms = (SELECT MAX(TIMESTAMPDIFF(MICROSECOND, c.last_beat, c.first_beat)) DIV 1000" +
        ` ${MOVES} 'beating')`;
    return change(id, set, lease, ` AND NOT EXISTS (SELECT 1 ${MOVES} 'waiting')`);
}

const KEEP_DAYS = 30;

/** Drops operations that ended long ago and of which no move is left. */
export function prune(): Result<true> {
    const [done, err] = db.query(
        `DELETE FROM cluster_operation WHERE finished_at < NOW(6) - INTERVAL ${KEEP_DAYS} DAY AND NOT EXISTS` +
            " (SELECT 1 FROM cluster_move c WHERE c.operation = cluster_operation.id) LIMIT 1000",
    );
    if (done === undefined) {
        return $multi(undefined, "cannot prune operations: " + err);
    }
    return $multi(true);
}

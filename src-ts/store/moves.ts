/* The log of moves: whether each moved monitor beats at its new node, and what became of it. See cluster_move. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { number, read_fields, text } from "./column";
import type { Column } from "./column";
import { MOVABLE } from "./pins";
import { comparable, is_missing_table, owner_expression } from "./schema";

/** A monitor that was moved, as an explanation of where it runs. */
export interface Move {
    id: number;
    operation: number;
    type: string;
    reason: string;
    monitor_id: number;
    from_node?: string;
    to_node: string;
    epoch: number;
    state: string;
    moved_at: string;
    last_beat?: string;
    first_beat?: string;
    /** From the last beat before the move to the first after it. */
    gap_ms?: number;
}

/** A monitor that does not beat where it was moved to. */
export interface LateMove {
    readonly monitor_id: number;
    readonly to_node: string;
    /** Seconds between two checks. */
    readonly interval: number;
    /** It was moved because it was late before: there is no use in going on. */
    readonly corrected: boolean;
}

/**
 * Seconds that a monitor has for its first beat: the schedule of the old node goes on, a check may take as long as the
 * interval, and a start takes its time.
 */
const DUE = "(2 * c.seconds + 10)";

/** A monitor whose last beat is older than this had stopped before it was moved: no beat is to be expected. */
const ALIVE = "(3 * c.seconds + 60)";

/** The moves of operations that run, by the index that begins with the operation. */
const OF_RUNNING = "JOIN cluster_operation o ON o.id = c.operation AND o.status = 'running'";
/** The new node, in whatever collation the database speaks. */
const TO_NODE = comparable("c.to_node");
const AWAITED = "WHERE c.state = 'waiting'";

function run(what: string, sql: string): Result<number> {
    const [result, err] = db.query<OkResult>(sql);
    if (result === undefined) {
        if (is_missing_table(err)) {
            return $multi(0);
        }
        return $multi(undefined, `cannot ${what}: ${err}`);
    }
    return $multi(result.affected_rows);
}

function read_beats(): Result<number> {
    const beat = (which: string, ids: string): string =>
        "(SELECT h.time FROM heartbeat h WHERE h.id = " +
        `(SELECT ${which}(b.id) FROM heartbeat b WHERE b.monitor_id = c.monitor_id AND b.id ${ids} c.beat_id))`;
    return run(
        "look for the beats of moved monitors",
        `UPDATE cluster_move c ${OF_RUNNING} SET c.last_beat = COALESCE(c.last_beat, ${beat("MAX", "<=")}),` +
            ` c.first_beat = ${beat("MIN", ">")} ${AWAITED}`,
    );
}

/**
 * Looks at the moves whose first beat is awaited: which of them beat, and which are late. None is late while the database
 * has not been there for longer than the wait, in seconds.
 * @returns how many have left the state `waiting`
 */
export function settle(database_age: number): Result<number> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        if (is_missing_table(owner_err)) {
            return $multi(0);
        }
        return $multi(undefined, owner_err);
    }
    const [superseded, err] = run(
        "look for monitors that moved on",
        `UPDATE cluster_move c ${OF_RUNNING} LEFT JOIN monitor m ON m.id = c.monitor_id SET c.state = 'superseded'` +
            ` ${AWAITED} AND (m.id IS NULL OR m.active = 0 OR ${owner} <> ${TO_NODE})`,
    );
    if (superseded === undefined) {
        return $multi(undefined, err);
    }
    const [read, read_err] = read_beats();
    if (read === undefined) {
        return $multi(undefined, read_err);
    }
    const [settled, settle_err] = run(
        "settle moves",
        `UPDATE cluster_move c ${OF_RUNNING} SET c.state = CASE WHEN c.first_beat IS NOT NULL THEN 'beating'` +
            ` WHEN c.last_beat IS NULL OR c.last_beat < c.moved_at - INTERVAL ${ALIVE} SECOND THEN 'idle' ELSE 'late' END` +
            ` ${AWAITED} AND (c.first_beat IS NOT NULL OR c.last_beat IS NULL` +
            ` OR c.last_beat < c.moved_at - INTERVAL ${ALIVE} SECOND OR (c.moved_at < NOW(6) - INTERVAL ${DUE} SECOND` +
            ` AND ${DUE} < ${db.quote(database_age)}))`,
    );
    if (settled === undefined) {
        return $multi(undefined, settle_err);
    }
    return $multi(superseded + settled);
}

/** The moves of running operations that are late, and after which nobody has moved, paused or pinned the monitor. */
export function late(): Result<LateMove[]> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        return $multi(undefined, owner_err);
    }
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT c.monitor_id, c.to_node, c.seconds, o.type FROM cluster_operation o" +
            " JOIN cluster_move c ON c.operation = o.id AND c.state = 'late'" +
            ` JOIN monitor m ON m.id = c.monitor_id AND m.active = 1 AND ${owner} = ${TO_NODE} AND ${MOVABLE}` +
            " WHERE o.status = 'running' AND NOT EXISTS" +
            " (SELECT 1 FROM cluster_move n WHERE n.monitor_id = c.monitor_id AND n.id > c.id) ORDER BY c.id",
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read late moves: " + err);
    }
    const moves: LateMove[] = [];
    for (const row of rows) {
        table.insert(moves, {
            monitor_id: number(row.monitor_id) ?? 0,
            to_node: text(row.to_node) ?? "",
            interval: number(row.seconds) ?? 60,
            corrected: text(row.type) === "correction",
        });
    }
    return $multi(moves);
}

const TEXTS = ["type", "reason", "from_node", "to_node", "state", "moved_at", "last_beat", "first_beat"];

/** The latest moves of a monitor, newest first. A move may outlive its operation in the table. */
export function of_monitor(monitor_id: number, limit: number): Result<Move[]> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        db.format(
            "SELECT c.*, IFNULL(o.type, 'operation') AS type, IFNULL(o.reason, 'of what nobody knows any more') AS reason, TIMESTAMPDIFF(MICROSECOND, c.last_beat, c.first_beat) DIV 1000 AS gap_ms" +
                " FROM cluster_move c LEFT JOIN cluster_operation o ON o.id = c.operation WHERE c.monitor_id = ? ORDER BY c.id DESC LIMIT ?",
            monitor_id,
            limit,
        ),
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read moves: " + err);
    }
    const moves: Move[] = [];
    for (const row of rows) {
        const move = { monitor_id } as unknown as Record<string, Column>;
        read_fields(move, row, ["id", "operation", "epoch", "gap_ms"], TEXTS);
        table.insert(moves, move as unknown as Move);
    }
    return $multi(moves);
}

/** Days and rows for which the log is kept. */
const KEEP_DAYS = 30;
const KEEP_ROWS = 1000000;

/** Drops what is too old or too much of the log, but never the last move of a monitor that is away from its home. */
export function prune(): Result<true> {
    const [pruned, err] = run(
        "prune the log of moves",
        db.format(
            "DELETE FROM cluster_move WHERE (moved_at < NOW(6) - INTERVAL ? DAY OR id + ? <=" +
                " (SELECT last FROM (SELECT MAX(id) AS last FROM cluster_move) AS newest)) AND monitor_id NOT IN" +
                " (SELECT id FROM monitor WHERE assigned_node IS NOT NULL) LIMIT 10000",
            KEEP_DAYS,
            KEEP_ROWS,
        ),
    );
    if (pruned === undefined) {
        return $multi(undefined, err);
    }
    return $multi(true);
}

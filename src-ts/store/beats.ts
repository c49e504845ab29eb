/* Reads the rows of heartbeat that have come since the last look: which checks are missing, which came twice. */
import * as db from "../db";
import { number } from "./column";
import type { Column } from "./column";
import { is_missing_table } from "./schema";

export interface BeatCounts {
    /** The row up to which was counted: where the next look begins. */
    readonly last_id: number;
    readonly beats: number;
    readonly missed: number;
    readonly duplicates: number;
}

/** Rows of one look at most; what is beyond comes next time. */
const ROWS = 20000;

/** A longer pause than so many intervals and ten minutes is no miss: somebody had paused the monitor. */
const PAUSE = "(10 * x.seconds + 600)";

/** The id of the last beat; 0 when there is none. */
export function last_id(): Result<number> {
    const [rows, err] = db.query<Record<string, Column>[]>("SELECT MAX(id) AS id FROM heartbeat");
    if (rows === undefined) {
        if (is_missing_table(err)) {
            return $multi(0);
        }
        return $multi(undefined, "cannot read heartbeats: " + err);
    }
    return $multi(number(rows[0]?.id) ?? 0);
}

/**
 * Counts the beats after the row `since`, by the time to the beat before of the same monitor: more than one and a half
 * intervals and ten seconds are missed checks; less than half of the interval between retries, soon after a move, is a
 * check of two nodes. Push monitors beat when they are pushed and do not count.
 */
export function count_since(since: number): Result<BeatCounts> {
    const [end, end_err] = last_id();
    if (end === undefined) {
        return $multi(undefined, end_err);
    }
    const until = math.min(end, since + ROWS);
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT COUNT(*) AS beats," +
            ` SUM(IF(x.gap > 1.5 * x.seconds + 10 AND x.gap < ${PAUSE}, ROUND(x.gap / x.seconds) - 1, 0)) AS missed,` +
            " SUM(x.gap * 2 < x.shortest AND x.is_moved) AS duplicates FROM" +
            " (SELECT GREATEST(m.`interval`, 1) AS seconds, LEAST(m.`interval`, m.retry_interval) AS shortest," +
            " EXISTS (SELECT 1 FROM cluster_move c WHERE c.monitor_id = h.monitor_id AND" +
            " c.moved_at > NOW(6) - INTERVAL 2 MINUTE) AS is_moved, TIMESTAMPDIFF(SECOND, (SELECT p.time FROM heartbeat p" +
            " WHERE p.monitor_id = h.monitor_id AND p.id < h.id ORDER BY p.id DESC LIMIT 1), h.time) AS gap" +
            " FROM heartbeat h JOIN monitor m ON m.id = h.monitor_id" +
            db.format(" WHERE h.id > ? AND h.id <= ? AND m.type <> 'push') x", since, until),
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot count heartbeats: " + err);
    }
    const row = rows[0];
    return $multi({
        last_id: until,
        beats: number(row?.beats) ?? 0,
        missed: number(row?.missed) ?? 0,
        duplicates: number(row?.duplicates) ?? 0,
    });
}

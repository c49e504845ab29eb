import type { Database } from "../database";

export interface HeartbeatRow {
    id: number;
    status: number;
    msg: string | null;
    ping: number | null;
    important: number;
    duration: number;
    down_count: number;
    time: string;
}

/**
 * A monitor's heartbeats from the newest to the oldest, those with an id below `before` when that is given.
 * Throws what mysql2 throws.
 */
export function heartbeats(
    database: Database,
    monitorId: number,
    page: { limit: number; before: number | undefined; important: boolean | undefined },
): Promise<HeartbeatRow[]> {
    const conditions = ["monitor_id = ?"];
    const values: unknown[] = [monitorId];
    if (page.before !== undefined) {
        conditions.push("id < ?");
        values.push(page.before);
    }
    if (page.important !== undefined) {
        conditions.push("important = ?");
        values.push(page.important ? 1 : 0);
    }
    return database.query<HeartbeatRow>(
        `SELECT id, status, msg, ping, important, duration, down_count, time FROM heartbeat
         WHERE ${conditions.join(" AND ")} ORDER BY id DESC LIMIT ?`,
        [...values, page.limit],
    );
}

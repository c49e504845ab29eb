import type { Database } from "../database";

/** A stored beat as Kuma's table has it, with the user who sees it. The columns differ from version to version. */
export interface BeatRow extends Record<string, unknown> {
    readonly id: number;
    readonly monitor_id: number;
    readonly status: number;
    readonly ping: number | string | null;
    /** UTC, without a zone. */
    readonly time: string;
    readonly user_id: number | null;
}

const MOST_ROWS = 2000;

/** The id of the latest beat, 0 when there is none. */
export async function lastBeatId(database: Database): Promise<number> {
    const rows = await database.query<{ id: number | string | null }>("SELECT MAX(id) AS id FROM heartbeat");
    return Number(rows[0]?.id ?? 0);
}

/** The beats after `last`, oldest first, 2000 at most, and those of `holes` that are there by now. */
export async function beatsSince(database: Database, last: number, holes: readonly number[]): Promise<BeatRow[]> {
    const late = holes.length === 0 ? "" : ` OR heartbeat.id IN (${holes.join(",")})`;
    const rows = await database.query<BeatRow>(
        `SELECT heartbeat.*, monitor.user_id FROM heartbeat JOIN monitor ON monitor.id = heartbeat.monitor_id
         WHERE heartbeat.id > ?${late} ORDER BY heartbeat.id LIMIT ${MOST_ROWS}`,
        [last],
    );
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
}

/** The user who sees a monitor, or nothing when it was deleted. */
export async function userOfMonitor(database: Database, id: number): Promise<number | undefined> {
    const rows = await database.query<{ user: number | null }>("SELECT user_id AS user FROM monitor WHERE id = ?", [
        id,
    ]);
    return rows[0]?.user ?? undefined;
}

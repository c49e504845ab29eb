import type { Database } from "../database";

/** A push monitor that is active. */
export interface PushMonitor {
    readonly id: number;
    /** The node that runs it, null while it has none. */
    readonly owner: string | null;
    /** When it was read, by the database's clock, in milliseconds since 1970. */
    readonly readMs: number;
}

/** The active monitor with this push token, or nothing. Throws what mysql2 throws. */
export async function pushMonitor(database: Database, token: string): Promise<PushMonitor | undefined> {
    const rows = await database.query<{ id: number; owner: string | null; seconds: string }>(
        `SELECT id, COALESCE(assigned_node, node_id) AS owner, UNIX_TIMESTAMP(NOW(6)) AS seconds FROM monitor WHERE push_token = ? AND active = 1
         ORDER BY id LIMIT 1`,
        [token],
    );
    const [row] = rows;
    return row === undefined ? undefined : { id: row.id, owner: row.owner, readMs: Number(row.seconds) * 1000 };
}

import type { Database } from "../database";

/** A push monitor that is active. */
export interface PushMonitor {
    readonly id: number;
    /** The node that runs it, null while it has none. */
    readonly owner: string | null;
}

/** The active monitor with this push token, or nothing. Throws what mysql2 throws. */
export async function pushMonitor(database: Database, token: string): Promise<PushMonitor | undefined> {
    const rows = await database.query<PushMonitor>(
        `SELECT id, COALESCE(assigned_node, node_id) AS owner FROM monitor WHERE push_token = ? AND active = 1
         ORDER BY id LIMIT 1`,
        [token],
    );
    return rows[0];
}

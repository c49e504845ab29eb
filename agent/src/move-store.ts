import type { Database } from "./database";

/** A move of a monitor by a load balancer, as it is logged with the change of its owner. */
export interface Move {
    readonly from: string;
    /** By the database's clock. */
    readonly at: string;
}

/** More than are ever made while anybody waits for an old owner: the rest of the log is not read. */
const LATEST = 200_000;

interface RawMove {
    monitor_id: number;
    from_node: string;
    moved_at: string;
}

/**
 * The moves of the monitors within the last `withinMs`, by monitor id; those without any are not in the result. A move
 * from nowhere is none. Throws what mysql2 throws.
 */
export async function recentMoves(
    database: Database,
    ids: readonly number[],
    withinMs: number,
): Promise<Map<number, Move[]>> {
    const rows = await database.query<RawMove>(
        `SELECT monitor_id, from_node, moved_at FROM cluster_move
         WHERE monitor_id IN (?) AND id > (SELECT GREATEST(MAX(id), ?) FROM cluster_move) - ?
           AND moved_at > NOW(6) - INTERVAL ? MICROSECOND AND from_node IS NOT NULL ORDER BY id`,
        [ids, LATEST, LATEST, withinMs * 1000],
    );
    const moves = new Map<number, Move[]>();
    for (const { monitor_id: id, from_node: from, moved_at: at } of rows) {
        moves.set(id, [...(moves.get(id) ?? []), { from, at }]);
    }
    return moves;
}

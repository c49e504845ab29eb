import type { Database } from "../database";

export interface NodeListRow {
    node_id: string;
    node_name: string;
    host: string;
    status: string;
    is_primary: number;
    region: string | null;
    version: string | null;
    last_seen: string | null;
}

/** Every node that ever registered. Throws what mysql2 throws, as do all of these. */
export function allNodes(database: Database): Promise<NodeListRow[]> {
    return database.query<NodeListRow>(
        "SELECT node_id, node_name, host, status, is_primary, region, version, last_seen FROM node ORDER BY node_id",
    );
}

/** How many monitors each node owns, and how many of them are active; a node without any is not in the result. */
export async function monitorCounts(database: Database): Promise<Map<string, { assigned: number; active: number }>> {
    // Not a join with the node table: the two may have different collations.
    const rows = await database.query<{ owner: string; assigned: number | string; active: number | string }>(
        `SELECT owner_node AS owner, COUNT(*) AS assigned, SUM(active = 1) AS active
         FROM monitor WHERE owner_node IS NOT NULL GROUP BY owner_node`,
    );
    return new Map(rows.map((row) => [row.owner, { assigned: Number(row.assigned), active: Number(row.active) }]));
}

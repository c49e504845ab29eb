import type { MonitorRow } from "./assignment";
import type { Database } from "./database";
import type { LastBeat } from "./schedule";

const BATCH = 200;
const ROW = "SELECT id, active, COALESCE(assigned_node, node_id) AS owner, cluster_mtime AS mtime FROM monitor";

interface RawMonitorRow {
    id: number;
    active: number;
    owner: string | null;
    mtime: string;
}

function toRow(raw: RawMonitorRow): MonitorRow {
    return { id: raw.id, active: raw.active === 1, owner: raw.owner, mtime: raw.mtime };
}

/** Every monitor. */
export async function allMonitors(database: Database): Promise<MonitorRow[]> {
    return (await database.query<RawMonitorRow>(ROW)).map(toRow);
}

/**
 * The monitors that changed since `mtime`, and those of the three seconds before it: a change becomes visible when its
 * transaction ends, but carries the time of its statement.
 */
export async function changedMonitors(database: Database, mtime: string): Promise<MonitorRow[]> {
    const sql = `${ROW} WHERE cluster_mtime >= CAST(? AS DATETIME(6)) - INTERVAL 3 SECOND`;
    return (await database.query<RawMonitorRow>(sql, [mtime])).map(toRow);
}

/** One monitor, or nothing when it was deleted. */
export async function oneMonitor(database: Database, id: number): Promise<MonitorRow | undefined> {
    const rows = await database.query<RawMonitorRow>(`${ROW} WHERE id = ?`, [id]);
    return rows[0] === undefined ? undefined : toRow(rows[0]);
}

/** Which process has the node's row, what load balancers take it for, and how many active monitors the node owns. */
export async function nodeView(
    database: Database,
    nodeId: string,
): Promise<{ bootId: string | null; status: string | null; assigned: number }> {
    const rows = await database.query<{ boot_id: string | null; status: string | null; assigned: number | string }>(
        `SELECT node.boot_id, node.status, owned.assigned
         FROM (SELECT COUNT(*) AS assigned FROM monitor WHERE owner_node = ? AND active = 1) AS owned
         LEFT JOIN node ON node.node_id = ?`,
        [nodeId, nodeId],
    );
    const [row] = rows;
    return { bootId: row?.boot_id ?? null, status: row?.status ?? null, assigned: Number(row?.assigned ?? 0) };
}

/** How many active monitors each node owns; a node without any is not in the result. */
export async function activeCounts(database: Database): Promise<Map<string, number>> {
    // Not a join with the node table: the two may have different collations.
    const rows = await database.query<{ owner: string; count: number | string }>(
        "SELECT owner_node AS owner, COUNT(*) AS count FROM monitor WHERE active = 1 AND owner_node IS NOT NULL GROUP BY owner_node",
    );
    return new Map(rows.map((row) => [row.owner, Number(row.count)]));
}

/** Gives a monitor without a home one. Returns false when it has one already. */
export async function setHome(database: Database, id: number, nodeId: string): Promise<boolean> {
    const sql = "UPDATE monitor SET node_id = ? WHERE id = ? AND node_id IS NULL";
    return (await database.change(sql, [nodeId, id])) === 1;
}

interface RawBeat {
    monitor_id: number;
    status: number;
    time: string;
    age_us: number | string;
    ping: number | null;
}

/** The last beat of each of the monitors, by monitor id; those without a beat are not in the result. */
export async function lastBeats(database: Database, ids: readonly number[]): Promise<Map<number, LastBeat>> {
    const beats = new Map<number, LastBeat>();
    for (let first = 0; first < ids.length; first += BATCH) {
        const rows = await database.query<RawBeat>(
            `SELECT beat.monitor_id, beat.status, beat.time, beat.ping,
                    TIMESTAMPDIFF(MICROSECOND, beat.time, UTC_TIMESTAMP(6)) AS age_us
             FROM (SELECT monitor_id, MAX(time) AS time FROM heartbeat WHERE monitor_id IN (?) GROUP BY monitor_id) AS last
             JOIN heartbeat AS beat ON beat.monitor_id = last.monitor_id AND beat.time = last.time`,
            [ids.slice(first, first + BATCH)],
        );
        for (const row of rows) {
            const { time, status, ping } = row;
            beats.set(row.monitor_id, { time, status, ping, ageMs: Number(row.age_us) / 1000 });
        }
    }
    return beats;
}

import type { Database } from "../database";
import type { RedBean } from "../kuma";
import type { MonitorModelBean } from "../kuma-modules";
import type { Page } from "./query";

/** Where a monitor lives and where it runs. */
export interface Placement {
    readonly node_id: string | null;
    readonly assigned_node: string | null;
    readonly owner_node: string | null;
    /** It never leaves its home. */
    readonly pinned: boolean;
}

/** Which monitors are asked for; what is undefined does not matter. */
export interface MonitorFilter {
    readonly user: number;
    readonly type: string | undefined;
    /** The monitor's own switch, whatever its groups say. */
    readonly active: boolean | undefined;
    /** The node that runs it. */
    readonly node: string | undefined;
    /** A part of the name. */
    readonly name: string | undefined;
    /** The name of a tag. */
    readonly tag: string | undefined;
}

const PLACEMENT = `node_id, assigned_node, COALESCE(assigned_node, node_id) AS owner_node,
    EXISTS (SELECT 1 FROM cluster_pin WHERE monitor_id = monitor.id) AS pinned`;

/** A text as LIKE finds it anywhere. */
function anywhere(text: string): string {
    return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

function conditions(filter: MonitorFilter): { sql: string; values: unknown[] } {
    const parts: [string, unknown][] = [["user_id = ?", filter.user]];
    if (filter.type !== undefined) parts.push(["type = ?", filter.type]);
    if (filter.active !== undefined) parts.push(["active = ?", filter.active ? 1 : 0]);
    if (filter.node !== undefined) parts.push(["COALESCE(assigned_node, node_id) = ?", filter.node]);
    if (filter.name !== undefined) parts.push(["name LIKE ?", anywhere(filter.name)]);
    if (filter.tag !== undefined) {
        const sql = "SELECT monitor_id FROM monitor_tag JOIN tag ON tag.id = tag_id WHERE tag.name = ?";
        parts.push([`id IN (${sql})`, filter.tag]);
    }
    return { sql: parts.map(([sql]) => sql).join(" AND "), values: parts.map(([, value]) => value) };
}

/** The ids of one page of the monitors that fit, in their order, and how many fit. Throws what mysql2 throws. */
export async function monitorIds(
    database: Database,
    filter: MonitorFilter,
    page: Page,
): Promise<{ ids: number[]; total: number }> {
    const { sql, values } = conditions(filter);
    const [rows, counts] = await Promise.all([
        database.query<{ id: number }>(`SELECT id FROM monitor WHERE ${sql} ORDER BY id LIMIT ? OFFSET ?`, [
            ...values,
            page.limit,
            page.offset,
        ]),
        database.query<{ total: number | string }>(`SELECT COUNT(*) AS total FROM monitor WHERE ${sql}`, values),
    ]);
    return { ids: rows.map((row) => row.id), total: Number(counts[0]?.total ?? 0) };
}

/** Where these monitors live and run, by their ids. Throws what mysql2 throws. */
export async function placements(database: Database, ids: readonly number[]): Promise<Map<number, Placement>> {
    if (ids.length === 0) return new Map();
    const sql = `SELECT id, ${PLACEMENT} FROM monitor WHERE id IN (?)`;
    const rows = await database.query<Omit<Placement, "pinned"> & { id: number; pinned: number }>(sql, [ids]);
    return new Map(rows.map(({ id, pinned, ...nodes }) => [id, { ...nodes, pinned: pinned === 1 }]));
}

/** Those of the monitors that are the user's, as Kuma's own objects in the order of their ids. Throws what redbean throws. */
export async function findMonitors(
    redbean: RedBean,
    ids: readonly number[],
    user: number,
): Promise<MonitorModelBean[]> {
    if (ids.length === 0) return [];
    const clause = ` id IN (${ids.map(Number).join(",")}) AND user_id = ? ORDER BY id `;
    return (await redbean.find("monitor", clause, [user])) as MonitorModelBean[];
}

/** The type and the own switch of a user's monitor, or nothing when there is none. Throws what mysql2 throws. */
export async function monitorKind(
    database: Database,
    id: number,
    user: number,
): Promise<{ type: string; active: boolean } | undefined> {
    const sql = "SELECT type, active FROM monitor WHERE id = ? AND user_id = ?";
    const rows = await database.query<{ type: string; active: number }>(sql, [id, user]);
    return rows[0] === undefined ? undefined : { type: rows[0].type, active: rows[0].active === 1 };
}

/** Gives a monitor to a node for good, if that node is online. Returns false when it is not. Throws what mysql2 throws. */
export async function setHomeNode(database: Database, id: number, nodeId: string): Promise<boolean> {
    const sql = `UPDATE monitor SET node_id = ?, assigned_node = NULL
                 WHERE id = ? AND EXISTS (SELECT 1 FROM node WHERE node_id = ? AND status = 'online')`;
    return (await database.change(sql, [nodeId, id, nodeId])) === 1;
}

/** Keeps a monitor at its home whatever happens to it, or no longer. Throws what mysql2 throws. */
export async function setPinned(database: Database, id: number, pinned: boolean): Promise<void> {
    const pin = "INSERT IGNORE INTO cluster_pin (monitor_id) VALUES (?)";
    await database.change(pinned ? pin : "DELETE FROM cluster_pin WHERE monitor_id = ?", [id]);
}

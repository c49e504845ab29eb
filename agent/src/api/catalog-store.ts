import type { Database } from "../database";
import type { Page } from "./query";

/** A part of a list and how many rows the whole has. */
export interface Part<Row> {
    readonly rows: Row[];
    readonly total: number;
}

interface Source {
    readonly columns: string;
    readonly table: string;
    readonly where: string;
    readonly values: readonly unknown[];
}

async function part<Row>(database: Database, source: Source, page: Page): Promise<Part<Row>> {
    const { columns, table, where, values } = source;
    const from = `FROM ${table} WHERE ${where}`;
    const paged = [...values, page.limit, page.offset];
    const [rows, counts] = await Promise.all([
        database.query<Row>(`SELECT ${columns} ${from} ORDER BY id LIMIT ? OFFSET ?`, paged),
        database.query<{ total: number | string }>(`SELECT COUNT(*) AS total ${from}`, values),
    ]);
    return { rows, total: Number(counts[0]?.total ?? 0) };
}

export interface NotificationRow {
    id: number;
    name: string | null;
    type: string | null;
    active: number;
    is_default: number;
}

/** One page of a user's notifications, without what they are configured with. Throws what mysql2 throws, as do all of these. */
export function notifications(database: Database, user: number, page: Page): Promise<Part<NotificationRow>> {
    const type = "IF(JSON_VALID(config), JSON_VALUE(config, '$.type'), NULL) AS type";
    const columns = `id, name, ${type}, active, is_default`;
    return part(database, { columns, table: "notification", where: "user_id = ?", values: [user] }, page);
}

/** Which of these ids are notifications of the user. */
export async function ownNotifications(database: Database, user: number, ids: readonly number[]): Promise<Set<number>> {
    if (ids.length === 0) return new Set();
    const sql = "SELECT id FROM notification WHERE user_id = ? AND id IN (?)";
    return new Set((await database.query<{ id: number }>(sql, [user, ids])).map((row) => row.id));
}

/** What Kuma's web page preselects for a new monitor: the notifications and the proxy that are marked as default. */
export async function preselected(
    database: Database,
    user: number,
): Promise<{ notifications: number[]; proxy: number | undefined }> {
    const [chosen, proxies] = await Promise.all([
        database.query<{ id: number }>("SELECT id FROM notification WHERE user_id = ? AND is_default = 1", [user]),
        database.query<{ id: number }>("SELECT id FROM proxy WHERE user_id = ? AND `default` = 1 LIMIT 1", [user]),
    ]);
    return { notifications: chosen.map((row) => row.id), proxy: proxies[0]?.id };
}

export interface StatusPageRow {
    id: number;
    slug: string;
    title: string;
    description: string | null;
    published: number;
}

/** One page of the status pages, which are of no user. */
export function statusPages(database: Database, page: Page): Promise<Part<StatusPageRow>> {
    const columns = "id, slug, title, description, published";
    return part(database, { columns, table: "status_page", where: "1 = 1", values: [] }, page);
}

export interface GroupRow {
    id: number;
    name: string | null;
    active: number;
    parent: number | null;
    node_id: string | null;
    assigned_node: string | null;
    owner_node: string | null;
}

/** One page of a user's groups of monitors. */
export function groups(database: Database, user: number, page: Page): Promise<Part<GroupRow>> {
    const columns = "id, name, active, parent, node_id, assigned_node, COALESCE(assigned_node, node_id) AS owner_node";
    const where = "type = 'group' AND user_id = ?";
    return part(database, { columns, table: "monitor", where, values: [user] }, page);
}

/** The ids of the monitors directly in each of these groups, by the group. */
export async function children(database: Database, ids: readonly number[]): Promise<Map<number, number[]>> {
    const found = new Map<number, number[]>(ids.map((id) => [id, []]));
    if (ids.length === 0) return found;
    const sql = "SELECT id, parent FROM monitor WHERE parent IN (?) ORDER BY id";
    const rows = await database.query<{ id: number; parent: number }>(sql, [ids]);
    for (const row of rows) found.get(row.parent)?.push(row.id);
    return found;
}

import type { Database } from "../database";

/** An event that a node tells the others. */
export interface OutgoingEvent {
    readonly type: string;
    readonly monitorId: number | null;
    readonly actor: string;
    readonly detail: string;
}

export interface StoredEvent {
    readonly id: number;
    readonly type: string;
    /** The node that it is from or about. */
    readonly nodeId: string | null;
    readonly detail: string | null;
}

const MOST_ROWS = 1000;
const ROW = "SELECT id, type, node_id AS nodeId, detail FROM cluster_event";

/** Appends events of this node in order. Throws what mysql2 throws. */
export async function appendEvents(
    database: Database,
    nodeId: string,
    events: readonly OutgoingEvent[],
): Promise<void> {
    const rows = events.map(({ type, monitorId, actor, detail }) => [type, nodeId, monitorId, actor, detail]);
    await database.change("INSERT INTO cluster_event (type, node_id, monitor_id, actor, detail) VALUES ?", [rows]);
}

/** The id of the latest event, 0 when there is none. */
export async function lastEventId(database: Database): Promise<number> {
    const rows = await database.query<{ id: number | string | null }>("SELECT MAX(id) AS id FROM cluster_event");
    return Number(rows[0]?.id ?? 0);
}

/** The events after `last`, oldest first, 1000 at most, and those of `holes` that are there by now. */
export async function eventsSince(database: Database, last: number, holes: readonly number[]): Promise<StoredEvent[]> {
    const late = holes.length === 0 ? "" : ` OR id IN (${holes.join(",")})`;
    const rows = await database.query<StoredEvent>(`${ROW} WHERE id > ?${late} ORDER BY id LIMIT ${MOST_ROWS}`, [last]);
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
}

/** The latest event of a type, or nothing when there is none. */
export async function latestEvent(database: Database, type: string): Promise<StoredEvent | undefined> {
    return (await database.query<StoredEvent>(`${ROW} WHERE type = ? ORDER BY id DESC LIMIT 1`, [type]))[0];
}

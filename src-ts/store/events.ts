/* The log of what the cluster did, as rows that every process can read. */
import * as db from "../db";
import * as json from "../lib/json";
import { number, text } from "./column";
import type { Column } from "./column";

export interface ClusterEvent {
    id: number;
    at: string;
    type: string;
    node_id?: string;
    monitor_id?: number;
    epoch?: number;
    actor: string;
    detail: unknown;
}

/** Rows that are kept, and for how many days. */
const KEEP_ROWS = 20000;
const KEEP_DAYS = 30;
const KEEP_TOLD_HOURS = 1;

/** Writes an event; `detail` becomes JSON. */
export function append(
    type: string,
    node_id: string,
    epoch: number,
    actor: string,
    detail: Record<string, unknown>,
): Result<true> {
    const [done, err] = db.query(
        db.format(
            "INSERT INTO cluster_event (type, node_id, epoch, actor, detail) VALUES (?, ?, ?, ?, ?)",
            type,
            node_id,
            epoch,
            actor,
            json.encode(detail),
        ),
    );
    if (done === undefined) {
        return $multi(undefined, "cannot write an event: " + err);
    }
    return $multi(true);
}

/** What can be told of a detail: nothing when it is no JSON, or a number in it is none that JSON can have. */
function read_detail(given: string): unknown {
    const [detail] = json.decode(given);
    const [is_sound] = pcall(json.encode, detail);
    return detail === undefined || !is_sound ? {} : detail;
}

function to_event(row: Record<string, Column>): ClusterEvent {
    const event: ClusterEvent = {
        id: number(row.id) ?? 0,
        at: text(row.at) ?? "",
        type: text(row.type) ?? "",
        actor: text(row.actor) ?? "",
        detail: read_detail(text(row.detail) ?? "{}"),
    };
    const node_id = text(row.node_id);
    if (node_id !== undefined) {
        event.node_id = node_id;
    }
    const epoch = number(row.epoch);
    if (epoch !== undefined) {
        event.epoch = epoch;
    }
    const monitor_id = number(row.monitor_id);
    if (monitor_id !== undefined) {
        event.monitor_id = monitor_id;
    }
    return event;
}

function select(rest: string): Result<ClusterEvent[]> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT id, at, type, node_id, monitor_id, epoch, actor, detail FROM cluster_event " + rest,
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read events: " + err);
    }
    const events: ClusterEvent[] = [];
    for (const row of rows) {
        table.insert(events, to_event(row));
    }
    return $multi(events);
}

/** The latest events of the given types, newest first. */
export function latest(types: readonly string[], limit: number): Result<ClusterEvent[]> {
    return select(`WHERE type IN (${db.quote_list(types)}) ORDER BY id DESC LIMIT ${limit}`);
}

/** What happened after the event of that id, oldest first; without what nodes tell each other. */
export function after(id: number, limit: number): Result<ClusterEvent[]> {
    return select(db.format("WHERE id > ? AND type NOT LIKE 'kuma.%' ORDER BY id LIMIT ?", id, limit));
}

/** How many events of the type there were for the node within the last `seconds`. */
export function count_recent(type: string, node_id: string, seconds: number): Result<number> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        db.format(
            "SELECT COUNT(*) AS n FROM cluster_event WHERE type = ? AND node_id = ? AND at > NOW(6) - INTERVAL ? SECOND",
            type,
            node_id,
            seconds,
        ),
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot count events: " + err);
    }
    return $multi(number(rows[0]?.n) ?? 0);
}

/** Drops events that are too old or too many. What nodes tell each other is read within seconds, and is no history. */
export function prune(): Result<true> {
    const [told, told_err] = db.query(
        db.format(
            "DELETE FROM cluster_event WHERE type LIKE 'kuma.%' AND type <> 'kuma.latest-version'" +
                " AND at < NOW(6) - INTERVAL ? HOUR LIMIT 10000",
            KEEP_TOLD_HOURS,
        ),
    );
    if (told === undefined) {
        return $multi(undefined, "cannot prune what nodes told each other: " + told_err);
    }
    const [done, err] = db.query(
        db.format(
            "DELETE FROM cluster_event WHERE at < NOW(6) - INTERVAL ? DAY OR id <= (SELECT id FROM" +
                " (SELECT id FROM cluster_event WHERE type NOT LIKE 'kuma.%' ORDER BY id DESC LIMIT 1 OFFSET ?)" +
                " AS oldest_kept) LIMIT 10000",
            KEEP_DAYS,
            KEEP_ROWS,
        ),
    );
    if (done === undefined) {
        return $multi(undefined, "cannot prune events: " + err);
    }
    return $multi(true);
}

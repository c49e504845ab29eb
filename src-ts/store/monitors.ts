/* Reads monitors: who runs which, who has no home, who serves a push token. */
import * as db from "../db";
import { number, text } from "./column";
import type { Column } from "./column";
import { MOVABLE } from "./pins";
import { comparable, COMPARABLE_NODE_ID, is_missing_table, owner_expression } from "./schema";

export interface MonitorRow {
    id: number;
    active: boolean;
    /** Seconds between two checks. */
    interval: number;
    /** The node that runs it now; nil when it has none. */
    owner?: string;
}

/** The condition of a monitor whose home may change: it runs at home and is not pinned to it. */
const SETTLED = `((m.assigned_node IS NULL OR m.assigned_node = m.node_id) AND ${MOVABLE})`;

/** Before the first node has prepared its tables there is nothing: `empty` then, else the error. */
function unless_missing<T>(empty: T, err: string): Result<T> {
    if (is_missing_table(err)) {
        return $multi(empty);
    }
    return $multi(undefined, "cannot read monitors: " + err);
}

function read(columns: string, where: string): Result<Record<string, Column>[]> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        return unless_missing([], owner_err);
    }
    const [rows, err] = db.query<Record<string, Column>[]>(
        `SELECT m.id, m.active, ${owner} AS owner, ${columns} FROM monitor m WHERE ` +
            string.gsub(where, "{owner}", owner)[0],
    );
    if (rows === undefined) {
        return unless_missing([], err);
    }
    return $multi(rows);
}

function select(where: string): Result<MonitorRow[]> {
    const [rows, err] = read("m.`interval` AS seconds", where);
    if (rows === undefined) {
        return $multi(undefined, err);
    }
    const monitors: MonitorRow[] = [];
    for (const row of rows) {
        const monitor: MonitorRow = {
            id: number(row.id) ?? 0,
            active: number(row.active) === 1,
            interval: number(row.seconds) ?? 60,
        };
        const name = text(row.owner);
        if (name !== undefined) {
            monitor.owner = name;
        }
        table.insert(monitors, monitor);
    }
    return $multi(monitors);
}

/** What the node runs now and may be moved elsewhere, paused monitors too, in the order of their ids. */
export function movable_of(node_id: string): Result<MonitorRow[]> {
    return select(db.format(`{owner} = ? AND ${MOVABLE} ORDER BY m.id`, node_id));
}

/** A monitor that some node runs. `movable`: it is at home and not pinned there. */
export interface PlacedRow {
    readonly id: number;
    readonly active: boolean;
    /** Seconds between two checks. */
    readonly interval: number;
    readonly owner: string;
    readonly movable: boolean;
}

/** All monitors that have an owner, in the order of their ids. */
export function placed(): Result<PlacedRow[]> {
    const [rows, err] = read(`m.\`interval\` AS seconds, ${SETTLED} AS movable`, "{owner} IS NOT NULL ORDER BY m.id");
    if (rows === undefined) {
        return $multi(undefined, err);
    }
    const monitors: PlacedRow[] = [];
    for (const row of rows) {
        table.insert(monitors, {
            id: number(row.id) ?? 0,
            active: number(row.active) === 1,
            interval: number(row.seconds) ?? 60,
            owner: text(row.owner) ?? "",
            movable: number(row.movable) === 1,
        });
    }
    return $multi(monitors);
}

/** Where a monitor belongs, where it is now and what keeps it there. */
export interface Whereabouts {
    readonly monitor_id: number;
    readonly name: string;
    readonly active: boolean;
    readonly pinned: boolean;
    readonly node_id?: string;
    readonly assigned_node?: string;
    readonly owner_node?: string;
}

/** The whereabouts of one monitor; nil without an error when there is none of this id. */
export function whereabouts(id: number): LuaMultiReturn<[found: Whereabouts | undefined, err?: string | undefined]> {
    const columns = `m.name, m.node_id, m.assigned_node, NOT ${MOVABLE} AS pinned`;
    const [rows, err] = read(columns, db.format("m.id = ?", id));
    const row = rows?.[0];
    if (row === undefined) {
        return $multi(undefined, err);
    }
    const found: Record<string, unknown> = {
        monitor_id: id,
        name: text(row.name) ?? "",
        active: number(row.active) === 1,
        pinned: number(row.pinned) === 1,
        node_id: text(row.node_id),
        assigned_node: text(row.assigned_node),
        owner_node: text(row.owner),
    };
    return $multi(found as unknown as Whereabouts);
}

/** Monitors without an owner, or with one that is not in the table node. */
export function without_owner(): Result<MonitorRow[]> {
    return select(
        `({owner} IS NULL OR NOT EXISTS (SELECT 1 FROM node n WHERE {owner} = ${COMPARABLE_NODE_ID})) ORDER BY m.id`,
    );
}

/**
 * Monitors whose home is the node and that run elsewhere because the cluster moved them, `limit` at most, active ones
 * first. One that somebody moved by hand is where the log of moves has not put it; one that did not beat at home stays
 * away for an hour.
 */
export function away_from(node_id: string, limit: number): Result<MonitorRow[]> {
    return select(
        db.format(
            "m.node_id = ? AND m.assigned_node IS NOT NULL AND m.assigned_node <> m.node_id AND EXISTS" +
                " (SELECT 1 FROM cluster_move c JOIN cluster_operation o ON o.id = c.operation" +
                " WHERE c.id = (SELECT MAX(l.id) FROM cluster_move l WHERE l.monitor_id = m.id)" +
                ` AND ${comparable("c.to_node")} = m.assigned_node` +
                ` AND (o.type <> 'correction' OR ${comparable("c.from_node")} <> m.node_id` +
                " OR c.moved_at < NOW(6) - INTERVAL 1 HOUR))" +
                " ORDER BY m.active DESC, m.id LIMIT ?",
            node_id,
            limit,
        ),
    );
}

/** Ids of the nodes that are home to a monitor which runs elsewhere, by whatever cause. */
export function homes_left(): Result<Record<string, boolean | undefined>> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        return unless_missing({}, owner_err);
    }
    const [rows, err] = db.query<Record<string, Column>[]>(
        `SELECT DISTINCT n.node_id FROM monitor m JOIN node n ON m.node_id = ${COMPARABLE_NODE_ID}` +
            " WHERE m.assigned_node IS NOT NULL AND m.assigned_node <> m.node_id",
    );
    if (rows === undefined) {
        return unless_missing({}, err);
    }
    const homes: Record<string, boolean | undefined> = {};
    for (const row of rows) {
        homes[text(row.node_id) ?? ""] = true;
    }
    return $multi(homes);
}

/** The node that runs the push monitor with this token; nil without an error when there is none. */
export function owner_of_push_token(
    token: string,
): LuaMultiReturn<[owner?: string | undefined, err?: string | undefined]> {
    const [rows, err] = select(db.format("m.push_token = ? AND m.active = 1 LIMIT 1", token));
    return $multi(rows?.[0]?.owner, err);
}

/* The rows of the table node, with the load of each node. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { parse_status } from "../lib/states";
import type { NodeStatus } from "../lib/states";
import type { NodePlace } from "../regions/node_checks";
import { number, read_fields, text } from "./column";
import type { Column } from "./column";
import { fence } from "./lease";
import type { Lease } from "./lease";
import { COMPARABLE_NODE_ID, is_missing_table, owner_expression } from "./schema";
import * as version from "./version";

/** What the control plane goes by. */
export interface NodeState {
    node_id: string;
    /** `name`, `name:port`, `ip:port` or `[ipv6]:port`. */
    host: string;
    status: NodeStatus;
    /** Active monitors that the node runs, by effective owner. */
    monitor_count: number;
    /** All monitors it owns, paused ones too. */
    monitor_total: number;
    /** Checks per second that its active monitors ask for. */
    load: number;
    /** As the database writes it, UTC. */
    status_since?: string | undefined;
    /** Seconds since the node's own last heartbeat, by the database's clock. */
    seen_age?: number;
    /** Seconds since the status changed, by the database's clock. */
    status_age?: number;
    /** Why the status is what it is, as a sentence; a good one too. */
    status_reason?: string;
    /** Since when an operator wants it empty. */
    drained_at?: string;
}

/** All that is known of a node. */
export interface NodeRow extends NodeState {
    node_name: string;
    is_primary: boolean;
    /** As the database writes it, UTC. */
    last_seen?: string;
    version?: string;
    region?: string;
}

/** The columns of a NodeState, loads and ages aside: with many nodes reading them twice a second is most of a quiet round's work. */
const STATE_COLUMNS = "n.node_id, n.host, n.status, n.status_since, n.last_error, n.drained_at";

const STATE_TEXTS = ["status_since", "drained_at"];
const AGES = ["seen_age", "status_age"];
const OTHER_TEXTS = ["last_seen", "version", "region"];

type Row = Record<string, Column>;

function to_state(row: Row): NodeState {
    const state: NodeState = {
        node_id: text(row.node_id) ?? "",
        host: text(row.host) ?? "",
        status: parse_status(text(row.status)),
        monitor_count: number(row.monitor_count) ?? 0,
        monitor_total: number(row.monitor_total) ?? 0,
        load: number(row.checks_per_second) ?? 0,
    };
    read_fields(state as unknown as Row, row, AGES, STATE_TEXTS);
    const reason = text(row.last_error);
    if (reason !== undefined) {
        state.status_reason = reason;
    }
    return state;
}

function to_row(row: Row): NodeRow {
    const node = to_state(row) as NodeRow;
    node.node_name = text(row.node_name) ?? node.node_id;
    node.is_primary = number(row.is_primary) === 1;
    read_fields(node as unknown as Row, row, [], OTHER_TEXTS);
    return node;
}

function load_subquery(): Result<string> {
    const [owner, err] = owner_expression();
    if (owner === undefined) {
        // Before the first node has prepared the monitor table nobody runs anything.
        if (is_missing_table(err)) {
            return $multi("(SELECT NULL AS owner, 0 AS active, 0 AS total, 0 AS checks_per_second)");
        }
        return $multi(undefined, err);
    }
    return $multi(
        `(SELECT ${owner} AS owner, SUM(m.active = 1) AS active, COUNT(*) AS total,` +
            " SUM(IF(m.active = 1, 1e0 / GREATEST(m.`interval`, 1), 0)) AS checks_per_second FROM monitor m GROUP BY owner)",
    );
}

/** Nodes with loads and ages in the order of their ids; no node table yet means no nodes. */
function read<T>(columns: string, convert: (this: void, row: Row) => T): Result<T[]> {
    const [loads, load_err] = load_subquery();
    if (loads === undefined) {
        return $multi(undefined, "cannot read nodes: " + load_err);
    }
    const [rows, err] = db.query<Row[]>(
        `SELECT ${columns}, c.active AS monitor_count, c.total AS monitor_total, c.checks_per_second,` +
            " TIMESTAMPDIFF(MICROSECOND, n.last_seen, NOW(6)) / 1000000 AS seen_age," +
            " TIMESTAMPDIFF(MICROSECOND, n.status_since, NOW(6)) / 1000000 AS status_age" +
            ` FROM node n LEFT JOIN ${loads} c ON c.owner = ${COMPARABLE_NODE_ID} ORDER BY n.node_id`,
    );
    if (rows === undefined) {
        if (is_missing_table(err)) {
            return $multi([]);
        }
        return $multi(undefined, "cannot read nodes: " + err);
    }
    const nodes: T[] = [];
    for (const row of rows) {
        table.insert(nodes, convert(row));
    }
    return $multi(nodes);
}

/** All nodes in the order of their ids, with their loads. No node table yet means no nodes. */
export function list(): Result<NodeRow[]> {
    // A table that somebody else made lacks columns until the schema is there.
    return read("n.*", to_row);
}

/** What a round goes by of each node, in the order of their ids; cheaper than list, and only once the schema is there. */
export function states(): Result<NodeState[]> {
    return read(STATE_COLUMNS, to_state);
}

/** Where each node is, in the order of their ids; cheaper than list. */
export function places(): Result<NodePlace[]> {
    const [rows, err] = db.query<Row[]>("SELECT node_id, host FROM node ORDER BY node_id");
    if (rows === undefined) {
        return $multi(undefined, "cannot read nodes: " + err);
    }
    const found: NodePlace[] = [];
    for (const row of rows) {
        table.insert(found, { node_id: text(row.node_id) ?? "", host: text(row.host) ?? "" });
    }
    return $multi(found);
}

/**
 * Changes a status from `from` to `to` with the reason as a sentence; only the holder of the lease can.
 * @returns false when the row or the lease has changed meanwhile
 */
export function set_status(
    node_id: string,
    from: NodeStatus,
    to: NodeStatus,
    reason: string,
    lease: Lease,
): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        `UPDATE node n ${fence(lease)}` +
            db.format(
                " SET n.status = ?, n.status_since = NOW(6), n.last_error = ? WHERE n.node_id = ? AND n.status = ?",
                to,
                reason,
                node_id,
                from,
            ),
    );
    if (result === undefined) {
        return $multi(undefined, `cannot set the status of ${node_id}: ${err}`);
    }
    version.bump();
    return $multi(result.affected_rows > 0);
}

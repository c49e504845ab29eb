/* The cluster's own tables, and how the monitor table names the owner on this database. */
import * as db from "../db";
import { CLUSTER_DDL, PROBE_DDL } from "./ddl";
import * as schema_version from "./schema_version";

/** https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const NO_SUCH_TABLE = 1146;

/** True when the error says that a table is not there yet, as before the first start of a node. */
export function is_missing_table(err: string): boolean {
    return db.error_code(err) === NO_SUCH_TABLE;
}

/**
 * Creates what is missing of the cluster's own tables; safe when several processes do it at once. Fails when this program
 * is too old for the tables.
 */
export function ensure(): Result<true> {
    const [found, read_err = ""] = schema_version.newest();
    if (found === undefined && !is_missing_table(read_err)) {
        return $multi(undefined, read_err);
    }
    const limitation = found === undefined ? undefined : schema_version.limitation(found);
    if (limitation !== undefined) {
        return $multi(undefined, limitation);
    }
    for (const statements of [CLUSTER_DDL, PROBE_DDL]) {
        for (const statement of statements) {
            const [done, err] = db.query(statement);
            if (done === undefined) {
                return $multi(undefined, "cannot create the cluster's tables: " + err);
            }
        }
    }
    return schema_version.note();
}

let owner: string | undefined;

function read_columns(): Result<Record<string, boolean | undefined>> {
    const [rows, err] = db.query<{ name: string }[]>(
        "SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()" +
            " AND TABLE_NAME = 'monitor' AND COLUMN_NAME IN ('node_id', 'assigned_node', 'owner_node')",
    );
    if (rows === undefined) {
        return $multi(undefined, err);
    }
    const found: Record<string, boolean | undefined> = {};
    for (const row of rows) {
        found[row.name] = true;
    }
    return $multi(found);
}

/**
 * The SQL for the node that runs a monitor `m`: the indexed column of ours, or COALESCE on a database whose columns
 * somebody else made. Fails while no node has added the columns.
 */
export function owner_expression(): Result<string> {
    if (owner !== undefined) {
        return $multi(owner);
    }
    const [columns, err] = read_columns();
    if (columns === undefined) {
        return $multi(undefined, err);
    }
    if (columns.node_id !== true || columns.assigned_node !== true) {
        return $multi(
            undefined,
            "no node with the agent has prepared the table monitor yet (error " + NO_SUCH_TABLE + ")",
        );
    }
    owner = columns.owner_node === true ? "m.owner_node" : "COALESCE(m.assigned_node, m.node_id)";
    return $multi(owner);
}

/**
 * A node's id as one side of a comparison with another table's column: explicit, since tables that somebody else made
 * may have another collation.
 */
export function comparable(column: string): string {
    return `CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin`;
}

/** The id of a node `n`, see comparable. */
export const COMPARABLE_NODE_ID = comparable("n.node_id");

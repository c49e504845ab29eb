/* The nodes' database, in one session and one transaction. */
import type { Database, Mysql } from "../database";
import { serverOptions } from "../database";
import { GOODBYE } from "../node-store";
import type { DatabaseConfig } from "../kuma";
import type { TargetColumn } from "./values";

/** What is used of a connection of mysql2. */
interface Connection {
    query(statement: { sql: string; values?: readonly unknown[] }): Promise<[unknown, unknown]>;
    end(): Promise<void>;
    destroy(): void;
}

export interface Reference {
    readonly column: string;
    readonly parent: string;
    readonly parentColumn: string;
    /** What becomes of the row when its parent goes. */
    readonly rule: string;
}

export interface TargetTable {
    readonly name: string;
    readonly columns: readonly TargetColumn[];
    readonly references: readonly Reference[];
}

export type TargetRow = Record<string, unknown>;

export class Target {
    private readonly connection: Connection;

    private constructor(connection: Connection) {
        this.connection = connection;
    }

    /** Throws what mysql2 throws. */
    static async open(mysql: Mysql, config: DatabaseConfig): Promise<Target> {
        const options = { ...serverOptions(config), database: config.dbName, charset: "utf8mb4", dateStrings: true };
        const target = new Target((await mysql.createConnection(options)) as unknown as Connection);
        // Rows are complete when the transaction is; what does not fit is to be refused, never cut.
        await target.rows(
            "SET SESSION time_zone = '+00:00', foreign_key_checks = 0, " +
                "sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'",
        );
        return target;
    }

    /** Throws what mysql2 throws. */
    async rows(sql: string, values: readonly unknown[] = []): Promise<TargetRow[]> {
        return (await this.connection.query({ sql, values }))[0] as TargetRow[];
    }

    /** The first column of the first row as a number. Throws what mysql2 throws. */
    async number(sql: string, values: readonly unknown[] = []): Promise<number> {
        const [row] = await this.rows(sql, values);
        return Number(Object.values(row ?? {})[0] ?? 0);
    }

    /** Ends the session; what was not committed is gone. */
    close(): void {
        this.connection.destroy();
    }
}

/** A name as MariaDB quotes it. */
export function mariadbName(name: string): string {
    return `\`${name.replaceAll("`", "``")}\``;
}

async function readReferences(target: Target): Promise<Map<string, Reference[]>> {
    const rows = await target.rows(
        `SELECT u.TABLE_NAME AS tableName, u.COLUMN_NAME AS columnName, u.REFERENCED_TABLE_NAME AS parent,
             u.REFERENCED_COLUMN_NAME AS parentColumn, c.DELETE_RULE AS rule
         FROM information_schema.KEY_COLUMN_USAGE u JOIN information_schema.REFERENTIAL_CONSTRAINTS c
             ON c.CONSTRAINT_SCHEMA = u.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = u.CONSTRAINT_NAME
                 AND c.TABLE_NAME = u.TABLE_NAME
         WHERE u.TABLE_SCHEMA = DATABASE() AND u.REFERENCED_TABLE_NAME IS NOT NULL`,
    );
    const references = new Map<string, Reference[]>();
    for (const row of rows) {
        const table = String(row["tableName"]);
        const [column, parent] = [String(row["columnName"]), String(row["parent"])];
        const reference = { column, parent, parentColumn: String(row["parentColumn"]), rule: String(row["rule"]) };
        references.set(table, [...(references.get(table) ?? []), reference]);
    }
    return references;
}

function toColumn(row: TargetRow): TargetColumn {
    const numberOf = (name: string): number | null => (row[name] === null ? null : Number(row[name]));
    const type = String(row["dataType"]);
    const isCounted = type === "varchar" || type === "char";
    return {
        name: String(row["columnName"]),
        type,
        unsigned: String(row["columnType"]).includes("unsigned"),
        nullable: row["nullable"] === "YES",
        fallback: row["fallback"] === null ? null : String(row["fallback"]),
        characters: isCounted ? numberOf("characters") : null,
        bytes: isCounted ? null : numberOf("bytes"),
    };
}

/** The tables with the columns that Uptime Kuma itself sees. Throws what mysql2 throws. */
export async function readTables(target: Target): Promise<TargetTable[]> {
    const rows = await target.rows(
        `SELECT TABLE_NAME AS tableName, COLUMN_NAME AS columnName, DATA_TYPE AS dataType, COLUMN_TYPE AS columnType,
             IS_NULLABLE AS nullable, COLUMN_DEFAULT AS fallback, CHARACTER_MAXIMUM_LENGTH AS characters,
             CHARACTER_OCTET_LENGTH AS bytes
         FROM information_schema.COLUMNS
         WHERE TABLE_SCHEMA = DATABASE() AND EXTRA NOT LIKE '%INVISIBLE%' AND EXTRA NOT LIKE '%GENERATED%'
         ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    );
    const references = await readReferences(target);
    const tables = new Map<string, TargetColumn[]>();
    for (const row of rows) {
        const table = String(row["tableName"]);
        tables.set(table, [...(tables.get(table) ?? []), toColumn(row)]);
    }
    return [...tables].map(([name, columns]) => ({ name, columns, references: references.get(name) ?? [] }));
}

/** The nodes that may be running: all but those that said goodbye or have been silent for long. */
export async function runningNodes(database: Database): Promise<string[]> {
    const rows = await database.query<{ node_id: string }>(
        `SELECT node_id FROM node WHERE last_seen > NOW(6) - INTERVAL 90 SECOND
         AND NOT (status = 'offline' AND last_error = ?) ORDER BY node_id`,
        [GOODBYE],
    );
    return rows.map((row) => row.node_id);
}

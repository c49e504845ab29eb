import type { Database } from "./database";

/** The names of the tables of Kuma's database. */
export async function tableNames(database: Database): Promise<Set<string>> {
    const rows = await database.query<{ name: string }>(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    );
    return new Set(rows.map((row) => row.name));
}

/** The names of a table's columns, INVISIBLE ones too; empty when there is no such table. */
export async function columnNames(database: Database, table: string): Promise<Set<string>> {
    const rows = await database.query<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = DATABASE() AND table_name = ?`,
        [table],
    );
    return new Set(rows.map((row) => row.name));
}

/** The names of a table's indexes. */
export async function indexNames(database: Database, table: string): Promise<Set<string>> {
    const rows = await database.query<{ name: string }>(
        `SELECT DISTINCT index_name AS name FROM information_schema.statistics
         WHERE table_schema = DATABASE() AND table_name = ?`,
        [table],
    );
    return new Set(rows.map((row) => row.name));
}

/** What the server says of its version. */
export async function serverVersion(database: Database): Promise<string> {
    const rows = await database.query<{ version: string }>("SELECT VERSION() AS version");
    return rows[0]?.version ?? "";
}

/** The database's clock in milliseconds since 1970. */
export async function databaseTimeMs(database: Database): Promise<number> {
    const rows = await database.query<{ seconds: string }>("SELECT UNIX_TIMESTAMP(NOW(6)) AS seconds");
    return Number(rows[0]?.seconds) * 1000;
}

/** Opens the lock that a killed process left on Kuma's migrations. Returns whether there was one. */
export async function freeMigrationLock(database: Database): Promise<boolean> {
    return (await database.change("UPDATE knex_migrations_lock SET is_locked = 0 WHERE is_locked = 1")) > 0;
}

export interface SchemaRow {
    readonly version: number;
    readonly oldestCompatible: number;
    readonly appliedBy: string;
}

/** The newest schema that was applied here; nothing when none was noted. The table cluster_schema must be there. */
export async function newestSchema(database: Database): Promise<SchemaRow | undefined> {
    const rows = await database.query<SchemaRow>(
        `SELECT version, oldest_compatible AS oldestCompatible, applied_by AS appliedBy FROM cluster_schema
         ORDER BY version DESC LIMIT 1`,
    );
    return rows[0];
}

/** Notes that a schema was applied, unless somebody has noted it. */
export async function noteSchema(database: Database, row: SchemaRow): Promise<void> {
    await database.change(
        "INSERT IGNORE INTO cluster_schema (version, oldest_compatible, applied_by) VALUES (?, ?, ?)",
        [row.version, row.oldestCompatible, row.appliedBy],
    );
}

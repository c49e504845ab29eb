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

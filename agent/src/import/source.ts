/* The database of the single Uptime Kuma. */
import { messageOf } from "../log";
import { Refusal } from "./refusal";
import { openSqlite, sqliteName, type Sqlite, type SqliteDriver } from "./sqlite";

export interface Source {
    readonly database: Sqlite;
    /** The columns of each table by their names in lower case. */
    readonly tables: ReadonlyMap<string, ReadonlyMap<string, string>>;
    readonly migrations: readonly string[];
}

async function checkWhole(database: Sqlite, file: string): Promise<void> {
    try {
        const [row] = await database.all("PRAGMA quick_check(1)");
        const said = String(Object.values(row ?? {})[0]);
        if (said !== "ok") throw new Error(said);
    } catch (thrown) {
        throw new Refusal(`${file} is damaged: ${messageOf(thrown)}`);
    }
}

async function readTables(database: Sqlite): Promise<Map<string, Map<string, string>>> {
    const tables = new Map<string, Map<string, string>>();
    const rows = await database.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    for (const row of rows) {
        const name = String(row["name"]);
        const columns = await database.all(`PRAGMA table_info(${sqliteName(name)})`);
        const names = columns.map((column) => String(column["name"]));
        tables.set(name.toLowerCase(), new Map(names.map((column) => [column.toLowerCase(), column])));
    }
    return tables;
}

/** Opens a file of which nobody else has a hand on. Throws a refusal when it is not a whole Uptime Kuma 2.x. */
export async function openSource(driver: SqliteDriver, file: string, name: string): Promise<Source> {
    const database = await openSqlite(driver, file).catch((thrown: unknown) => {
        throw new Refusal(`${name} cannot be opened: ${messageOf(thrown)}`);
    });
    try {
        await checkWhole(database, name);
        const tables = await readTables(database);
        if (!["user", "monitor", "heartbeat", "setting"].every((table) => tables.has(table))) {
            throw new Refusal(`${name} is a SQLite database, but not one of Uptime Kuma`);
        }
        if (!tables.has("knex_migrations")) {
            throw new Refusal(
                `${name} is of Uptime Kuma 1.x: start it once with the official image of the version that the nodes run, ` +
                    "let it migrate, stop it, then import again",
            );
        }
        const rows = await database.all("SELECT name FROM knex_migrations ORDER BY name");
        const [half] = await database.all(
            "SELECT value FROM setting WHERE key = 'migrateAggregateTableState' AND value LIKE '%migrating%'",
        );
        if (half !== undefined) {
            throw new Refusal(`${name} is half migrated: start that Uptime Kuma until it is ready, then import again`);
        }
        return { database, tables, migrations: rows.map((row) => String(row["name"])) };
    } catch (thrown) {
        await database.close();
        throw thrown;
    }
}

/** Why the tables of source and target are not of one version, or nothing when they are: pure. */
export function versionDifference(
    source: readonly string[],
    target: readonly string[],
    kuma: string,
): string | undefined {
    const newer = source.filter((name) => !target.includes(name));
    const missing = target.filter((name) => !source.includes(name));
    const [first] = newer.length > 0 ? newer : missing;
    if (first === undefined) return undefined;
    const what = `the file is of another version than the nodes' Uptime Kuma ${kuma}`;
    return newer.length > 0
        ? `${what}: it has ${newer.length} migrations that they do not know (${first}). Upgrade the nodes first`
        : `${what}: it lacks ${missing.length} of their migrations (${first}). ` +
              "Start it once with the image that the nodes run, stop it, then import again";
}

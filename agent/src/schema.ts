import { ageMs, now, sleep } from "./clock";
import type { Database } from "./database";
import { isConflict } from "./database-errors";
import { CLUSTER_DDL, MONITOR_DDL } from "./ddl";
import * as log from "./log";
import { columnNames, databaseTimeMs, freeMigrationLock, indexNames, serverVersion, tableNames } from "./schema-store";
import { serverLimitation } from "./supported";

const WARN_SKEW_MS = 200;
const SKEW_SAMPLES = 3;
const DEFINE_ATTEMPTS = 5;
const DEFINE_PAUSE_MS = 200;

/* The tables that Kuma creates before its first migration, in its order: the first is what Kuma itself looks for. */
const KUMA_TABLES = [
    "docker_host",
    "group",
    "proxy",
    "user",
    "monitor",
    "heartbeat",
    "incident",
    "maintenance",
    "status_page",
    "monitor_group",
    "monitor_maintenance",
    "notification",
    "monitor_notification",
    "tag",
    "monitor_tag",
    "monitor_tls_info",
    "notification_sent_history",
    "setting",
    "api_key",
];

function names(sql: string, pattern: RegExp): string[] {
    return [...sql.matchAll(pattern)].map((match) => match[1] ?? "");
}

/** Whether an ALTER TABLE would change anything: even one that would not waits for every transaction on the table. */
async function isNeeded(database: Database, sql: string): Promise<boolean> {
    const table = /^ALTER TABLE (\w+)/.exec(sql)?.[1];
    if (table === undefined) return true;
    const columns = await columnNames(database, table);
    if (names(sql, /ADD COLUMN IF NOT EXISTS (\w+)/g).some((column) => !columns.has(column))) return true;
    const indexes = await indexNames(database, table);
    return names(sql, /ADD INDEX IF NOT EXISTS (\w+)/g).some((index) => !indexes.has(index));
}

/** Makes a change unless it is made. Others may make the same one at the same moment: the loser of that tries again. */
async function define(database: Database, sql: string): Promise<void> {
    for (let attempt = 1; await isNeeded(database, sql); attempt++) {
        try {
            return await database.define(sql);
        } catch (thrown) {
            if (!isConflict(thrown) || attempt === DEFINE_ATTEMPTS) throw thrown;
        }
        await sleep(attempt * DEFINE_PAUSE_MS);
    }
}

async function apply(database: Database, statements: readonly string[]): Promise<void> {
    for (const sql of statements) await define(database, sql);
}

/** Makes the tables of the cluster. Safe while other nodes do the same. Throws what mysql2 throws. */
export function createClusterTables(database: Database): Promise<void> {
    return apply(database, CLUSTER_DDL);
}

/** Adds the cluster's columns to Kuma's monitor table, which must be there. Throws what mysql2 throws. */
export function extendMonitorTable(database: Database): Promise<void> {
    return apply(database, MONITOR_DDL);
}

/** Why the server cannot hold the tables of the cluster, or nothing when it can. Throws what mysql2 throws. */
export async function databaseLimitation(database: Database): Promise<string | undefined> {
    return serverLimitation(await serverVersion(database));
}

/** Why Kuma's tables are the leftovers of a first start that did not finish, or nothing when they are whole or absent. */
export async function halfMadeTables(database: Database): Promise<string | undefined> {
    const tables = await tableNames(database);
    const missing = KUMA_TABLES.filter((table) => !tables.has(table));
    if (missing.length === 0 || missing.length === KUMA_TABLES.length) return undefined;
    return (
        `the first start of a node did not finish: ${KUMA_TABLES.length - missing.length} of Uptime Kuma's tables are there, ` +
        `${missing.length} are missing (${missing.slice(0, 3).join(", ")}${missing.length > 3 ? ", ..." : ""}). ` +
        "Drop the database, or restore a backup, then start again"
    );
}

/** Frees Kuma's migrations from the lock of a process that was killed. Only for the holder of the boot lease. */
export async function freeMigrations(database: Database): Promise<void> {
    if (!(await tableNames(database)).has("knex_migrations_lock")) return;
    if (await freeMigrationLock(database)) log.warn("freed the migrations from the lock of a node that was killed");
}

/** How far this host's clock is from the database's, in milliseconds; positive when it is ahead. */
async function clockSkewMs(database: Database): Promise<number> {
    let best = { roundTripMs: Infinity, skewMs: 0 };
    for (let sample = 0; sample < SKEW_SAMPLES; sample++) {
        const sent = now();
        const databaseMs = await databaseTimeMs(database);
        const roundTripMs = ageMs(sent);
        if (roundTripMs < best.roundTripMs) best = { roundTripMs, skewMs: sent.wallMs + roundTripMs / 2 - databaseMs };
    }
    return best.skewMs;
}

/** Why this host's clock is too far from the database's, or nothing when it is near enough. Warns beyond 200 ms. */
export async function clockLimitation(database: Database, maxSkewMs: number): Promise<string | undefined> {
    const skewMs = await clockSkewMs(database);
    const text = `this host's clock is ${Math.abs(Math.round(skewMs))} ms ${skewMs > 0 ? "ahead of" : "behind"} the database's`;
    if (Math.abs(skewMs) > maxSkewMs) return `${text}: set the clocks (NTP), ${maxSkewMs} ms are allowed`;
    if (Math.abs(skewMs) > WARN_SKEW_MS) log.warn("%s: set the clocks (NTP)", text);
    return undefined;
}

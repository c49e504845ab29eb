/*
 * Entry of the importer: node import-sqlite.js <kuma.db>, in the place of a node. Copies a single Uptime Kuma 2.x on SQLite
 * into the cluster's empty database, all of it or nothing, with the drivers of the Uptime Kuma beside it.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

import { configLimitation } from "../boot";
import { Database, type Mysql } from "../database";
import { acquireLease } from "../lease";
import * as log from "../log";
import { tableNames } from "../schema-store";
import { schemaLimitation } from "../schema-version";
import { readArguments, readDatabaseConfig } from "./arguments";
import { copyTable, verifyTable, type Copied } from "./copy";
import { giveHomes, storeUploads } from "./homes";
import { makePlan, type TablePlan } from "./plan";
import { Refusal } from "./refusal";
import { findDatabase, takeSnapshot } from "./snapshot";
import { openSource, versionDifference, type Source } from "./source";
import type { SqliteDriver } from "./sqlite";
import { mariadbName, readTables, runningNodes, Target } from "./target";

const LEASE_HOLDER = "import";

function refuseIf(reason: string | undefined): void {
    if (reason !== undefined) throw new Refusal(reason);
}

function kumaFolder(): string {
    const folder = resolve(process.env["KUMA_DIR"] ?? ".");
    if (existsSync(`${folder}/server/server.js`)) return folder;
    throw new Refusal(`${folder} is not the folder of Uptime Kuma: change to it, or name it with KUMA_DIR`);
}

async function checkTarget(database: Database, target: Target, source: Source, kuma: string): Promise<void> {
    const tables = await tableNames(database);
    if (!["user", "monitor", "setting", "knex_migrations", "node"].every((table) => tables.has(table))) {
        throw new Refusal("the cluster's database has no tables yet: start the cluster once, then stop its nodes");
    }
    refuseIf(await schemaLimitation(database));
    const running = await runningNodes(database);
    if (running.length > 0) {
        throw new Refusal(
            `these nodes run, or ended less than 90 s ago without a word: ${running.join(", ")}. Stop all nodes first`,
        );
    }
    const [users, monitors] = [
        await target.number("SELECT COUNT(*) FROM user"),
        await target.number("SELECT COUNT(*) FROM monitor"),
    ];
    if (users + monitors > 0) {
        throw new Refusal(`the cluster's database is not empty: it has ${users} users and ${monitors} monitors`);
    }
    const migrations = (await target.rows("SELECT name FROM knex_migrations")).map((row) => String(row["name"]));
    refuseIf(versionDifference(source.migrations, migrations, kuma));
}

/** Copies all in one transaction. */
async function copyAll(source: Source, target: Target, file: string, withHistory: boolean): Promise<void> {
    const plan = makePlan(source.tables, await readTables(target), withHistory);
    for (const line of plan.leftOut) log.info("left out, since the nodes' Uptime Kuma has no such thing: %s", line);
    await target.rows("START TRANSACTION");
    for (const name of [...plan.emptied, ...plan.tables.map((table) => table.name)]) {
        await target.rows(`DELETE FROM ${mariadbName(name)}`);
    }
    const copies: [TablePlan, Copied][] = [];
    for (const table of plan.tables) {
        const copied = await copyTable(source.database, target, table);
        if (copied.rows > 0) log.info("%s: %d rows", table.name, copied.rows);
        if (copied.orphans > 0)
            log.warn("%s: %d rows of things that are gone are left out", table.name, copied.orphans);
        copies.push([table, copied]);
    }
    for (const [table, copied] of copies) await verifyTable(source.database, target, table, copied);
    const total = copies.reduce((sum, [, { rows }]) => sum + rows, 0);
    const uploads = await storeUploads(target, file);
    const nodes = await giveHomes(target);
    await target.rows("COMMIT");
    log.info(
        "imported: %d rows of %d tables, %d uploads; monitors for %d nodes",
        total,
        plan.tables.length,
        uploads,
        nodes,
    );
}

async function importInto(source: Source, file: string, withHistory: boolean, kuma: string): Promise<void> {
    const kumaRequire = createRequire(`${kuma}/server/server.js`);
    const config = readDatabaseConfig(process.env);
    refuseIf(configLimitation(config));
    const mysql = kumaRequire("mysql2/promise") as Mysql;
    const database = await Database.open(mysql, config, config.dbName ?? "");
    const target = await Target.open(mysql, config);
    if (!(await tableNames(database)).has("cluster_lease")) {
        throw new Refusal(
            "no node with the agent has prepared the cluster's database: start the cluster once, then stop its nodes",
        );
    }
    const { version } = JSON.parse(readFileSync(`${kuma}/package.json`, "utf8")) as { version: string };
    // A node that is started now waits.
    const lease = await acquireLease(database, "boot", LEASE_HOLDER, (reason) => {
        target.close();
        log.error("nothing is imported: %s", reason);
        process.exit(1);
    });
    try {
        await checkTarget(database, target, source, version);
        await copyAll(source, target, file, withHistory);
    } finally {
        target.close();
        await lease.release();
    }
}

async function run(): Promise<void> {
    const { path, withHistory } = readArguments(process.argv.slice(2));
    const kuma = kumaFolder();
    const file = await findDatabase(path);
    const snapshot = await takeSnapshot(file);
    try {
        log.info(
            "%s is read with %s",
            file,
            snapshot.hasLog ? "its write-ahead log kuma.db-wal" : "no kuma.db-wal beside it, as after an orderly stop",
        );
        const driver = createRequire(`${kuma}/server/server.js`)("@louislam/sqlite3") as SqliteDriver;
        const source = await openSource(driver, snapshot.file, file);
        try {
            await importInto(source, file, withHistory, kuma);
        } finally {
            await source.database.close();
        }
    } finally {
        await snapshot.remove();
    }
}

run().then(
    () => {
        log.info("start the nodes now: users, API keys and history are those of %s", process.argv.at(-1));
        process.exit(0);
    },
    (thrown: unknown) => {
        if (thrown instanceof Refusal) log.error("nothing is imported: %s", thrown.message);
        else log.error("nothing is imported: %s", thrown instanceof Error ? thrown.stack : String(thrown));
        process.exit(1);
    },
);

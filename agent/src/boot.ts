/*
 * The start of a node on the database that all of them share. Kuma creates its tables, migrates them and makes its JWT
 * secret without a lock, so one node at a time does this, under the boot lease.
 */
import { databaseOf, type Agent } from "./agent";
import { Database } from "./database";
import { isDatabaseLost } from "./database-errors";
import { startHeartbeat } from "./heartbeat";
import type { DatabaseConfig } from "./kuma";
import { kumaModule } from "./kuma-modules";
import { acquireLease, type Lease } from "./lease";
import * as log from "./log";
import { identityConflict, registerThisNode } from "./node-registration";
import {
    clockLimitation,
    createClusterTables,
    databaseLimitation,
    extendMonitorTable,
    freeMigrations,
    halfMadeTables,
} from "./schema";
import { recordSchema, schemaLimitation } from "./schema-version";

let bootLease: Lease | undefined;

const PORT_TAKEN = new Set(["EADDRINUSE", "EACCES", "EADDRNOTAVAIL"]);

/** Says why the node cannot start and ends the process, so that whoever runs it starts it again. */
export function giveUp(thrown: unknown): never {
    log.error("cannot start: %s", log.messageOf(thrown));
    process.exit(1);
}

/**
 * Kuma goes on after an error that nobody catches, half started: it would keep the boot lease for ever. Seen with a
 * database that fails, and with a port that is taken when a migration wants to show its progress there.
 */
function endOnFailure(thrown: unknown): void {
    const { code, sqlState } = Object(thrown) as { code?: unknown; sqlState?: unknown };
    const isFatal = isDatabaseLost(thrown) || typeof sqlState === "string" || PORT_TAKEN.has(String(code));
    if (isFatal) void abandonBoot().then(() => giveUp(thrown));
}

function watchFailures(on: boolean): void {
    for (const event of ["unhandledRejection", "uncaughtException"] as const) {
        process.off(event, endOnFailure);
        if (on) process.on(event, endOnFailure);
    }
}

/** Why a database of this configuration cannot be shared by nodes, or nothing when it can. */
export function configLimitation(config: DatabaseConfig): string | undefined {
    if (config.type !== "mariadb")
        return `its database is of the type "${config.type}", but all nodes must share one MariaDB`;
    if (config.dbName === undefined || config.dbName === "") return "db-config.json does not name a database (dbName)";
    return undefined;
}

function refuseIf(reason: string | undefined): void {
    if (reason !== undefined) log.refuse(reason);
}

/**
 * Before Kuma connects: opens the agent's own connections and waits for the boot lease.
 * Ends the process when this node cannot be clustered; throws when the database does not answer.
 */
export async function beginBoot(agent: Agent, config: DatabaseConfig): Promise<void> {
    refuseIf(configLimitation(config));
    watchFailures(true);
    const mysql = kumaModule(agent, "mysql2/promise");
    const database = await Database.open(mysql, config, config.dbName ?? "");
    agent.database = database;
    refuseIf(await databaseLimitation(database));
    refuseIf(await clockLimitation(database, agent.config.maxSkewMs));
    refuseIf(await schemaLimitation(database));
    await createClusterTables(database);
    refuseIf(await identityConflict(agent));
    bootLease = await acquireLease(database, "boot", agent.config.nodeId, (reason) => log.refuse(reason));
    const unfinished = await halfMadeTables(database);
    if (unfinished === undefined) return freeMigrations(database);
    await abandonBoot();
    log.refuse(unfinished);
}

/** When Kuma's tables and secrets are ready: adds the cluster's columns, registers the node and lets the next one boot. */
export async function finishBoot(agent: Agent): Promise<void> {
    await extendMonitorTable(databaseOf(agent));
    await recordSchema(databaseOf(agent), agent.config.nodeId);
    await agent.events.begin(databaseOf(agent));
    await registerThisNode(agent);
    startHeartbeat(agent);
    await abandonBoot();
    watchFailures(false);
    log.info("node %s is registered at %s", agent.config.nodeId, agent.config.nodeHost);
}

/** Gives the boot lease back, done or not. */
export async function abandonBoot(): Promise<void> {
    await bootLease?.release();
    bootLease = undefined;
}

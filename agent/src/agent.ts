import { randomBytes } from "node:crypto";

import { now, type Moment } from "./clock";
import type { Config } from "./config";
import type { Database } from "./database";
import type { KumaServer, MonitorBean, RedBean, SocketServer } from "./kuma";
import { Ownership } from "./ownership";
import { Runs } from "./runs";

/** What the hooks found of Kuma. */
export interface KumaHandles {
    server?: KumaServer;
    redbean?: RedBean;
    /** Monitor.prototype.start as Kuma wrote it. */
    startMonitor?: (this: MonitorBean, io: SocketServer) => unknown;
    /** Drops what Kuma keeps in memory of a monitor's statistics, which another node may have continued. */
    forgetStatistics?: (monitorId: number) => Promise<void>;
}

/** Everything that the parts of the agent share. */
export interface Agent {
    readonly config: Config;
    readonly kumaVersion: string;
    /** Takes modules from Kuma's own node_modules. */
    readonly kumaRequire: (id: string) => unknown;
    /** Tells this process from every other that had or has its node id. */
    readonly bootId: string;
    readonly begun: Moment;
    readonly kuma: KumaHandles;
    readonly runs: Runs;
    readonly ownership: Ownership;
    /** Monitors whose start is under way, which may not be started a second time. */
    readonly starting: Set<number>;
    phase: "starting" | "ready" | "leaving";
    /** Checks whose effects were held back since this process began. */
    fenced: number;
    database: Database | undefined;
}

export function createAgent(config: Config, kumaVersion: string, kumaRequire: (id: string) => unknown): Agent {
    const runs = new Runs();
    return {
        config,
        kumaVersion,
        kumaRequire,
        bootId: randomBytes(8).toString("hex"),
        begun: now(),
        kuma: {},
        runs,
        ownership: new Ownership(config, runs),
        starting: new Set(),
        phase: "starting",
        fenced: 0,
        database: undefined,
    };
}

/** The agent's database. Throws before Kuma has connected to it. */
export function databaseOf(agent: Agent): Database {
    if (agent.database === undefined) throw new Error("the database is not connected yet");
    return agent.database;
}

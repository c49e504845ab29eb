import { randomBytes } from "node:crypto";

import { now, type Moment } from "./clock";
import type { Config } from "./config";
import type { Database } from "./database";
import { Duties } from "./duties";
import { Handover } from "./handover";
import type { KumaServer, MonitorBean, MonitorClass, RedBean } from "./kuma";
import type { SocketServer } from "./kuma-web";
import { Ownership } from "./ownership";
import { Runs } from "./runs";
import { Stillness } from "./stillness";
import { EditsUnderWay } from "./sync/edits-under-way";
import { EventLog } from "./sync/events";
import type { ForeignStatistics } from "./sync/foreign-statistics";
import { Relay } from "./sync/relay";
import { Watchers } from "./watchers";

/** What the hooks found of Kuma. */
export interface KumaHandles {
    server?: KumaServer;
    redbean?: RedBean;
    /** Monitor.prototype.start as Kuma wrote it. */
    startMonitor?: (this: MonitorBean, io: SocketServer) => unknown;
    monitorClass?: MonitorClass;
    /** Drops what Kuma keeps in memory of a monitor's statistics, which another node may have continued. */
    forgetStatistics?: (monitorId: number) => Promise<void>;
    forgetAllStatistics?: () => Promise<void>;
    /** Statistics of monitors that other nodes run, where Kuma has calculators for them. */
    foreignStatistics?: ForeignStatistics;
    /** Drops what 2.0.0-dev.0 keeps of a monitor's uptimes. */
    forgetUptimes?: (monitorId: number) => void;
    /** Drops what Kuma keeps of the pages that it has served. */
    clearCache?: () => void;
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
    readonly duties: Duties;
    readonly ownership: Ownership;
    readonly stillness: Stillness;
    readonly events: EventLog;
    readonly handover: Handover;
    readonly edits: EditsUnderWay;
    readonly relay: Relay;
    readonly watchers: Watchers;
    /** What does not work on this version of Kuma, a sentence each. */
    readonly degraded: string[];
    /** Nodes that run other versions, a sentence each. */
    versionSkew: readonly string[];
    /** Monitors whose start is under way, which may not be started a second time. */
    readonly starting: Set<number>;
    phase: "starting" | "ready" | "leaving";
    /** Checks whose effects were held back since this process began. */
    fenced: number;
    database: Database | undefined;
}

export function createAgent(config: Config, kumaVersion: string, kumaRequire: (id: string) => unknown): Agent {
    const runs = new Runs();
    const duties = new Duties(runs);
    const agent: Omit<Agent, "relay" | "watchers"> = {
        config,
        kumaVersion,
        kumaRequire,
        bootId: randomBytes(8).toString("hex"),
        begun: now(),
        kuma: {},
        runs,
        duties,
        ownership: new Ownership(config, runs, duties),
        stillness: new Stillness(config.leaseMs),
        events: new EventLog(config.nodeId),
        handover: new Handover(),
        edits: new EditsUnderWay(),
        degraded: [],
        versionSkew: [],
        starting: new Set(),
        phase: "starting",
        fenced: 0,
        database: undefined,
    };
    return Object.assign(agent, { relay: new Relay(agent as Agent), watchers: new Watchers(agent as Agent) });
}

/** The agent's database. Throws before Kuma has connected to it. */
export function databaseOf(agent: Agent): Database {
    if (agent.database === undefined) throw new Error("the database is not connected yet");
    return agent.database;
}

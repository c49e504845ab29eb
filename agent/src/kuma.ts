/* What the agent uses of Uptime Kuma, described here because the agent never imports it. */
import type { SocketServer, ExpressApp } from "./kuma-web";

/** A row as redbean hands it out. Never set a property of your own on one: it would become a column. */
export interface Bean {
    id: number;
    beanMeta: { type: string; old: Record<string, unknown> };
    export(deep: boolean): Record<string, unknown>;
    /** What Kuma sends of it, where it sends it. */
    toJSON?(): unknown;
}

/** A monitor's row, which is also the object that checks it. Intervals are in seconds. */
export interface MonitorBean extends Bean {
    type: string;
    interval: number;
    retryInterval: number;
    timeout?: number | null;
    active: number | boolean;
    isStop?: boolean;
    prometheus?: unknown;
    getTags(): Promise<unknown[]>;
    start(io: SocketServer): unknown;
    stop(): unknown;
}

export interface MonitorClass {
    prototype: MonitorBean;
    sendNotification(isFirstBeat: boolean, monitor: MonitorBean, beat: Bean): Promise<unknown>;
    isImportantBeat(isFirstBeat: boolean, previousStatus: number | undefined, status: number): boolean;
    sendStats(io: SocketServer, monitorId: number, userId: number): Promise<unknown>;
    sendCertInfo(io: SocketServer, monitorId: number, userId: number): Promise<unknown>;
    /** Not in 2.0.0-dev.0. */
    sendDomainInfo?(io: SocketServer, monitorId: number, userId: number): Promise<unknown>;
}

/** A maintenance, which is also what runs its schedule. */
export interface MaintenanceBean extends Bean {
    beanMeta: Bean["beanMeta"] & { durationTimeout?: NodeJS.Timeout };
    run(): Promise<unknown>;
    stop(): unknown;
}

export interface RedBean {
    find(type: string, clause?: string, data?: unknown): Promise<Bean[]>;
    findAll(type: string, clause?: string, data?: unknown): Promise<Bean[]>;
    findOne(type: string, clause?: string, data?: unknown): Promise<Bean | null>;
    store(bean: Bean, changedFieldsOnly?: boolean): Promise<unknown>;
    trash(bean: Bean): Promise<unknown>;
    normalizeRaw(sql: string, data?: unknown): Promise<unknown>;
    exec(sql: string, data?: unknown): Promise<unknown>;
    convertToBean(type: string, row: Record<string, unknown>): Bean;
    dispense(type: string): Bean;
}

export interface Calculator {
    monitorID: number;
    update(status: number, ping?: number, date?: unknown): Promise<unknown>;
}

export interface CalculatorClass {
    list: Record<number, unknown>;
    getUptimeCalculator(monitorId: number): Promise<unknown>;
    remove(monitorId: number): Promise<void>;
    removeAll(): Promise<void>;
    prototype: Calculator;
}

/** The cache that 2.0.0-dev.0 has where later versions have a calculator. */
export interface UptimeCacheListClass {
    list: Record<number, unknown>;
    clearCache(monitorId: number): void;
}

export interface SettingsClass {
    get(key: string): Promise<unknown>;
    set(key: string, ...args: unknown[]): Promise<void>;
    setSettings(type: string, data: Readonly<Record<string, unknown>>): Promise<void>;
    deleteCache(keys: readonly string[]): void;
}

/** The gauges of one monitor. 2.0.0-dev.0 takes no tags. */
export type PrometheusClass = new (
    monitor: MonitorBean,
    tags: unknown[],
) => { update(beat: { status: number; ping: number | null }, tlsInfo: undefined): void };

/** Kuma's db-config.json. */
export interface DatabaseConfig {
    type: string;
    hostname?: string;
    port?: number | string;
    username?: string;
    password?: string;
    dbName?: string;
    /** Where 2.0.0-dev.0 writes the name when it comes from the environment; nothing reads it there. */
    database?: string;
    socketPath?: string;
    ssl?: boolean;
    ca?: string;
}

export interface ImageDataUri {
    outputFile(dataUri: string, path: string): Promise<unknown>;
}

export interface DatabaseClass {
    /** Folders of this process's own data; undefined until Kuma has read its settings. */
    uploadDir?: string;
    readDBConfig(): DatabaseConfig;
    connect(...args: unknown[]): Promise<void>;
    patch(...args: unknown[]): Promise<void>;
}

export interface KumaServer {
    app: ExpressApp;
    httpServer: {
        once(event: "listening" | "error", listener: (problem?: unknown) => void): unknown;
        off(event: "error", listener: (problem?: unknown) => void): unknown;
    };
    io: SocketServer;
    monitorList: Record<number, MonitorBean>;
    maintenanceList: Record<number, MaintenanceBean>;
    entryPage: unknown;
    sendMonitorList(reader: { readonly userID: number }): Promise<unknown>;
    sendMaintenanceListByUserID(userId: number): Promise<unknown>;
    /* Not in 2.0.0-dev.0: */
    sendUpdateMonitorIntoList?(reader: { readonly userID: number }, monitorId: number): Promise<unknown>;
    sendDeleteMonitorFromList?(reader: { readonly userID: number }, monitorId: number): Promise<unknown>;
    disconnectAllSocketClients?(userId: number, exceptSocketId?: string): void;
    startNSCDServices?(): Promise<unknown>;
    stopNSCDServices?(): Promise<unknown>;
    jwtSecret: string;
}

export interface KumaServerClass {
    getInstance(...args: unknown[]): KumaServer;
    prototype: KumaServer & { initAfterDatabaseReady(...args: unknown[]): Promise<unknown> };
}

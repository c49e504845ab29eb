/* What the agent uses of Uptime Kuma, described here because the agent never imports it. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** A row as redbean hands it out. Never set a property of your own on one: it would become a column. */
export interface Bean {
    id: number;
    beanMeta: { type: string; old: Record<string, unknown> };
    export(deep: boolean): Record<string, unknown>;
}

/** A monitor's row, which is also the object that checks it. Intervals are in seconds. */
export interface MonitorBean extends Bean {
    type: string;
    interval: number;
    retryInterval: number;
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
}

export interface RedBean {
    find(type: string, clause?: string, data?: unknown): Promise<Bean[]>;
    findAll(type: string, clause?: string, data?: unknown): Promise<Bean[]>;
    findOne(type: string, clause?: string, data?: unknown): Promise<Bean | null>;
    store(bean: Bean, changedFieldsOnly?: boolean): Promise<unknown>;
    trash(bean: Bean): Promise<unknown>;
    normalizeRaw(sql: string, data?: unknown): Promise<unknown>;
    convertToBean(type: string, row: Record<string, unknown>): Bean;
    dispense(type: string): Bean;
}

export interface CalculatorClass {
    list: Record<number, unknown>;
    getUptimeCalculator(monitorId: number): Promise<unknown>;
    remove(monitorId: number): Promise<void>;
    prototype: {
        monitorID: number;
        update(status: number, ping?: number, date?: unknown): Promise<unknown>;
    };
}

/** The cache that 2.0.0-dev.0 has where later versions have a calculator. */
export interface UptimeCacheListClass {
    clearCache(monitorId: number): void;
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

export interface Emitter {
    emit(event: string, ...args: unknown[]): unknown;
}

export type Handler = (...args: unknown[]) => unknown;

export interface Socket extends Emitter {
    on(event: string, handler: Handler): unknown;
}

export interface Engine {
    generateId(request: unknown): unknown;
    on(event: "initial_headers", listener: (headers: Record<string, unknown>) => void): unknown;
    close(): unknown;
}

export interface SocketServer {
    engine?: Engine;
    to(room: unknown): Emitter;
    use(middleware: (socket: Socket, next: () => void) => void): unknown;
}

export interface Request extends IncomingMessage {
    params: Record<string, string>;
    originalUrl: string;
}

export interface Response extends ServerResponse {
    status(code: number): Response;
    json(body: unknown): unknown;
}

/** A handler of Express. It answers, or calls `next` without an argument to leave the request to Kuma. */
export type RouteHandler = (request: Request, response: Response, next: () => void) => void;

export interface ExpressApp {
    get(path: string, handler: RouteHandler): unknown;
    all(path: string, handler: RouteHandler): unknown;
}

export interface KumaServer {
    app: ExpressApp;
    httpServer: {
        once(event: "listening" | "error", listener: (problem?: unknown) => void): unknown;
        off(event: "error", listener: (problem?: unknown) => void): unknown;
    };
    io: SocketServer;
    monitorList: Record<number, MonitorBean>;
}

export interface KumaServerClass {
    getInstance(...args: unknown[]): KumaServer;
    prototype: { initAfterDatabaseReady(...args: unknown[]): Promise<unknown> };
}

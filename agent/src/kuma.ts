/* What the agent uses of Uptime Kuma, described here because the agent never imports it. */

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

export interface DatabaseClass {
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
    sockets: { listeners(event: "connection"): ((socket: Socket) => unknown)[] };
    to(room: unknown): Emitter;
    use(middleware: (socket: Socket, next: () => void) => void): unknown;
}

export interface Response {
    status(code: number): Response;
    setHeader(name: string, value: string): unknown;
    removeHeader(name: string): void;
    json(body: unknown): unknown;
}

export interface KumaServer {
    app: {
        get(path: string, handler: (request: unknown, response: Response) => void): unknown;
        use(path: string, handler: (request: never, response: Response) => void): unknown;
    };
    httpServer: {
        once(event: "listening" | "error", listener: (problem?: unknown) => void): unknown;
        off(event: "error", listener: (problem?: unknown) => void): unknown;
    };
    io: SocketServer;
    monitorList: Record<number, MonitorBean>;
    jwtSecret: string;
}

export interface KumaServerClass {
    getInstance(...args: unknown[]): KumaServer;
    prototype: { initAfterDatabaseReady(...args: unknown[]): Promise<unknown> };
}

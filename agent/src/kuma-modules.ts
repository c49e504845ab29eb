/* The modules of Uptime Kuma that are taken from the running one when they are needed, and never bundled. */
import type { Agent } from "./agent";
import type { Mysql } from "./database";
import type { Bean, DatabaseClass, MonitorBean, PrometheusClass, RedBean, SettingsClass } from "./kuma";
import type { Request, Response, Socket, SocketServer } from "./kuma-web";

export interface UserBean extends Bean {
    username: string;
    password: string;
    twofa_status: number | boolean;
}

export interface ApiKeyBean extends Bean {
    key: string;
    user_id: number;
    getStatus(): "active" | "inactive" | "expired";
}

export interface RateLimiter {
    pass(callback: null, tokens: number): Promise<boolean>;
}

/** A monitor's row as the model that turns it into JSON. Only 2.0.0-dev.0 needs no preloaded data for it. */
export interface MonitorModelBean extends MonitorBean {
    name: string;
    toJSON(preloaded?: unknown, includeSensitiveData?: boolean): Promise<Record<string, unknown>>;
}

export interface MonitorModel {
    preparePreloadData?(list: readonly { id: number; active: unknown; name: string }[]): Promise<unknown>;
    deleteMonitorRecursively?: unknown;
}

/** Stands for a socket of the user in functions of Kuma that send to all sockets of the user. */
export interface Reader {
    readonly userID: number;
    emit(): void;
}

export interface StatusPageClass {
    loadDomainMappingList(): Promise<unknown>;
    sendStatusPageList(io: SocketServer, reader: Reader): Promise<unknown>;
}

/** Functions that send a list to a browser, or to all browsers of a user. Which ones there are differs. */
export type Client = Readonly<
    Record<string, ((reader: Reader | Socket, ...args: unknown[]) => Promise<unknown>) | undefined>
>;

export interface Dayjs {
    utc(time: string): unknown;
    readonly tz: { setDefault(timezone: string): void };
}

type BodyParser = (request: Request, response: Response, next: (problem?: unknown) => void) => void;

interface Modules {
    "./auth": { login(username: string, password: string): Promise<UserBean | null> };
    "./password-hash": { verify(password: string, hash: string): boolean };
    "./rate-limiter": { loginRateLimiter: RateLimiter; apiRateLimiter: RateLimiter };
    /** 2.0.0-dev.0 has no fingerprint of the password in its tokens. */
    "./util-server": { shake256?(data: string, length: number): string; SHAKE256_LENGTH?: number };
    "./uptime-kuma-server": { UptimeKumaServer: { monitorTypeList: Record<string, unknown> } };
    "./model/monitor": MonitorModel;
    "./model/status_page": StatusPageClass;
    "./monitor-types/real-browser-monitor-type": { resetChrome?: () => unknown };
    /** Only in 2.0.0-dev.0. */
    "./cacheable-dns-http-agent": { CacheableDnsHttpAgent?: { update?: () => unknown } };
    "./client": Client;
    "./database": DatabaseClass;
    "./prometheus": { Prometheus: PrometheusClass };
    "./settings": { Settings: SettingsClass };
    "../src/util": { genSecret(length: number): string };
    express: { json(options: { limit: string }): BodyParser };
    dayjs: Dayjs;
    "mysql2/promise": Mysql;
    jsonwebtoken: { verify(token: string, secret: string, options: object): { username?: unknown; h?: unknown } };
}

/** A module of the running Kuma. Throws when it has none of that name. */
export function kumaModule<Name extends keyof Modules>(agent: Agent, name: Name): Modules[Name] {
    return agent.kumaRequire(name) as Modules[Name];
}

/** Kuma's database layer. Throws before Kuma has loaded it, which is before it listens. */
export function redbeanOf(agent: Agent): RedBean {
    if (agent.kuma.redbean === undefined) throw new Error("Kuma is not ready");
    return agent.kuma.redbean;
}

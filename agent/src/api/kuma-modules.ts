/* What the API uses of Uptime Kuma's modules, which are taken from the running Kuma and never bundled. */

import type { Agent } from "../agent";
import type { Bean, MonitorBean, RedBean } from "../kuma";
import type { Request, Response } from "../kuma-web";

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

type BodyParser = (request: Request, response: Response, next: (problem?: unknown) => void) => void;

interface Modules {
    "./auth": { login(username: string, password: string): Promise<UserBean | null> };
    "./password-hash": { verify(password: string, hash: string): boolean };
    "./rate-limiter": { loginRateLimiter: RateLimiter; apiRateLimiter: RateLimiter };
    /** 2.0.0-dev.0 has no fingerprint of the password in its tokens. */
    "./util-server": { shake256?(data: string, length: number): string; SHAKE256_LENGTH?: number };
    "./uptime-kuma-server": { UptimeKumaServer: { monitorTypeList: Record<string, unknown> } };
    "./model/monitor": MonitorModel;
    "../src/util": { genSecret(length: number): string };
    express: { json(options: { limit: string }): BodyParser };
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

import { readFileSync } from "node:fs";
import { hostname } from "node:os";

import { environmentKind, isContainerId, reachableName, type EnvironmentKind, type Machine } from "./environment";

/** The agent's settings. Times are in milliseconds unless the name says otherwise. */
export interface Config {
    readonly nodeId: string;
    readonly nodeName: string;
    /** host:port at which the load balancer and the other nodes reach this process. */
    readonly nodeHost: string;
    readonly environment: EnvironmentKind;
    /** The id is one that the next container in place of this one will not have. */
    readonly isPassingId: boolean;
    readonly isPrimary: boolean;
    readonly heartbeatMs: number;
    readonly pollMs: number;
    readonly fullScanMs: number;
    /** How old the last good ownership poll may be before a beat has to read its owner again. */
    readonly leaseMs: number;
    /** Overdue monitors that start in one second after a take-over. */
    readonly spreadPerSecond: number;
    readonly maxSkewMs: number;
    /** Monitors of other nodes whose uptime statistics are kept in memory. */
    readonly foreignStatistics: number;
    /** What the load balancers know, and nobody else: any of these opens. None when no secret is set. */
    readonly clusterSecrets: readonly string[];
    /** Whether the metrics of this node have the monitors of all nodes. */
    readonly mergeMetrics: boolean;
}

const NODE_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$/;
const NODE_NAME = /^[^\p{Cc}]{1,100}$/u;
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/;
const DEFAULT_PORT = 3001;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings and notes what is wrong with them, one sentence for each. */
class Reader {
    readonly mistakes: string[] = [];
    private readonly environment: Environment;

    constructor(environment: Environment) {
        this.environment = environment;
    }

    text(name: string): string | undefined {
        const value = this.environment[name]?.trim();
        return value === "" ? undefined : value;
    }

    /** A secret may also be in the file that the variable with _FILE behind its name tells of. */
    secret(name: string): string | undefined {
        const path = this.text(`${name}_FILE`);
        const value = this.text(name);
        if (value !== undefined || path === undefined) return value;
        try {
            const content = readFileSync(path, "utf8").trim();
            return content === "" ? undefined : content;
        } catch {
            this.reject(`${name}_FILE`, path, "a file that can be read");
            return undefined;
        }
    }

    /** The secret in use, and the one that is accepted too while it is changed. */
    secrets(name: string, previousName: string): string[] {
        const current = this.secret(name);
        const previous = this.secret(previousName);
        if (current === undefined && previous !== undefined) {
            this.mistakes.push(`${previousName} is set without ${name}: set that one first`);
        }
        return [current, previous].filter((secret) => secret !== undefined);
    }

    number(name: string, fallback: number, least: number, most: number): number {
        const value = this.text(name);
        if (value === undefined) return fallback;
        const number = Number(value);
        if (Number.isFinite(number) && number >= least && number <= most) return number;
        this.reject(name, value, `a number from ${least} to ${most}`);
        return fallback;
    }

    flag(name: string, fallback: boolean): boolean {
        const value = this.text(name)?.toLowerCase();
        if (value === undefined) return fallback;
        if (value === "0" || value === "false") return false;
        if (value !== "1" && value !== "true") this.reject(name, value, "1, true, 0 or false");
        return true;
    }

    match(name: string, fallback: string, pattern: RegExp, allowed: string): string {
        const value = this.text(name) ?? fallback;
        if (!pattern.test(value)) this.reject(name, value, allowed);
        return value;
    }

    /** A look that is due only when the one before does not count any more would find a node in doubt all the time. */
    requireTwice(name: string, value: number, least: string, half: number): void {
        if (value >= 2 * half) return;
        this.mistakes.push(`${name} is ${value}, but must be at least twice ${least}, which is ${half}`);
    }

    private reject(name: string, value: string, allowed: string): void {
        this.mistakes.push(`${name}="${value}" is not valid: allowed is ${allowed}`);
    }
}

/** The port that Kuma will listen on, found in the order that Kuma itself uses. */
function kumaPort(environment: Environment, args: readonly string[]): number {
    const flag = args.map((arg) => /^--port=(\d+)$/.exec(arg)?.[1]).find((port) => port !== undefined);
    const candidates = [flag, environment["UPTIME_KUMA_PORT"], environment["PORT"]];
    return candidates.map((port) => parseInt(port ?? "", 10)).find((port) => !Number.isNaN(port)) ?? DEFAULT_PORT;
}

/**
 * Reads the settings from the environment and the command line of Kuma.
 * Returns the settings, or what is wrong with them as one sentence for each mistake.
 */
export function readConfig(
    environment: Environment,
    args: readonly string[],
    host: string = hostname(),
    machine: Machine = { isContainer: false, hosts: "" },
): { config: Config } | { mistakes: string[] } {
    const reader = new Reader(environment);
    const kind = environmentKind(environment, machine);
    const nodeId = reader.match(
        "UPTIME_KUMA_NODE_ID",
        host,
        NODE_ID,
        "1 to 50 letters, digits, '_', '.' or '-', beginning with a letter or digit",
    );
    const port = kumaPort(environment, args);
    const name = reachableName(kind, host, machine);
    const nodeHost = reader.match("UPTIME_KUMA_NODE_HOST", `${name}:${port}`, HOST, "host or host:port");
    const config: Config = {
        nodeId,
        nodeName: reader.match("UPTIME_KUMA_NODE_NAME", nodeId, NODE_NAME, "one line of up to 100 characters"),
        nodeHost: /:\d+$/.test(nodeHost) ? nodeHost : `${nodeHost}:${port}`,
        environment: kind,
        isPassingId: isContainerId(kind, nodeId),
        isPrimary: reader.flag("UPTIME_KUMA_PRIMARY", false),
        heartbeatMs: reader.number("NODE_HEARTBEAT_INTERVAL", 30, 1, 3600) * 1000,
        pollMs: reader.number("CLUSTER_POLL_MS", 500, 100, 2000),
        fullScanMs: reader.number("CLUSTER_FULL_SCAN_MS", 15_000, 1000, 600_000),
        leaseMs: reader.number("CLUSTER_LEASE_MS", 3000, 500, 60_000),
        spreadPerSecond: reader.number("CLUSTER_SPREAD_PER_S", 50, 1, 10_000),
        maxSkewMs: reader.number("CLUSTER_MAX_SKEW_MS", 2000, 200, 60_000),
        foreignStatistics: reader.number("CLUSTER_STATISTICS_CACHE", 500, 10, 100_000),
        clusterSecrets: reader.secrets("CLUSTER_SECRET", "CLUSTER_SECRET_PREVIOUS"),
        mergeMetrics: reader.flag("CLUSTER_METRICS_MERGE", true),
    };
    reader.requireTwice("CLUSTER_LEASE_MS", config.leaseMs, "CLUSTER_POLL_MS", config.pollMs);
    return reader.mistakes.length > 0 ? { mistakes: reader.mistakes } : { config };
}

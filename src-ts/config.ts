/*
 * Settings from the environment, read once when the module is loaded. The only place that reads the environment.
 * In nginx that is init_by_lua, before nginx clears the environment of its workers.
 */
import { parse_endpoint } from "./lib/endpoint";
import { is_name, NAME } from "./lib/fields";
import { parse_range } from "./lib/ip_range";
import { read_secret_file } from "./lib/secret_file";
import { parse } from "./lib/settings";
import type { Setting } from "./lib/settings";
import { items } from "./lib/text";
import { parse_url } from "./lib/url";
import { SETTINGS } from "./settings";

/** One line for each wrong setting: the variable, its value and what is allowed. Empty when all is well. */
export const problems: string[] = [];

/** Nil when it is empty too: what hands variables on, a compose file for example, cannot leave one out. */
function variable(name: string): string | undefined {
    const text = os.getenv(name);
    return text === "" ? undefined : text;
}

function read(setting: Setting): string | number {
    let text = variable(setting.name) ?? variable(setting.alias ?? setting.name);
    const path = setting.secret === true ? variable(setting.name + "_FILE") : undefined;
    if (text === undefined && path !== undefined) {
        const [secret, err] = read_secret_file(path);
        if (secret === undefined) {
            table.insert(problems, string.format('%s_FILE="%s": %s', setting.name, path, err));
        }
        text = secret;
    }
    const [value, problem] = parse(setting, text);
    if (value === undefined) {
        table.insert(problems, problem);
        return setting.default;
    }
    return value;
}

const values: Record<string, string | number> = {};
for (const setting of SETTINGS) {
    values[setting.name] = read(setting);
}

function number_of(name: string): number {
    return values[name] as number;
}

function text_of(name: string): string {
    return values[name] as string;
}

function list_of(name: string): string[] {
    return items(text_of(name));
}

/** MariaDB. `host` is the setting as written, `hosts` its parts in the order to try; `timeout` in ms. */
export const database = {
    host: text_of("DB_HOST"),
    hosts: list_of("DB_HOST"),
    port: number_of("DB_PORT"),
    user: text_of("DB_USER"),
    password: text_of("DB_PASSWORD"),
    database: text_of("DB_NAME"),
    timeout: number_of("DB_TIMEOUT"),
    pool_size: number_of("DB_POOL_SIZE"),
};

/** This load balancer's own name and address. */
export const node = { id: text_of("UPTIME_KUMA_NODE_ID"), host: text_of("UPTIME_KUMA_NODE_HOST") };

/** Expected nodes and their capacity in monitors. */
export const cluster = {
    node_count: number_of("CLUSTER_NODE_COUNT"),
    monitor_limit_per_node: number_of("MONITOR_LIMIT_PER_NODE"),
};

/** Health checks: intervals in seconds, `timeout` in ms, `fall` and `rise` in results in a row. */
export const health_check = {
    interval: number_of("HEALTH_CHECK_INTERVAL"),
    timeout: number_of("HEALTH_CHECK_TIMEOUT"),
    fast_interval: number_of("HEALTH_CHECK_FAST_INTERVAL"),
    fall: number_of("HEALTH_CHECK_FALL"),
    rise: number_of("HEALTH_CHECK_RISE"),
    offline_after: number_of("NODE_OFFLINE_AFTER"),
    /** Seconds after which a node that is offline is no part of the cluster any more; 0: it stays one. */
    forget_after: number_of("NODE_FORGET_AFTER"),
};

/** Periods of the background work in seconds. */
export const timers = {
    load_update: number_of("LOAD_UPDATE_INTERVAL"),
    fault_scan: number_of("FAULT_SCAN_INTERVAL"),
    heartbeat: number_of("HEARTBEAT_INTERVAL"),
    failover_check: number_of("FAILOVER_CHECK_INTERVAL"),
    discovery: number_of("NODE_DISCOVERY_INTERVAL"),
};

/** Age in seconds up to which a routing snapshot is used without a new one; 0 asks the database for each request. */
export const routing = { snapshot_ttl: number_of("ROUTING_SNAPSHOT_TTL") };

/** Name servers, `ip` or `ip:port`; none means those of /etc/resolv.conf. */
export const dns = { resolvers: list_of("DNS_RESOLVER") };

/**
 * Monitors moved in one step of a recovery, drain or rebalancing; the differences beyond which a rebalancing starts by
 * itself, and for how many seconds nothing may have happened before.
 */
export const rebalance = {
    batch: number_of("REBALANCE_BATCH"),
    min_diff: number_of("REBALANCE_MIN_DIFF"),
    factor: number_of("REBALANCE_FACTOR"),
    quiet_time: number_of("REBALANCE_QUIET_TIME"),
};

/**
 * What nodes, load balancers and operators show to each other; empty when none is set. `previous` is accepted as well,
 * while a secret is being changed.
 */
export const secrets = { current: text_of("CLUSTER_SECRET"), previous: text_of("CLUSTER_SECRET_PREVIOUS") };

/** The parts of a list that `parse` understands; each other one is a problem. */
function parsed_list<T>(name: string, parse_item: (this: void, text: string) => T | undefined, allowed: string): T[] {
    const list: T[] = [];
    for (const text of list_of(name)) {
        const item = parse_item(text);
        if (item === undefined) {
            table.insert(problems, string.format('%s="%s": must list %s', name, text, allowed));
        } else {
            table.insert(list, item);
        }
    }
    return list;
}

/**
 * The other load balancers: a follower leads only when none of `urls` does its work any more, by checks every `interval`
 * seconds; `fall` and `rise` are results in a row.
 */
export const peers = {
    mode: text_of("CLUSTER_MODE") as "leader" | "follower" | "probe",
    urls: parsed_list("CLUSTER_PEER_URL", parse_url, "URLs, as in https://lb1.example.com:8443"),
    interval: number_of("PEER_CHECK_INTERVAL"),
    fall: number_of("PEER_CHECK_FALL"),
    rise: number_of("PEER_CHECK_RISE"),
};

/** Checks from several places. `witnesses`: what a probe must reach for its word to count, its leader when none is named. */
export const probes = {
    region: text_of("NODE_REGION"),
    name: text_of("NODE_NAME"),
    witnesses: parsed_list("PROBE_WITNESS", parse_endpoint, "host:port and URLs, as in 192.0.2.1:443"),
    strategy: text_of("AGG_STRATEGY") as Strategy,
    node_strategy: text_of("NODE_STRATEGY") as Strategy,
};

/** Who may see the status pages without the secret, and whose word about the client counts. */
export const access = {
    is_status_public: text_of("LB_STATUS_PUBLIC") === "true",
    trusted_proxies: parsed_list("LB_TRUSTED_PROXIES", parse_range, "addresses and ranges, as in 192.168.0.0/16"),
};

/** What is added to Uptime Kuma's own pages. */
export const pages = { has_badge: text_of("NODE_BADGE") === "true" };

/** What is logged and in which form. */
export const log = { level: text_of("LOG_LEVEL"), format: text_of("LOG_FORMAT") };

/** Every setting with its value; "***" in place of a secret that is set. */
export function list_settings(): { name: string; value: string | number; is_default: boolean }[] {
    const list: { name: string; value: string | number; is_default: boolean }[] = [];
    for (const setting of SETTINGS) {
        const value = values[setting.name] as string | number;
        const shown = setting.secret === true && value !== "" ? "***" : value;
        table.insert(list, { name: setting.name, value: shown, is_default: value === setting.default });
    }
    return list;
}

/** Writes each problem as a line of nginx's own form to standard error. */
export function report_problems(): void {
    for (const problem of problems) {
        io.stderr.write(`nginx: [emerg] ${problem}\n`);
    }
}

if (secrets.previous !== "" && secrets.current === "") {
    table.insert(problems, "CLUSTER_SECRET_PREVIOUS is set without CLUSTER_SECRET: set that one first");
}
if (peers.mode !== "leader" && text_of("CLUSTER_PEER_URL") === "") {
    table.insert(problems, `CLUSTER_MODE=${peers.mode} needs CLUSTER_PEER_URL: the URL of the leader`);
}
if (peers.mode === "probe" && secrets.current === "") {
    table.insert(problems, "CLUSTER_MODE=probe needs CLUSTER_SECRET: that of the leader");
}
if (peers.mode === "probe" && !is_name(node.id)) {
    table.insert(problems, `UPTIME_KUMA_NODE_ID="${node.id}": of a probe it must be ${NAME}`);
}
if (peers.mode === "probe" && node.id === "nginx-node") {
    table.insert(problems, "CLUSTER_MODE=probe needs UPTIME_KUMA_NODE_ID: a name that no other probe has");
}

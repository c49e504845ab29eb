/* What a scrape shows of this load balancer. It asks the shared dicts alone: a dead database changes it, but never ends it. */
import * as config from "../config";
import * as database_errors from "../lib/database_errors";
import * as evictions from "../lib/evictions";
import { VERSION, version_text } from "../lib/version";
import * as monitor_router from "../monitor_router";
import type { ClusterStatus } from "../monitor_router";
import { control_families } from "./control_families";
import { labels } from "./exposition";
import type { Family, Sample } from "./exposition";
import { counter, gauge, in_milliseconds, one } from "./family";
import { node_families } from "./node_families";
import { request_families } from "./request_families";

function identity(): Family[] {
    const build = labels("version", VERSION, "nginx_version", version_text(ngx.config.nginx_version));
    return [
        gauge("build_info", "1; the version of the load balancer is a label.", [{ labels: build, value: 1 }]),
        gauge(
            "ready",
            "1 while requests can be routed, because the database was read once and names a node.",
            one(monitor_router.is_ready()),
        ),
        gauge(
            "nodes_expected",
            "Nodes that should be there, as CLUSTER_NODE_COUNT says.",
            one(config.cluster.node_count),
        ),
        gauge("node_capacity_monitors", "Monitors that a node is meant to run at most.", [
            { labels: "", value: config.cluster.monitor_limit_per_node },
        ]),
    ];
}

function database(status: ClusterStatus | undefined): Family[] {
    const errors: Sample[] = [];
    for (const kind of database_errors.KINDS) {
        table.insert(errors, { labels: labels("kind", kind), value: database_errors.total(kind) });
    }
    return [
        gauge(
            "database_up",
            "1 while the nodes can be read from the database, 0 when the last try failed or none has succeeded yet.",
            one(status !== undefined && status.database_error === undefined),
        ),
        counter(
            "database_errors_total",
            "Errors of the database by kind: connect (no host takes a connection), timeout, lost (the connection ended)," +
                " refused (the server said no to a statement).",
            errors,
        ),
        gauge(
            "snapshot_age_seconds",
            "Time since the nodes that requests are routed by were read from the database.",
            one(status === undefined ? undefined : in_milliseconds(status.snapshot_age)),
        ),
    ];
}

function shared_dicts(): Family[] {
    const names: string[] = [];
    for (const [name] of pairs(ngx.shared as Record<string, SharedDict>)) {
        table.insert(names, name);
    }
    table.sort(names);
    const capacity: Sample[] = [];
    const free: Sample[] = [];
    const dropped: Sample[] = [];
    for (const name of names) {
        const label_text = labels("dict", name);
        const dict = ngx.shared[name];
        table.insert(capacity, { labels: label_text, value: dict?.capacity() ?? 0 });
        table.insert(free, { labels: label_text, value: dict?.free_space() ?? 0 });
        table.insert(dropped, { labels: label_text, value: evictions.total(name) });
    }
    return [
        gauge("shared_dict_capacity_bytes", "Size of a shared dictionary of nginx.", capacity),
        gauge(
            "shared_dict_free_bytes",
            "Free pages of a shared dictionary; with none it may still have room in the pages in use.",
            free,
        ),
        counter(
            "shared_dict_evictions_total",
            "Writes to a shared dictionary that have dropped other keys before their time, because it was full.",
            dropped,
        ),
    ];
}

/** Each worker has its own. */
function worker(): Family[] {
    return [
        gauge(
            "lua_memory_bytes",
            "Memory of Lua, garbage included, in the worker that answers the scrape.",
            one(collectgarbage("count") * 1024),
        ),
        gauge(
            "timers_running",
            "Timers of nginx that run now, in the worker that answers the scrape.",
            one(ngx.timer.running_count()),
        ),
        gauge(
            "timers_pending",
            "Timers of nginx that wait for their time, in the worker that answers the scrape.",
            one(ngx.timer.pending_count()),
        ),
    ];
}

/** All families, in the order of docs/metrics.md. Touches no database and waits for nothing. */
export function all(): Family[] {
    const status = monitor_router.peek_cluster_status();
    const groups = [
        identity(),
        node_families(status),
        control_families(),
        request_families(status),
        database(status),
        shared_dicts(),
        worker(),
    ];
    const families: Family[] = [];
    for (const group of groups) {
        for (const family of group) {
            table.insert(families, family);
        }
    }
    return families;
}

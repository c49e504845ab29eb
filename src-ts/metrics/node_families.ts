/* Families with a sample for each node of the table: one that is gone from it is gone from here. */
import * as health_check from "../health_check";
import * as states from "../lib/states";
import type { NodeStatus } from "../lib/states";
import type { ClusterStatus } from "../monitor_router";
import { labels } from "./exposition";
import type { Family, Sample } from "./exposition";
import { counter, gauge, in_milliseconds } from "./family";

type Node = ClusterStatus["nodes"][number];
type Value = (this: void, node: Node) => number | undefined;

const STATUSES: readonly NodeStatus[] = [states.ONLINE, states.RECOVERING, states.OFFLINE, states.DRAINING];

/** A sample for each node that has a value. */
function per_node(nodes: readonly Node[], value_of: Value): Sample[] {
    const samples: Sample[] = [];
    for (const node of nodes) {
        const value = value_of(node);
        if (value !== undefined) {
            table.insert(samples, { labels: labels("node", node.node_id), value });
        }
    }
    return samples;
}

function by_status(nodes: readonly Node[]): Sample[] {
    const samples: Sample[] = [];
    for (const status of STATUSES) {
        let value = 0;
        for (const node of nodes) {
            value += node.status === status ? 1 : 0;
        }
        table.insert(samples, { labels: labels("status", status), value });
    }
    return samples;
}

function status_of_each(nodes: readonly Node[]): Sample[] {
    const samples: Sample[] = [];
    for (const node of nodes) {
        for (const status of STATUSES) {
            const label_text = labels("node", node.node_id, "status", status);
            table.insert(samples, { labels: label_text, value: node.status === status ? 1 : 0 });
        }
    }
    return samples;
}

function identities(nodes: readonly Node[]): Sample[] {
    const samples: Sample[] = [];
    for (const { node_id, node_name, host, version, region } of nodes) {
        const said = labels("node", node_id, "name", node_name, "host", host, "version", version ?? "");
        table.insert(samples, { labels: `${said},${labels("region", region ?? "")}`, value: 1 });
    }
    return samples;
}

function states_of(nodes: readonly Node[], snapshot_age: number): Family[] {
    return [
        gauge("nodes", "Nodes of the cluster by status.", by_status(nodes)),
        gauge("node_status", "1 for the status that the node has, 0 for the others.", status_of_each(nodes)),
        gauge("node_info", "1; what is known of a node is in the labels.", identities(nodes)),
        gauge(
            "node_drained",
            "1 while an operator wants the node empty.",
            per_node(nodes, ({ drained_at }) => (drained_at === undefined ? 0 : 1)),
        ),
        gauge(
            "node_heartbeat_age_seconds",
            "Time since the node's own heartbeat in the database, by the database's clock.",
            per_node(nodes, ({ seen_age }) =>
                seen_age === undefined ? undefined : in_milliseconds(seen_age + snapshot_age),
            ),
        ),
    ];
}

function loads_of(nodes: readonly Node[]): Family[] {
    return [
        gauge(
            "node_monitors",
            "Monitors that belong to the node now, paused ones included.",
            per_node(nodes, ({ monitor_total }) => monitor_total),
        ),
        gauge(
            "node_monitors_active",
            "Monitors that the node runs now.",
            per_node(nodes, ({ monitor_count }) => monitor_count),
        ),
        gauge(
            "node_checks_per_second",
            "Checks that the intervals of the node's active monitors ask for.",
            per_node(nodes, ({ load }) => load),
        ),
    ];
}

type Records = Record<string, ReturnType<typeof health_check.get_health_record>>;

function check_results(nodes: readonly Node[], records: Records): Sample[] {
    const samples: Sample[] = [];
    for (const { node_id } of nodes) {
        const { checks, failed_checks } = records[node_id] as Records[string];
        table.insert(samples, { labels: labels("node", node_id, "result", "ok"), value: checks - failed_checks });
        table.insert(samples, { labels: labels("node", node_id, "result", "failed"), value: failed_checks });
    }
    return samples;
}

function checks_of(nodes: readonly Node[]): Family[] {
    const records: Records = {};
    for (const { node_id } of nodes) {
        records[node_id] = health_check.get_health_record(node_id);
    }
    const checked = (node_id: string): Records[string] | undefined => {
        const record = records[node_id] as Records[string];
        return record.last_check > 0 ? record : undefined;
    };
    const latency: Value = ({ node_id }) => {
        const latency_ms = checked(node_id)?.latency_ms;
        return latency_ms === undefined ? undefined : latency_ms / 1000;
    };
    return [
        counter(
            "health_checks_total",
            "Health checks of the node by result, ok or failed.",
            check_results(nodes, records),
        ),
        gauge("health_check_last_duration_seconds", "How long the last one took.", per_node(nodes, latency)),
        gauge(
            "health_check_last_timestamp_seconds",
            "Unix time of the last one by this load balancer; only the leader checks.",
            per_node(nodes, ({ node_id }) => checked(node_id)?.last_check),
        ),
        gauge(
            "health_check_consecutive_failures",
            "Failed health checks since the last good one.",
            per_node(nodes, ({ node_id }) => checked(node_id)?.failures),
        ),
        gauge(
            "node_watched",
            "1 while the standing connection to the node tells that it is well.",
            per_node(nodes, ({ node_id }) => (health_check.get_watch(node_id).state === "watching" ? 1 : 0)),
        ),
    ];
}

/** The families of the nodes; without any sample but those of `nodes` while nothing is known of them. */
export function node_families(status: ClusterStatus | undefined): Family[] {
    const nodes = status?.nodes ?? [];
    const families: Family[] = [];
    for (const group of [states_of(nodes, status?.snapshot_age ?? 0), loads_of(nodes), checks_of(nodes)]) {
        for (const family of group) {
            table.insert(families, family);
        }
    }
    return families;
}

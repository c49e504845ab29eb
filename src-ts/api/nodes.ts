/* GET handlers that list nodes: for a person who picks one, for capacity, in every detail. */
import * as config from "../config";
import * as health_check from "../health_check";
import * as json from "../lib/json";
import { iso_from_sql, iso_time } from "../lib/time_text";
import * as monitor_router from "../monitor_router";
import type { ClusterStatus, NodeCapacity } from "../monitor_router";
import { ok } from "./respond";
import type { Answer } from "./respond";
import { not_ready, of_cluster } from "./view";

function render_available_nodes(status: ClusterStatus): AvailableNodesBody {
    const available: AvailableNodesBody["available_nodes"][number][] = [];
    for (const node of status.nodes) {
        if (node.status === "online") {
            table.insert(available, {
                node_id: node.node_id,
                status: node.status,
                monitor_count: node.monitor_count,
                set_url: "/lb/fixed-node/" + node.node_id,
            });
        }
    }
    return {
        available_nodes: json.list(available),
        total_count: available.length,
        clear_url: "/lb/clear-fixed-node",
    };
}

/** GET /lb/available-nodes: the online nodes. */
export function available_nodes(): Answer {
    return of_cluster(render_available_nodes);
}

/** How much of the capacity is in use; `nodes` as monitor_router.get_node_capacity has them. */
export function render_capacity(nodes: readonly NodeCapacity[]): CapacityBody {
    const limit_per_node = config.cluster.monitor_limit_per_node;
    let current_count = 0;
    let over_capacity = false;
    for (const node of nodes) {
        current_count += node.current_count;
        over_capacity = over_capacity || node.current_count > limit_per_node;
    }
    const limit = limit_per_node * nodes.length;
    const usage_percent = limit === 0 ? 0 : math.floor((current_count * 1000) / limit + 0.5) / 10;
    return {
        limit_per_node,
        nodes: json.list(nodes),
        total: { current_count, limit, usage_percent },
        over_capacity,
    };
}

/** GET /lb/capacity */
export function capacity(): Answer {
    const [nodes, err] = monitor_router.get_node_capacity();
    return nodes === undefined ? not_ready(err) : ok(render_capacity(nodes));
}

/** Every node in detail, and how many are missing. */
export function render_node_status(status: ClusterStatus): NodeStatusBody {
    const nodes: NodeDetail[] = [];
    for (const node of status.nodes) {
        const record = health_check.get_health_record(node.node_id);
        const watch = health_check.get_watch(node.node_id);
        table.insert(nodes, {
            node_id: node.node_id,
            node_name: node.node_name,
            host: node.host,
            status: node.status,
            status_since: iso_from_sql(node.status_since),
            status_reason: node.status_reason,
            held: health_check.why_held(node.node_id),
            drained_at: iso_from_sql(node.drained_at),
            is_primary: node.is_primary,
            version: node.version,
            region: node.region,
            monitor_count: node.monitor_count,
            monitor_total: node.monitor_total,
            last_seen: iso_from_sql(node.last_seen),
            last_check: iso_time(record.last_check),
            last_success: iso_time(record.last_success),
            consecutive_failures: record.failures,
            latency_ms: record.latency_ms,
            watch: {
                state: watch.state,
                since: iso_time(watch.since),
                reason: watch.reason,
                last_tick_age_seconds: watch.last_tick_age,
            },
        });
    }
    return {
        nodes: json.list(nodes),
        expected_nodes: config.cluster.node_count,
        missing_nodes: math.max(0, config.cluster.node_count - nodes.length),
    };
}

/** GET /lb/node-status: everything that is known of each node, and how many of the expected ones are missing. */
export function node_status(): Answer {
    return of_cluster(render_node_status);
}

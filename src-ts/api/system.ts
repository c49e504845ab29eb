/* GET handlers that put together what other pages show one by one. */
import * as cluster_control from "../cluster_control";
import type { LeaseState } from "../cluster_control";
import * as config from "../config";
import * as health_check from "../health_check";
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import { memo } from "../lib/memo";
import { iso_time } from "../lib/time_text";
import { VERSION } from "../lib/version";
import * as requests from "../metrics/requests";
import * as middleware from "../middleware";
import * as monitor_router from "../monitor_router";
import type { ClusterStatus, NodeCapacity } from "../monitor_router";
import { read_fault_detection, render_fault_detection } from "./history";
import { render_capacity, render_node_status } from "./nodes";
import { read_rebalancing } from "./rebalancing";
import type { Answer } from "./respond";
import { read_history, render_health_status } from "./status";
import { cluster_state, database_state, milliseconds, of_cluster } from "./view";

/** Seconds for which what the database said is good enough: dashboards ask every second. */
const FRESH = 1;

function why_role(lease: LeaseState): string {
    return cluster_control.is_leader()
        ? `It holds the lease of epoch ${string.format("%d", lease.epoch)}.`
        : health_check.get_statistics().last_round.sentence;
}

function read_peer(): LeaderBody["peer"] {
    const { node_id, state, failures, last_error, checked_at } = cluster_control.get_leader_check();
    return { node_id, state, failures, last_error, checked_at: iso_time(checked_at) };
}

function read_leader(): LeaderBody | undefined {
    const [lease] = cluster_control.get_lease();
    if (lease === undefined) {
        return undefined;
    }
    const is_held = lease.session !== "";
    const is_this = cluster_control.is_leader();
    const body: LeaderBody = {
        node_id: is_held ? lease.holder : undefined,
        epoch: lease.epoch,
        renewed_age_seconds: is_held && lease.age !== undefined ? milliseconds(lease.age) : undefined,
        is_this,
        mode: config.peers.mode,
        role: is_this ? "leader" : "standby",
        why: why_role(lease),
    };
    if (config.peers.mode === "follower") {
        body.peer = read_peer() as NonNullable<LeaderBody["peer"]>;
    }
    return body;
}

/** What `read` has from the database, or at once what `lost` makes of the reason why it is known to be away. */
function from_database<T>(read: (this: void) => T, lost: (this: void, err: string) => T): (this: void) => T {
    const kept = memo(FRESH, read);
    return () => {
        const err = monitor_router.database_error();
        return err === undefined ? kept() : lost(err);
    };
}

/** An absent part. */
function nothing(): undefined {
    return undefined;
}

function read_schema(): SystemStatusBody["schema"] {
    const [schema] = cluster_control.get_schema();
    if (schema === undefined) {
        return undefined;
    }
    const { version, oldest_compatible, applied_by, applied_at } = schema;
    return { version, oldest_compatible, applied_by, applied_at: iso_time(applied_at) ?? "" };
}

const schema = from_database<SystemStatusBody["schema"]>(read_schema, nothing);
const leader = from_database<LeaderBody | undefined>(read_leader, nothing);
const rebalancing = from_database<RebalancingStatusBody | undefined>(() => read_rebalancing()[0], nothing);
const fault_detection = from_database(read_fault_detection, (err) => render_fault_detection(undefined, err));
const history = from_database(read_history, (error) => ({ events: [], error }));

const NO_TRAFFIC = { requests: 0, errors: 0, retries: 0 };

function render_load_balancer(status: ClusterStatus): LoadBalancerStatusBody {
    const nodes: NodeTraffic[] = [];
    const totals = requests.totals();
    for (const { node_id, status: node_status, monitor_count } of status.nodes) {
        const { requests: count, errors, retries } = totals[node_id] ?? NO_TRAFFIC;
        table.insert(nodes, {
            node_id,
            status: node_status,
            load_score: monitor_count,
            requests: count,
            errors,
            retries,
            suspect: monitor_router.is_passed_over(node_id),
        });
    }
    return {
        algorithm: "least_monitors",
        nodes: json.list(nodes),
        last_update: iso_time(clock.now() - status.snapshot_age) ?? "",
        snapshot_age_seconds: milliseconds(status.snapshot_age),
    };
}

/** GET /lb/load-balancer-status */
export function load_balancer_status(): Answer {
    return of_cluster(render_load_balancer);
}

function render_cluster(status: ClusterStatus): SystemStatusBody["cluster"] {
    const { nodes, expected_nodes, missing_nodes } = render_node_status(status);
    return {
        status: cluster_state(status).state,
        setup_complete: status.setup_complete,
        primary_node: status.primary_node,
        this_node: {
            node_id: config.node.id,
            host: config.node.host,
            started_at: iso_time(middleware.get_start_time()) ?? "",
        },
        nodes,
        expected_nodes,
        missing_nodes,
        database: database_state(status),
        snapshot_age_seconds: milliseconds(status.snapshot_age),
    };
}

function render_system(status: ClusterStatus): SystemStatusBody {
    const [capacity] = monitor_router.get_node_capacity();
    return {
        timestamp: iso_time(clock.now()) ?? "",
        version: VERSION,
        schema: schema(),
        cluster: render_cluster(status),
        capacity: render_capacity(capacity ?? ([] as NodeCapacity[])),
        health: render_health_status(status, history()),
        load_balancer: render_load_balancer(status),
        rebalancing: rebalancing(),
        fault_detection: fault_detection(),
        leader: leader(),
    };
}

/** GET /lb/system-status: all modules at a glance. While the database is away it shows what is known. */
export function system_status(): Answer {
    return of_cluster(render_system);
}

/* GET handlers that show the state of the cluster. */
import * as cluster_control from "../cluster_control";
import * as config from "../config";
import * as health_check from "../health_check";
import * as clock from "../lib/clock";
import { identity_proof } from "../lib/identity";
import * as json from "../lib/json";
import { iso_from_sql, iso_time } from "../lib/time_text";
import * as monitor_router from "../monitor_router";
import type { ClusterStatus } from "../monitor_router";
import * as probe_mode from "../probe_mode";
import * as probe from "./probe";
import type { Request } from "./request";
import { ok } from "./respond";
import type { Answer } from "./respond";
import { cluster_state, database_state, milliseconds, not_ready, of_cluster } from "./view";

const LONGEST_CHALLENGE = 64;

/** Fail-overs and recoveries that /lb/health-status lists. */
const HISTORY_LENGTH = 20;

/** GET /lb/ping */
export function ping(): Answer {
    return { status: 200, body: "pong", content_type: "text/plain" };
}

/** GET /lb/livez: the process answers, and says who it is. */
export function livez({ challenge }: Request): Answer {
    const { id } = config.node;
    const body: LivezBody = {
        status: "ok",
        node_id: id,
        mode: config.peers.mode,
        can_lead: !probe_mode.IS_PROBE && cluster_control.can_lead(),
    };
    if (challenge !== undefined && config.secrets.current !== "") {
        body.proof = identity_proof(config.secrets.current, string.sub(challenge, 1, LONGEST_CHALLENGE), id);
    }
    return ok(body);
}

/** GET /lb/readyz: requests can be routed. */
export function readyz(): Answer {
    if (probe_mode.IS_PROBE) {
        return probe.readyz();
    }
    return monitor_router.is_ready() ? ok({ status: "ready" }) : not_ready("no node is known");
}

function render_health(status: ClusterStatus): HealthBody {
    const nodes: HealthNode[] = [];
    for (const node of status.nodes) {
        table.insert(nodes, {
            node_id: node.node_id,
            node_name: node.node_name,
            status: node.status,
            last_seen: iso_from_sql(node.last_seen),
            monitor_count: node.monitor_count,
            host: node.host,
        });
    }
    return {
        timestamp: iso_time(clock.now()) ?? "",
        status: cluster_state(status).state,
        nodes: json.list(nodes),
        expected_nodes: config.cluster.node_count,
        database: database_state(status),
        snapshot_age_seconds: milliseconds(status.snapshot_age),
    };
}

/** GET /lb/health */
export function health(): Answer {
    return of_cluster(render_health);
}

/** Fail-overs, recoveries and what else moved monitors, newest first; or why they could not be read. */
export interface History {
    readonly events: readonly EventBody[];
    readonly error: string | undefined;
}

/** Reads what the database has of it. */
export function read_history(): History {
    const [events, error] = health_check.get_failover_history(HISTORY_LENGTH);
    for (const event of events ?? []) {
        event.at = iso_from_sql(event.at) ?? event.at;
    }
    return { events: events ?? [], error };
}

/** What the health checks found, and what came of it. */
export function render_health_status(status: ClusterStatus, history: History): HealthStatusBody {
    const nodes: HealthCheckState[] = [];
    for (const node of status.nodes) {
        const record = health_check.get_health_record(node.node_id);
        table.insert(nodes, {
            node_id: node.node_id,
            status: node.status,
            suspect: node.status === "online" && record.failures > 0,
            since: iso_from_sql(node.status_since),
            reason: node.status_reason,
            held: health_check.why_held(node.node_id),
            consecutive_successes: record.successes,
            consecutive_failures: record.failures,
            checks: record.checks,
            failed_checks: record.failed_checks,
            last_check: iso_time(record.last_check),
            last_error: record.last_error,
            latency_ms: record.latency_ms,
        });
    }
    return {
        timestamp: iso_time(clock.now()) ?? "",
        statistics: health_check.get_statistics(),
        nodes: json.list(nodes),
        failover_history: json.list(history.events),
        failover_history_error: history.error,
    };
}

/** GET /lb/health-status */
export function health_status(): Answer {
    return of_cluster((status) => render_health_status(status, read_history()));
}

function render_setup_status(status: ClusterStatus): SetupStatusBody {
    return {
        setup_complete: status.setup_complete,
        routing_mode: status.setup_complete ? "load-balancer" : "primary",
        primary_node: status.primary_node,
    };
}

/** GET /lb/setup-status */
export function setup_status(): Answer {
    return of_cluster(render_setup_status);
}

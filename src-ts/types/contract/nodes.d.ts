/* Every node in detail: traffic, health, checks. See status for what all bodies have in common. */

/** What a node has done for requests, since this load balancer started. */
interface NodeTraffic {
    node_id: string;
    status: NodeStatusText;
    /** What requests are routed by: active monitors. */
    load_score: number;
    requests: number;
    /** Requests whose answer from the node was a 5xx, or that got none. */
    errors: number;
    /** Attempts that failed and went on to another node. */
    retries: number;
    /** Passed over for the moment: an attempt has just failed. */
    suspect: boolean;
}

/** GET /lb/load-balancer-status */
interface LoadBalancerStatusBody {
    algorithm: "least_monitors";
    nodes: readonly NodeTraffic[];
    /** When the loads were read. */
    last_update: string;
    snapshot_age_seconds: number;
}

/** What is known of a node, in every detail. */
interface NodeDetail {
    node_id: string;
    node_name: string;
    host: string;
    status: NodeStatusText;
    status_since: string | undefined;
    status_reason: string | undefined;
    /** Why it keeps its status in spite of its checks: it fell too often, or probes reach it. */
    held: string | undefined;
    drained_at: string | undefined;
    is_primary: boolean;
    version: string | undefined;
    region: string | undefined;
    monitor_count: number;
    monitor_total: number;
    last_seen: string | undefined;
    last_check: string | undefined;
    last_success: string | undefined;
    consecutive_failures: number;
    latency_ms: number | undefined;
    /** The standing connection to it. */
    watch: {
        state: "watching" | "lost" | "unsupported" | "unknown";
        since: string | undefined;
        reason: string | undefined;
        last_tick_age_seconds: number | undefined;
    };
}

/** GET /lb/node-status */
interface NodeStatusBody {
    nodes: readonly NodeDetail[];
    expected_nodes: number;
    missing_nodes: number;
}

interface HealthCheckState {
    node_id: string;
    status: NodeStatusText;
    /** Online, with failed checks. */
    suspect: boolean;
    since: string | undefined;
    reason: string | undefined;
    held: string | undefined;
    consecutive_successes: number;
    consecutive_failures: number;
    checks: number;
    failed_checks: number;
    last_check: string | undefined;
    last_error: string | undefined;
    latency_ms: number | undefined;
}

/** GET /lb/health-status */
interface HealthStatusBody {
    timestamp: string;
    statistics: HealthStatistics;
    nodes: readonly HealthCheckState[];
    /** Newest first. */
    failover_history: readonly EventBody[];
    failover_history_error: string | undefined;
}

/** Counters since this load balancer started. */
interface HealthStatistics {
    rounds: number;
    checks: number;
    failed_checks: number;
    failovers: number;
    monitors_moved: number;
    /** Nodes that this load balancer did not reach, but probes did. */
    disputed_falls: number;
    partitions: number;
    falls: number;
    flaps: number;
    corrections: number;
    beats: number;
    missed_checks: number;
    duplicate_checks: number;
    watch_losses: number;
    /** Seconds since the leader read the database; nil where none did. */
    knowledge_age_seconds: number | undefined;
    last_round: { sentence: string; at: number; took_ms: number };
    leader: { node_id: string; is_leader: boolean; epoch: number | undefined };
}

/** POST /lb/trigger-health-check */
interface HealthCheckBody {
    /** As a sentence. */
    result: string;
    statistics: HealthStatistics;
}

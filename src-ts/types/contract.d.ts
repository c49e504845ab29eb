/*
 * Bodies of the HTTP API under /lb/, shared with tests and pages, and what /lb/openapi.json says of them. Times are ISO 8601
 * in UTC, ages in seconds.
 */

/** draining: an operator has it emptied; recovering: it answers, but is not trusted yet. */
type NodeStatusText = "online" | "recovering" | "offline" | "draining";

interface ErrorBody {
    /** Stable code in snake_case. */
    error: string;
    /** One sentence for a person. */
    message: string;
}

/** GET /lb/livez */
interface LivezBody {
    status: "ok";
    node_id: string;
    mode: "leader" | "follower" | "probe";
    /** It leads the control plane or could: the database has answered it lately. */
    can_lead: boolean;
    /** HMAC-SHA1 of "<challenge> <node_id>" by CLUSTER_SECRET, for a request with X-Cluster-Challenge. */
    proof?: string;
}

/** GET /lb/readyz */
interface ReadyzBody {
    status: "ready";
}

interface HealthNode {
    node_id: string;
    node_name: string;
    status: NodeStatusText;
    last_seen: string | undefined;
    monitor_count: number;
    host: string;
}

/** GET /lb/health */
interface HealthBody {
    timestamp: string;
    /** ok: all expected nodes online and the database there; down: no node online. */
    status: "ok" | "degraded" | "down";
    nodes: readonly HealthNode[];
    expected_nodes: number;
    database: { status: "ok" | "unreachable"; error: string | undefined };
    snapshot_age_seconds: number | undefined;
}

/** GET /lb/available-nodes */
interface AvailableNodesBody {
    available_nodes: readonly { node_id: string; status: NodeStatusText; monitor_count: number; set_url: string }[];
    total_count: number;
    clear_url: string;
}

/** GET /lb/capacity */
interface CapacityBody {
    limit_per_node: number;
    nodes: readonly {
        node_id: string;
        current_count: number;
        limit_per_node: number;
        usage_percent: number;
    }[];
    total: { current_count: number; limit: number; usage_percent: number };
    over_capacity: boolean;
}

/** GET /lb/setup-status */
interface SetupStatusBody {
    setup_complete: boolean;
    routing_mode: "primary" | "load-balancer";
    primary_node: string | undefined;
}

/** A monitor that a rebalancing would move. */
interface PlannedMove {
    monitor_id: number;
    from: string;
    to: string;
}

/** GET and POST /lb/trigger-rebalancing and /lb/force-rebalance-all with dry_run=1 */
interface DryRunBody {
    dry_run: true;
    type: "rebalancing" | "redistribution";
    total: number;
    moves: readonly PlannedMove[];
}

/** 202 of the same without it: the operation that is to come, or the one that is open already. */
interface AcceptedBody {
    id: number;
    type: "rebalancing" | "redistribution";
    status: "requested" | "running";
    status_url: string;
}

/** GET and POST /lb/update-loads */
interface LoadsBody {
    nodes: readonly {
        node_id: string;
        status: NodeStatusText;
        monitor_count: number;
        monitor_total: number;
        checks_per_second: number;
    }[];
    snapshot_age_seconds: number;
}

interface RebalancingRun {
    id: number;
    type: "rebalancing" | "redistribution";
    status: "requested" | "running" | "done";
    /** The load balancer that was asked, or that began it by itself. */
    actor: string;
    reason: string;
    /** Moves that were planned when it began. */
    total: number;
    moved: number;
    /** Monitors that did not beat in time at their new node. */
    late: number;
    /** The longest time between two beats of a monitor that it moved. */
    gap_ms: number | undefined;
    requested_at: string;
    started_at: string | undefined;
    finished_at: string | undefined;
}

/** GET /lb/rebalancing-status: of the run that is open or, when none is, of the last one. */
interface RebalancingStatusBody {
    status: "idle" | "requested" | "running";
    id?: number;
    type?: "rebalancing" | "redistribution";
    /** From 0 to 1. */
    progress: number;
    moved: number;
    total: number;
    started_at?: string | undefined;
    /** When one last ended. */
    last_run?: string | undefined;
    /** Newest first. */
    history: readonly RebalancingRun[];
}

/** POST /lb/nodes/{node}/drain and /lb/nodes/{node}/ready */
interface DrainBody {
    node_id: string;
    /** As it is now; the leader changes it within a second. */
    status: NodeStatusText;
    drained: boolean;
    drained_at: string | undefined;
    /** Active monitors that it runs now. */
    monitor_count: number;
}

/** DELETE /lb/nodes/{node} */
interface ForgottenBody {
    node_id: string;
    /** Monitors whose home it was, and that are at home now where they run. */
    settled: number;
}

interface ExplainedMove {
    id: number;
    operation: number;
    type: string;
    reason: string;
    from: string | undefined;
    to: string;
    epoch: number;
    state: string;
    moved_at: string;
    last_beat: string | undefined;
    first_beat: string | undefined;
    gap_ms: number | undefined;
}

/** GET /lb/monitors/{id}/explain */
interface ExplainBody {
    monitor_id: number;
    name: string;
    active: boolean;
    pinned: boolean;
    /** Its home. */
    node_id: string | undefined;
    /** Who runs it in place of its home. */
    assigned_node: string | undefined;
    owner_node: string | undefined;
    rule: "home" | "moved" | "pinned" | "by_hand" | "waiting";
    explanation: string;
    /** Of the move that brought it there, when one did. */
    since: string | undefined;
    epoch: number | undefined;
    gap_ms: number | undefined;
    /** The last ten, newest first. */
    moves: readonly ExplainedMove[];
}

interface EventBody {
    id: number;
    at: string;
    type: string;
    node_id?: string;
    monitor_id?: number;
    epoch?: number;
    actor: string;
    detail: unknown;
}

/** GET /lb/events */
interface EventsBody {
    /** Oldest first. */
    events: readonly EventBody[];
    /** What `since` is for the events that follow. */
    next_since: number;
}

/** GET /lb/fault-detection-status */
interface FaultDetectionBody {
    timestamp: string;
    is_leader: boolean;
    scan_interval_seconds: number;
    /** Since this load balancer started. */
    counters: Record<string, number>;
    /** Nodes that are offline or failed their last check. */
    suspects: readonly {
        node_id: string;
        status: NodeStatusText;
        consecutive_failures: number;
        reason: string | undefined;
        last_check: string | undefined;
    }[];
    /** What moves monitors now. */
    operations: readonly {
        id: number;
        type: string;
        node_id: string | undefined;
        status: string;
        moved: number;
        total: number;
        waiting: number;
        reason: string;
    }[];
    operations_error: string | undefined;
}

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

/** Who leads the control plane, by the lease in the database. */
interface LeaderBody {
    /** Nil while nobody ever did. */
    node_id: string | undefined;
    epoch: number | undefined;
    renewed_age_seconds: number | undefined;
    /** This load balancer is it. */
    is_this: boolean;
    mode: "leader" | "follower" | "probe";
    role: "leader" | "standby";
    /** Why it has that role, as a sentence. */
    why: string;
    /** Of a follower: what it knows of the load balancer that it stands by for. */
    peer?: {
        node_id: string | undefined;
        state: "unknown" | "works" | "fails";
        failures: number;
        last_error: string | undefined;
        checked_at: string | undefined;
    };
}

/** GET /lb/system-status: all there is to know at a glance. Parts that need the database are nil while it is away. */
interface SystemStatusBody {
    timestamp: string;
    version: string;
    /** The newest schema of the cluster's tables that was applied, and the oldest whose programs work on it. */
    schema: { version: number; oldest_compatible: number; applied_by: string; applied_at: string } | undefined;
    cluster: {
        status: HealthBody["status"];
        setup_complete: boolean;
        primary_node: string | undefined;
        /** This load balancer. */
        this_node: { node_id: string; host: string; started_at: string };
        nodes: readonly NodeDetail[];
        expected_nodes: number;
        missing_nodes: number;
        database: HealthBody["database"];
        snapshot_age_seconds: number;
    };
    capacity: CapacityBody;
    health: HealthStatusBody;
    load_balancer: LoadBalancerStatusBody;
    rebalancing: RebalancingStatusBody | undefined;
    fault_detection: FaultDetectionBody;
    leader: LeaderBody | undefined;
}

/** GET /lb/fixed-node-status */
interface FixedNodeStatusBody {
    /** The request has the cookie. */
    has_fixed_node: boolean;
    /** The node that the cookie names, when it may be used. */
    current_node: string | undefined;
    is_valid: boolean;
    invalid_reason?: "unknown_node" | "node_not_online" | "several_cookies";
    /** Where this client's requests go now, by cookie or by load. */
    routed_to: string | undefined;
    cluster_status: { status: HealthBody["status"]; online_nodes: number; total_nodes: number };
}

/** POST /lb/set-fixed-node */
interface SetFixedNodeRequest {
    /** The id of a node that is online. */
    node: string;
    /**
     * Seconds for which the browser keeps it.
     * @asType integer
     * @minimum 60
     * @maximum 31536000
     * @default 604800
     */
    expires?: number;
}

/** POST /lb/set-fixed-node */
interface SetFixedNodeBody {
    node: string;
    expires: number;
    /** When the browser forgets it. */
    expires_at: string;
}

/** POST /lb/clear-fixed-node */
interface ClearFixedNodeBody {
    cleared: true;
}

/** GET /lb/debug-config: every setting as it is in use. Secrets are "***", or "" when none is set. */
interface DebugConfigBody {
    settings: readonly { name: string; value: string | number; is_default: boolean }[];
    version: string;
    nginx: string;
    ngx_lua: string;
    worker_count: number;
}

/** GET /lb/debug-logs: the latest lines that the load balancer wrote, oldest first. */
interface DebugLogsBody {
    lines: readonly { at: string; level: "debug" | "info" | "warn" | "error"; category: string; message: string }[];
}

type CheckKind = "http" | "tcp" | "dns";
type Strategy = "any-down" | "majority-down" | "all-down";

/** What a probe does for a check of kind http. */
interface HttpTarget {
    url: string;
    /** GET by default. */
    method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
    headers?: Record<string, string>;
    body?: string;
    /** Such as "200-299,304"; 200-299 by default. */
    expected_status?: string;
    /** Must be in the body; with `invert_keyword` must not. */
    keyword?: string;
    invert_keyword?: boolean;
    /** Redirects that are followed, 0 to 20; 10 by default. */
    max_redirects?: number;
    /** Down when the certificate ends in less days than that. */
    min_tls_days?: number;
    /** Do not look whether the certificate is valid. */
    ignore_tls?: boolean;
}

interface TcpTarget {
    host: string;
    port: number;
}

interface DnsTarget {
    name: string;
    /** A by default. */
    type?: "A" | "AAAA" | "CNAME" | "MX" | "NS" | "TXT";
    /** `ip` or `ip:port`; those of the probe's host by default. */
    server?: string;
    /** One of the answers must be this; else any answer will do. */
    expected?: string;
}

type CheckTarget = HttpTarget | TcpTarget | DnsTarget;

/** A check as a probe gets it. */
interface Assignment {
    id: number;
    kind: CheckKind;
    target: CheckTarget;
    /** Seconds between two checks. */
    interval: number;
    timeout_ms: number;
    /** Changes with the check; to be shown with its results. */
    revision: string;
}

/** GET /lb/probes/assignments; 304 when If-None-Match has the ETag of what is there. */
interface AssignmentsBody {
    checks: readonly Assignment[];
    /** Seconds after which to ask again. */
    refresh: number;
}

/** POST /lb/probes/register */
interface RegisterRequest {
    probe_id: string;
    name?: string;
    region: string;
    version: string;
}

/** POST /lb/probes/register */
interface RegisterBody {
    probe_id: string;
    /** To be shown with results, whose numbers begin anew with it. */
    session: string;
}

/** What a check came to at one probe. */
interface ProbeResult {
    /** Grows by one from result to result of a session, so that none counts twice. */
    seq: number;
    check_id: number;
    /** abstain: the probe could not reach its witness either, its own connection is broken. */
    status: "up" | "down" | "abstain";
    /** How long ago it was, in ms, when the batch is sent. */
    age_ms: number;
    ping_ms?: number;
    message: string;
    /** That of the assignment: a result of what the check was before counts for nothing. */
    revision?: string;
}

/** POST /lb/probes/results: at most 500 results. */
interface ResultsRequest {
    probe_id: string;
    session: string;
    results: readonly ProbeResult[];
}

/** POST /lb/probes/results */
interface ResultsBody {
    accepted: number;
    /** Known already, of a check that is gone or was changed, or too old to count. */
    ignored: number;
}

/** What a probe said last of a node of the cluster. */
interface NodeVoteBody {
    node_id: string;
    vote: "up" | "down" | "abstain";
    age_seconds: number;
    message: string;
    /** It is new enough, and the probe has reached the node within the last hour. */
    counts: boolean;
}

interface ProbeBody {
    probe_id: string;
    name: string;
    region: string;
    version: string;
    registered_at: string;
    last_seen: string;
    /** It was heard of in the last 90 s. */
    here: boolean;
    nodes: readonly NodeVoteBody[];
}

/** GET /lb/probes */
interface ProbesBody {
    /** By region. */
    probes: readonly ProbeBody[];
}

/** POST /lb/probe-checks and PUT /lb/probe-checks/{id} */
interface ProbeCheckRequest {
    name: string;
    kind: CheckKind;
    target: CheckTarget;
    /** Seconds between two checks, from 5 to 86400; 60 by default. */
    interval?: number;
    /** From 100 to 60000 and not longer than the interval; 10000 by default. */
    timeout_ms?: number;
    /** Who checks it; all regions by default. */
    regions?: readonly string[];
    /** How votes become a verdict; AGG_STRATEGY by default. */
    strategy?: Strategy;
    /** With it so many probes must say down, whatever the strategy is. */
    quorum?: number;
    active?: boolean;
}

interface VoteBody {
    probe_id: string;
    region: string;
    status: "up" | "down" | "abstain";
    at: string;
    /** It counts: it is new enough and no abstention. */
    counts: boolean;
    ping_ms: number | undefined;
    message: string;
}

/** A check with what its probes say. Values of headers and the body that it sends are "***" where everybody may look. */
interface ProbeCheckBody {
    id: number;
    name: string;
    kind: CheckKind;
    target: CheckTarget;
    interval: number;
    timeout_ms: number;
    regions: readonly string[] | undefined;
    strategy: Strategy;
    quorum: number | undefined;
    active: boolean;
    /** The push monitor that it is in Uptime Kuma. */
    monitor_id: number | undefined;
    verdict: "up" | "down" | "unknown";
    since: string | undefined;
    message: string;
    votes: readonly VoteBody[];
}

/** GET /lb/probe-checks */
interface ProbeChecksBody {
    checks: readonly ProbeCheckBody[];
    /** AGG_STRATEGY. */
    default_strategy: Strategy;
}

/** GET /lb/probe-checks/{id}/results, with limit */
interface ProbeResultsBody {
    /** By region; in each the newest first. */
    regions: readonly {
        region: string;
        results: readonly VoteBody[];
    }[];
}

/** DELETE /lb/probe-checks/{id} */
interface RemovedBody {
    id: number;
    removed: true;
}

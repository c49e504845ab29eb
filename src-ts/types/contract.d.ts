/** Bodies of the HTTP API under /lb/, shared with tests and pages. Times are ISO 8601 in UTC, ages in seconds. */

type NodeStatusText = "online" | "recovering" | "offline" | "draining";

interface ErrorBody {
    /** Stable code in snake_case. */
    error: string;
    /** One sentence for a person. */
    message: string;
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

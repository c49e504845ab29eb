/*
 * Bodies of the HTTP API under /lb/, shared with tests and pages, and what /lb/openapi.json says of them: here whether it
 * lives, and what there is at a glance. Times are ISO 8601 in UTC, ages in seconds.
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

/* What happened, and why things are as they are. See status for what all bodies have in common. */

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

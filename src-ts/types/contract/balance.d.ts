/* Who runs how much, and what changes it. See status for what all bodies have in common. */

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

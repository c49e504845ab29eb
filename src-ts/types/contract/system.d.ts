/* All there is to know at a glance, and who leads. See status for what all bodies have in common. */

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

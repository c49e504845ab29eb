/* The cookie that keeps a browser at a node. See status for what all bodies have in common. */

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

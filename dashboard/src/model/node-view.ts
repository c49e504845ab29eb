/* A node as its card shows it: joined from all the parts of /lb/system-status that know something of it. */

export interface NodeView {
    readonly id: string;
    readonly name: string;
    readonly host: string;
    readonly state: NodeStatusText;
    readonly since: string | undefined;
    readonly reason: string | undefined;
    readonly held: string | undefined;
    readonly drainedAt: string | undefined;
    readonly isPrimary: boolean;
    /** Online, with failed checks or a failed request. */
    readonly isSuspect: boolean;
    readonly failures: number;
    /** Of the last check, while checks fail. */
    readonly lastError: string | undefined;
    readonly version: string | undefined;
    readonly region: string | undefined;
    readonly latencyMs: number | undefined;
    readonly lastSeen: string | undefined;
    readonly monitors: number;
    readonly pausedMonitors: number;
    readonly limit: number;
    readonly watch: NodeDetail["watch"]["state"];
    readonly watchSince: string | undefined;
    readonly watchReason: string | undefined;
    /** Since this load balancer started. */
    readonly requests: number;
    readonly errors: number;
}

type ByNode<T> = ReadonlyMap<string, T>;

function byNode<T extends { node_id: string }>(list: readonly T[]): ByNode<T> {
    return new Map(list.map((item) => [item.node_id, item]));
}

const NO_TRAFFIC = { requests: 0, errors: 0, suspect: false };

/** What its checks and its requests say of it. */
function doubtsOf(
    node: NodeDetail,
    health: HealthCheckState | undefined,
    { requests, errors, suspect }: Pick<NodeTraffic, "requests" | "errors" | "suspect"> = NO_TRAFFIC,
): Pick<NodeView, "isSuspect" | "failures" | "lastError" | "requests" | "errors"> {
    const failures = node.consecutive_failures;
    return {
        isSuspect: node.status === "online" && (suspect || failures > 0),
        failures,
        lastError: failures > 0 ? health?.last_error : undefined,
        requests,
        errors,
    };
}

function viewOf(node: NodeDetail, limit: number): Omit<NodeView, keyof ReturnType<typeof doubtsOf>> {
    return {
        ...{ id: node.node_id, name: node.node_name, host: node.host, state: node.status },
        ...{ since: node.status_since, reason: node.status_reason, held: node.held, drainedAt: node.drained_at },
        isPrimary: node.is_primary,
        ...{ version: node.version, region: node.region, latencyMs: node.latency_ms, lastSeen: node.last_seen },
        monitors: node.monitor_count,
        pausedMonitors: Math.max(0, node.monitor_total - node.monitor_count),
        limit,
        ...{ watch: node.watch.state, watchSince: node.watch.since, watchReason: node.watch.reason },
    };
}

/** All nodes, in the order of the API. */
export function nodeViews(status: SystemStatusBody): NodeView[] {
    const health = byNode(status.health.nodes);
    const traffic = byNode(status.load_balancer.nodes);
    const capacity = byNode(status.capacity.nodes);
    return status.cluster.nodes.map((node) => {
        const limit = capacity.get(node.node_id)?.limit_per_node ?? status.capacity.limit_per_node;
        return { ...viewOf(node, limit), ...doubtsOf(node, health.get(node.node_id), traffic.get(node.node_id)) };
    });
}

/** `after`, with the very objects of `before` for what is equal: their cards need not be looked at. */
export function keepEqual(before: readonly NodeView[], after: readonly NodeView[]): NodeView[] {
    const known = new Map(before.map((node) => [node.id, node]));
    return after.map((node) => {
        const old = known.get(node.id);
        return old !== undefined && JSON.stringify(old) === JSON.stringify(node) ? old : node;
    });
}

// Bodies of the API for tests of what is made of them.

/** @typedef {Partial<NodeDetail> & {node_id: string}} SomeNode */

/** @param {SomeNode} more @returns {NodeDetail} an online node */
export function nodeDetail(more) {
  return {
    ...{ node_name: more.node_id, host: `${more.node_id}:3001`, status: "online" },
    ...{ status_since: "2026-11-21T10:00:00Z", status_reason: "3 good checks in a row", held: undefined },
    ...{ drained_at: undefined, is_primary: false, version: "2.0.0", region: undefined },
    ...{ monitor_count: 10, monitor_total: 12, last_seen: undefined, last_check: undefined, last_success: undefined },
    ...{ consecutive_failures: 0, latency_ms: 3 },
    watch: { state: "watching", since: undefined, reason: undefined, last_tick_age_seconds: 0.4 },
    ...more,
  };
}

/** @param {NodeDetail} node @param {number} requests @returns {NodeTraffic} */
function traffic({ node_id, status, monitor_count }, requests) {
  return { node_id, status, load_score: monitor_count, requests, errors: 0, retries: 0, suspect: false };
}

/**
 * @param {NodeDetail[]} nodes
 * @param {{requests?: number, state?: HealthBody["status"], cluster?: Partial<SystemStatusBody["cluster"]>,
 *   operations?: FaultDetectionBody["operations"]}} [more] `requests`: of each node
 * @returns {SystemStatusBody}
 */
export function systemStatus(nodes, { requests = 0, state = "ok", cluster = {}, operations = [] } = {}) {
  const timestamp = "2026-11-21T10:00:30Z";
  const total = { current_count: nodes.length * 10, limit: nodes.length * 100, usage_percent: 10 };
  /** @type {any} what no test looks at */
  const rest = { rebalancing: undefined, leader: undefined };
  return {
    ...{ timestamp, version: "0.1.0", ...rest },
    cluster: {
      ...{ status: state, setup_complete: true, primary_node: "node1" },
      this_node: { node_id: "lb-1", host: "127.0.0.1", started_at: "2026-11-21T09:00:00Z" },
      ...{ nodes, expected_nodes: nodes.length, missing_nodes: 0, snapshot_age_seconds: 0.2 },
      database: { status: "ok", error: undefined },
      ...cluster,
    },
    capacity: { limit_per_node: 100, nodes: [], total, over_capacity: false },
    health: { ...rest, timestamp, nodes: [], failover_history: [] },
    load_balancer: {
      ...{ algorithm: "least_monitors", last_update: timestamp, snapshot_age_seconds: 0.2 },
      nodes: nodes.map((node) => traffic(node, requests)),
    },
    fault_detection: { ...rest, timestamp, is_leader: true, suspects: [], operations },
  };
}

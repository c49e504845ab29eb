// What the load balancer says of its cluster.
import { READY_TIMEOUT_MS } from "./cluster-nodes.mjs";
import { waitFor } from "./processes.mjs";

/**
 * What the load balancer knows of the nodes.
 * @param {string} url of the load balancer
 * @returns {Promise<{status: string, nodes: {node_id: string, status: string, monitor_count: number, host: string}[]}>}
 * @throws when it does not answer
 */
export async function clusterHealth(url) {
  const response = await fetch(`${url}/lb/health`, { signal: AbortSignal.timeout(5000) });
  return /** @type {any} */ (await response.json());
}

/**
 * Waits until the load balancer is ready to route and so many nodes are online.
 * @param {string} url
 * @param {number} nodes
 * @param {number} [timeoutMs]
 */
export async function waitUntilOnline(url, nodes, timeoutMs = READY_TIMEOUT_MS) {
  const check = async () => {
    const { status } = await fetch(`${url}/lb/readyz`, { signal: AbortSignal.timeout(5000) });
    if (status !== 200) throw new Error(`${url}/lb/readyz answers ${status}`);
    const health = await clusterHealth(url);
    const online = health.nodes.filter((node) => node.status === "online");
    if (online.length < nodes) throw new Error(`of ${nodes} nodes ${online.length} are online`);
    return true;
  };
  await waitFor(check, { what: `the cluster at ${url}`, timeoutMs, everyMs: 250 });
}

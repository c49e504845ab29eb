import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, waitFor } from "../../local/processes.mjs";

/** @typedef {import("../cluster/beating-cluster.mjs").BeatingCluster} BeatingCluster */

/** A node that has come back is online and has its monitors after that. */
const REST_MS = 90000;

/**
 * Waits until the nodes that run are online, all monitors are at home, and each was checked since.
 * @param {Pick<BeatingCluster, "cluster" | "monitors" | "untilChecked">} site @param {number} [timeoutMs]
 */
export async function untilRest({ cluster, monitors, untilChecked }, timeoutMs = REST_MS) {
  const running = [...cluster.nodeOfPid()].filter(([pid]) => isAlive(pid)).map(([, nodeId]) => nodeId);
  const check = async () => {
    const others = await cluster.sql("SELECT node_id, status FROM node WHERE status <> 'online'");
    const missing = others.filter(({ node_id }) => running.includes(node_id));
    if (missing.length > 0) throw new Error(missing.map(({ node_id, status }) => `${node_id} is ${status}`).join(", "));
    const away = await cluster.sql("SELECT id FROM monitor WHERE active = 1 AND assigned_node IS NOT NULL");
    if (away.length > 0) throw new Error(`${away.length} monitors are not at home`);
    return true;
  };
  await waitFor(check, { what: "the cluster at rest", timeoutMs, everyMs: 200 });
  await untilChecked(monitors, Date.now());
  // A beat is stored a moment after the target was asked.
  await sleep(1000);
}

/**
 * Earlier failures of nodes do not count as relapses, for which a node is held back: only those within ten minutes do.
 * @param {Pick<BeatingCluster, "cluster">} site
 */
export async function forgetRelapses({ cluster }) {
  await cluster.sql("UPDATE cluster_event SET at = at - INTERVAL 1 HOUR WHERE type = 'node.offline'");
}

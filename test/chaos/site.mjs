// The cluster on which scenarios are played: three nodes whose monitors beat, each part on a proxy of its own to the
// database and under a user of its own, and a second load balancer for the scenarios that want one: the first one's
// follower, which reaches it by a proxy, or its equal.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPool } from "mysql2/promise";
import { stopCluster } from "../../local/cluster.mjs";
import { freePort } from "../../local/ports.mjs";
import { isAlive } from "../../local/processes.mjs";
import { startBeatingCluster } from "../cluster/beating-cluster.mjs";
import { PARTS, accountSettings } from "./accounts.mjs";
import { installAudit } from "./audit.mjs";
import { balancer, followerEnv } from "./balancers.mjs";
import { startToxicProxy } from "./toxic-proxy.mjs";

/**
 * @typedef {import("./toxic-proxy.mjs").ToxicProxy} ToxicProxy
 * @typedef {import("../cluster/beating-cluster.mjs").BeatingCluster} BeatingCluster
 * @typedef {import("./balancers.mjs").Balancer} Balancer
 * @typedef {Awaited<ReturnType<typeof startChaosSite>>} ChaosSite
 */

const MONITORS = 12;

/**
 * @param {{monitors?: number, nodeEnv?: Record<string, string>, treeOf?: import("../../local/settings.mjs").Settings["treeOf"]}} [options]
 *   `nodeEnv`: more settings of all nodes; `treeOf`: which programs a part runs, asked whenever it starts
 */
export async function startChaosSite({ monitors = MONITORS, nodeEnv = {}, treeOf } = {}) {
  const data = mkdtempSync(join(tmpdir(), "chaos-"));
  const dbPort = await freePort();
  /** @type {Record<string, ToxicProxy>} */
  const proxies = {};
  for (const part of PARTS) proxies[part] = await startToxicProxy(dbPort);
  const lbPort = await freePort();
  const toLeader = await startToxicProxy(lbPort);
  const accounts = accountSettings(data, dbPort, (part) => proxies[part].port);
  const closeProxies = () => Promise.all([...Object.values(proxies), toLeader].map((proxy) => proxy.close()));
  try {
    const settings = { ...accounts.settings, nodeEnv: { ...accounts.settings.nodeEnv, ...nodeEnv } };
    const beating = await startBeatingCluster({ count: monitors, port: lbPort, treeOf, ...settings });
    await installAudit(beating.cluster.sql);
    return site({ beating, data, proxies, toLeader, closeProxies, accounts, treeOf });
  } catch (error) {
    await stopCluster(data);
    await closeProxies();
    throw error;
  }
}

/**
 * @param {{beating: BeatingCluster, data: string, proxies: Record<string, ToxicProxy>, toLeader: ToxicProxy,
 *   closeProxies: () => Promise<unknown>, accounts: ReturnType<typeof accountSettings>,
 *   treeOf: import("../../local/settings.mjs").Settings["treeOf"]}} parts
 */
function site({ beating, data, proxies, toLeader, closeProxies, accounts, treeOf }) {
  const { cluster } = beating;
  const admin = createPool({ ...accounts.admin, connectionLimit: 1 });
  /** @type {(() => unknown)[]} */
  const undo = [];
  /** @type {(() => unknown)[]} */
  const stops = [];
  const env = { CLUSTER_NODE_COUNT: "3", ...accounts.balancerEnv("lb1") };
  const lb1 = balancer(data, "lb1", cluster.state().lb, env, treeOf);
  /** Undoes what the scenario has not undone itself, the last first. */
  const calm = async () => {
    for (const act of undo.splice(0).reverse()) await act();
  };
  /** Ends what the scenario has started beside. */
  const reset = async () => {
    await calm();
    for (const stop of stops.splice(0)) await stop();
  };
  return {
    ...beating,
    ...{ data, proxies, toLeader, lb1, calm, reset },
    /** The headers of who knows the cluster's secret. */
    authority: { "X-Cluster-Secret": accounts.settings.nodeEnv.CLUSTER_SECRET },
    /** A statement of a user who may do everything. @param {string} text */
    admin: (text) => admin.query(text),
    /** Has something done when the scenario ends, however it ends. @param {() => unknown} act */
    atEnd: (act) => void undo.push(act),
    /**
     * Starts another load balancer on the same database, until the scenario ends.
     * @param {"follower" | "leader"} mode
     */
    startSecond: async (mode) => {
      const port = await freePort();
      const role = mode === "leader" ? {} : followerEnv(`http://127.0.0.1:${toLeader.port}`);
      const place = { port, url: `http://127.0.0.1:${port}` };
      const second = balancer(data, "lb2", place, { ...accounts.balancerEnv("lb2"), ...role }, treeOf);
      stops.push(() => second.stop());
      await second.start();
      return second;
    },
    /** Stops processes as a frozen host would. @param {number[]} pids @returns {() => void} lets them go on */
    freeze: (pids) => {
      const goOn = () => signal(pids, "SIGCONT");
      undo.push(goOn);
      signal(pids, "SIGSTOP");
      return goOn;
    },
    /** @param {string} nodeId */
    pidOf: (nodeId) => pidOf(cluster, nodeId),
    /** @param {boolean} keep its files stay */
    close: async (keep) => {
      await reset();
      await admin.end();
      await beating.close(true);
      await closeProxies();
      if (!keep) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** @param {BeatingCluster["cluster"]} cluster @param {string} nodeId */
function pidOf(cluster, nodeId) {
  const found = cluster.state().nodes.find(({ node_id }) => node_id === nodeId);
  if (found === undefined) throw new Error(`there is no ${nodeId}`);
  return found.pid;
}

/** @param {number[]} pids @param {NodeJS.Signals} name */
function signal(pids, name) {
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, name);
}

/** The end of a log from a byte on. @param {string} file @param {number} from */
export function logSince(file, from) {
  return readFileSync(file).subarray(from).toString();
}

// The cluster on which scenarios are played: three nodes whose monitors beat, each part on a proxy of its own to the
// database and under a user of its own, and a second load balancer for the scenarios that want one.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPool } from "mysql2/promise";
import { stopCluster } from "../../local/cluster.mjs";
import { startLoadBalancer, workersOf } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { isAlive } from "../../local/processes.mjs";
import { startBeatingCluster } from "../cluster/beating-cluster.mjs";
import { installAudit } from "./audit.mjs";
import { startToxicProxy } from "./toxic-proxy.mjs";

/**
 * @typedef {import("./toxic-proxy.mjs").ToxicProxy} ToxicProxy
 * @typedef {import("../cluster/beating-cluster.mjs").BeatingCluster} BeatingCluster
 * @typedef {{name: string, url: string, pid: number, log: string, workers: () => number[]}} Balancer
 * @typedef {Awaited<ReturnType<typeof startChaosSite>>} ChaosSite
 */

const MONITORS = 12;
const NODES = 5;
const ADMIN = "chaos";
const DATABASE = "kuma";

/** Everybody who has a proxy and a database user; nodes beyond the third are for scenarios that add some. */
const PARTS = ["lb1", "lb2", ...Array.from({ length: NODES }, (_, index) => `node${index + 1}`)];

/** @param {{monitors?: number}} [options] */
export async function startChaosSite({ monitors = MONITORS } = {}) {
  const data = mkdtempSync(join(tmpdir(), "chaos-"));
  const password = randomBytes(12).toString("hex");
  const dbPort = await freePort();
  /** @type {Record<string, ToxicProxy>} */
  const proxies = {};
  for (const part of PARTS) proxies[part] = await startToxicProxy(dbPort);
  const accounts = join(data, "accounts.sql");
  writeFileSync(accounts, accountStatements(password), { mode: 0o600 });
  const access = (/** @type {string} */ part) => ({ user: part, password, port: proxies[part].port });
  const closeProxies = () => Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
  try {
    const beating = await startBeatingCluster({
      ...{ count: monitors, data, dbPort, dbOptions: [`--init-file=${accounts}`] },
      ...{ nodeDatabase: access, lbEnv: balancerSettings("lb1", access("lb1")) },
    });
    await installAudit(beating.cluster.sql);
    return site({ beating, data, dbPort, password, proxies, closeProxies, access });
  } catch (error) {
    await stopCluster(data);
    await closeProxies();
    throw error;
  }
}

/**
 * @param {{beating: BeatingCluster, data: string, dbPort: number, password: string, proxies: Record<string, ToxicProxy>,
 *   closeProxies: () => Promise<unknown>, access: (part: string) => {user: string, password: string, port: number}}} parts
 */
function site({ beating, data, dbPort, password, proxies, closeProxies, access }) {
  const { cluster } = beating;
  const admin = createPool({ host: "127.0.0.1", port: dbPort, user: ADMIN, password, connectionLimit: 1 });
  /** @type {(() => unknown)[]} */
  const undo = [];
  const lb1 = balancer("lb1", cluster.state().lb);
  /** Undoes what the scenario has not undone itself, the last first. */
  const reset = async () => {
    for (const act of undo.splice(0).reverse()) await act();
  };
  return {
    ...beating,
    ...{ data, proxies, lb1, reset },
    /** A statement of a user who may do everything. @param {string} text */
    admin: (text) => admin.query(text),
    /** Has something done when the scenario ends, however it ends. @param {() => unknown} act */
    atEnd: (act) => void undo.push(act),
    /** Starts another load balancer on the same database, until the scenario ends. @returns {Promise<Balancer>} */
    startSecond: async () => {
      const db = { ...cluster.state().db, ...access("lb2") };
      const dir = join(data, "lb2");
      const env = balancerSettings("lb2", access("lb2"));
      const second = await startLoadBalancer({ dir, port: await freePort(), db, env });
      undo.push(() => second.stop());
      return balancer("lb2", second);
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
    /** The nodes whose process lives. */
    running: () => [...cluster.nodeOfPid()].filter(([pid]) => isAlive(pid)).map(([, nodeId]) => nodeId),
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

/** @param {string} name @param {{user: string, password: string, port: number}} access */
function balancerSettings(name, { user, password, port }) {
  return { UPTIME_KUMA_NODE_ID: name, DB_USER: user, DB_PASSWORD: password, DB_PORT: String(port) };
}

/** @param {string} name @param {{url: string, pid: number, log: string}} running @returns {Balancer} */
function balancer(name, { url, pid, log }) {
  return { name, url, pid, log, workers: () => workersOf(pid) };
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

/**
 * What the database runs as it starts, one statement a line. None of the cluster's parts may write while the database
 * is read-only.
 * @param {string} password
 */
function accountStatements(password) {
  const create = (/** @type {string} */ name) => `CREATE USER IF NOT EXISTS '${name}'@'%' IDENTIFIED BY '${password}';`;
  const lines = PARTS.flatMap((part) => [create(part), `GRANT ALL PRIVILEGES ON ${DATABASE}.* TO '${part}'@'%';`]);
  return [...lines, create(ADMIN), `GRANT ALL PRIVILEGES ON *.* TO '${ADMIN}'@'%';`, ""].join("\n");
}

/** The end of a log from a byte on. @param {string} file @param {number} from */
export function logSince(file, from) {
  return readFileSync(file).subarray(from).toString();
}

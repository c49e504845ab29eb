// A small cluster for the tests of the load balancer: a real MariaDB with as much of Uptime Kuma's tables as the load
// balancer reads, fake nodes, and the load balancer itself.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { startMariadb } from "../../local/mariadb.mjs";
import { freePort, freePorts } from "../../local/ports.mjs";
import { stopProcess, spawnDetached, waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { clusterTables, KUMA_TABLES } from "../support/tables.mjs";

const FAKE_NODE = fileURLToPath(new URL("fake-node.mjs", import.meta.url));

/** Timers short enough for a test; the thresholds stay as they are by default. */
const QUICK_TIMERS = {
  HEALTH_CHECK_INTERVAL: "2",
  HEALTH_CHECK_FAST_INTERVAL: "1",
  HEALTH_CHECK_TIMEOUT: "1000",
  NODE_DISCOVERY_INTERVAL: "2",
  FAULT_SCAN_INTERVAL: "2",
  ROUTING_SNAPSHOT_TTL: "1",
};

/**
 * How a fake node answers, see fake-node.mjs.
 * @typedef {{health?: string, answer?: string, watch?: string, headers?: Record<string, string>}} Behaviour
 */

/**
 * @typedef {object} FakeNode
 * @property {string} node_id
 * @property {number} port
 * @property {string} url
 * @property {number} pid
 * @property {(behaviour: Behaviour) => Promise<void>} behave
 * @property {() => Promise<{counts: Record<string, number>, probes: {at: number}[], connections: number,
 *   pushes: {at: number, token: string, status: string, msg: string}[], watchers: number}>} seen what reached it, and who watches it now
 * @property {(behaviour?: Behaviour) => Promise<void>} start after a kill or stop; it behaves so from its first answer
 * @property {() => Promise<boolean>} kill as a crash
 * @property {() => Promise<boolean>} stop orderly: it says offline
 *
 * @typedef {Awaited<ReturnType<typeof startSystem>>} System
 */

/**
 * Starts everything; unless `online: false` it waits until each node is online.
 * @param {{nodes?: number, monitors?: number, users?: number, workers?: number, env?: Record<string, string>,
 *   online?: boolean, accessLog?: boolean, configuration?: string, events?: string,
 *   dbEnv?: Record<string, string>}} [options] `monitors`: active ones, spread evenly over the nodes as homes;
 *   `users: 0` is a Kuma before its set-up; `env`: settings of the load balancer
 */
export async function startSystem(options = {}) {
  const {
    nodes: count = 3,
    users = 1,
    workers = 2,
    env = {},
    online = true,
    accessLog = false,
    configuration,
    events,
    dbEnv = {},
  } = options;
  const dir = mkdtempSync(join(tmpdir(), "ks-"));
  /** @type {(() => Promise<unknown>)[]} */
  const closers = [async () => rmSync(dir, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of [...closers].reverse()) await closer();
  };
  try {
    const db = await startMariadb({ dir: join(dir, "db"), port: await freePort(), password: "secret", env: dbEnv });
    closers.push(db.kill);
    const sql = (/** @type {string} */ text) => db.sql(text, db.name);
    await sql(KUMA_TABLES + clusterTables());
    if (users > 0) await sql("INSERT INTO user (username) VALUES ('admin')");
    await addMonitors(sql, options.monitors ?? 0, count);
    const nodes = (await freePorts(count)).map((port, index) => fakeNode(`node${index + 1}`, port, db, dir));
    closers.push(...nodes.map((node) => node.kill));
    await Promise.all(nodes.map((node) => node.start()));
    const settings = { ...QUICK_TIMERS, CLUSTER_NODE_COUNT: String(count), ...env };
    const port = await freePort();
    const lb = await startLoadBalancer({
      ...{ dir: join(dir, "lb"), port, db, workers, accessLog, env: settings },
      ...(configuration === undefined ? {} : { configuration }),
      ...(events === undefined ? {} : { events }),
    });
    closers.push(lb.stop);
    const system = { dir, db, nodes, lb, url: lb.url, sql, close, ...clients(lb) };
    if (online) await system.untilStatus(Object.fromEntries(nodes.map(({ node_id }) => [node_id, "online"])));
    return system;
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param {{url: string, log: string}} lb */
function clients(lb) {
  const { url } = lb;
  return {
    /** @param {string} path @param {Parameters<typeof request>[1]} [more] */
    get: (path, more) => request(`${url}${path}`, more),
    /** @param {string} path @param {Parameters<typeof request>[1]} [more] */
    post: (path, more) => request(`${url}${path}`, { method: "POST", ...more }),
    /** @param {Record<string, string>} wanted status by node id, as the load balancer sees it @param {number} [timeoutMs] */
    untilStatus: (wanted, timeoutMs) => untilStatus(lb, wanted, timeoutMs),
  };
}

/** @param {(text: string) => Promise<string>} sql @param {number} monitors @param {number} nodes */
async function addMonitors(sql, monitors, nodes) {
  if (monitors === 0) return;
  const rows = Array.from({ length: monitors }, (_, index) => `('m${index}', 1, 'node${(index % nodes) + 1}')`);
  await sql(`INSERT INTO monitor (name, user_id, node_id) VALUES ${rows.join(",")}`);
}

/**
 * @param {string} nodeId @param {number} port @param {import("../../local/mariadb.mjs").Mariadb} db
 * @param {string} dir
 * @returns {FakeNode} not started yet
 */
function fakeNode(nodeId, port, db, dir) {
  const url = `http://127.0.0.1:${port}`;
  const access = { host: db.host, port: db.port, user: db.user, password: db.password, database: db.name };
  const settings = { node_id: nodeId, port, primary: nodeId === "node1", db: access };
  const log = join(dir, `${nodeId}.log`);
  const control = `${url}/_control`;
  const node = {
    ...{ node_id: nodeId, port, url, pid: 0 },
    start: async (/** @type {Behaviour} */ behaviour = {}) => {
      node.pid = await spawnDetached(process.execPath, [FAKE_NODE], {
        log,
        env: { ...process.env, FAKE_NODE: JSON.stringify({ ...settings, behaviour }) },
      });
      const answers = async () => (await request(control, { keepAlive: false })).status === 200;
      await waitFor(answers, { what: `fake ${nodeId}`, pid: node.pid, log });
    },
    kill: () => stopProcess(node.pid, { signal: "SIGKILL", mark: FAKE_NODE }),
    stop: () => stopProcess(node.pid, { mark: FAKE_NODE }),
    behave: async (/** @type {Behaviour} */ behaviour) => {
      await request(control, { method: "POST", body: JSON.stringify(behaviour), keepAlive: false });
    },
    seen: async () => (await request(control, { keepAlive: false })).json,
  };
  return node;
}

/** @param {{url: string, log: string}} lb @param {Record<string, string>} wanted */
async function untilStatus({ url, log }, wanted, timeoutMs = 30000) {
  const check = async () => {
    const health = await request(`${url}/lb/health`);
    /** @type {{node_id: string, status: string}[]} */
    const nodes = health.json?.nodes ?? [];
    const found = Object.fromEntries(nodes.map(({ node_id, status }) => [node_id, status]));
    if (Object.entries(wanted).every(([nodeId, status]) => found[nodeId] === status)) return true;
    throw new Error(`the nodes are ${JSON.stringify(found)}`);
  };
  await waitFor(check, { what: `nodes ${JSON.stringify(wanted)}`, timeoutMs, everyMs: 100, log });
}

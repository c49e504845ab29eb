// A whole cluster for the tests, as `make up` starts it: MariaDB, three Uptime Kuma nodes and the load balancer.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPool } from "mysql2/promise";
import { addClusterNode, startClusterNode, stopClusterNode } from "../../local/cluster-nodes.mjs";
import { startCluster, stopCluster } from "../../local/cluster.mjs";
import { reloadNginx, workersOf } from "../../local/load-balancer.mjs";
import { startMariadb } from "../../local/mariadb.mjs";
import { freePort, freePorts } from "../../local/ports.mjs";
import { stopProcess, waitFor } from "../../local/processes.mjs";
import { databaseDir, readState, writeState } from "../../local/state.mjs";
import { request } from "../support/http.mjs";

/**
 * @typedef {import("../../local/state.mjs").State} State
 * @typedef {import("../../local/settings.mjs").Settings} Settings
 * @typedef {Required<State>} Running
 * @typedef {Awaited<ReturnType<typeof startTestCluster>>} TestCluster
 */

/**
 * Starts a cluster in a folder of its own and waits until every node is online.
 * @param {Partial<Settings>} [options] what differs from three nodes on free ports with the default settings
 */
export async function startTestCluster(options = {}) {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "kc-"));
  /** @type {Settings} */
  const settings = {
    ...{ data, nodes: 3, port: await freePort(), nodePorts: await freePorts(3), dbPort: await freePort() },
    ...{ kumaDir: process.env.KUMA_DIR, nodeEnv: {}, lbEnv: {} },
    ...options,
  };
  const { db, lb, kuma } = /** @type {Running} */ (await startCluster(settings));
  const pool = createPool({ ...access(db), connectionLimit: 2, timezone: "Z" });
  /** @param {string} text @returns {Promise<any[]>} the rows */
  const sql = async (text) => /** @type {any[]} */ ((await pool.query(text))[0]);
  const state = () => /** @type {Running} */ (readState(data));
  return {
    ...{ data, sql, state, url: lb.url, version: kuma.version },
    /** @param {string} path @param {Parameters<typeof request>[1]} [more] */
    get: (path, more) => request(`${lb.url}${path}`, more),
    ...nodeControl(settings, state),
    ...databaseControl(data, state),
    ...waits(lb.url, sql),
    /** @param {boolean} [keep] its files stay, for whoever looks for the reason of a failure */
    close: async (keep = false) => {
      await pool.end();
      await stopCluster(data);
      if (!keep) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** @param {Running["db"]} db */
function access({ host, port, user, password, name }) {
  return { host, port, user, password, database: name };
}

/** @param {Settings} settings @param {() => Running} state */
function nodeControl(settings, state) {
  const { data } = settings;
  return {
    kill: (/** @type {string} */ nodeId) => stopClusterNode(data, nodeId, "SIGKILL"),
    stop: (/** @type {string} */ nodeId) => stopClusterNode(data, nodeId),
    start: (/** @type {string} */ nodeId) => startClusterNode(settings, nodeId),
    /** One more node, on a free port. */
    add: async () => addClusterNode(settings, await freePort()),
    /** The node that runs as this process; a node that was started again has its new pid. */
    nodeOfPid: () => new Map(state().nodes.map(({ pid, node_id }) => [pid, node_id])),
    /** Pids of the load balancer's workers, those included that end after a reload. */
    workers: () => workersOf(state().lb.pid),
    reload: () => reloadNginx(state().lb.pid, state().lb.log),
  };
}

/** @param {string} data @param {() => Running} state */
function databaseControl(data, state) {
  return {
    /** Ends MariaDB orderly. */
    stopDatabase: () => stopProcess(state().db.pid, { mark: `--datadir=${databaseDir(data)}`, graceMs: 30000 }),
    /** Starts MariaDB again with its data and on its port. */
    startDatabase: async () => {
      const current = state();
      const { port, password } = current.db;
      const { pid } = await startMariadb({ dir: databaseDir(data), port, password });
      writeState(data, { ...current, db: { ...current.db, pid } });
    },
  };
}

/** @param {string} url @param {(text: string) => Promise<any[]>} sql */
function waits(url, sql) {
  /** Owner by the monitor's id. @returns {Promise<Map<number, string>>} */
  const owners = async () => {
    const rows = await sql("SELECT id, owner_node FROM monitor WHERE active = 1 ORDER BY id");
    return new Map(rows.map(({ id, owner_node }) => [id, owner_node]));
  };
  /** @param {Record<string, number>} wanted monitors by owner @param {number} [timeoutMs] */
  const untilShares = (wanted, timeoutMs = 60000) => {
    const check = async () => assertSame(count([...(await owners()).values()]), wanted);
    return waitFor(check, { what: `monitors ${JSON.stringify(wanted)}`, timeoutMs, everyMs: 50 });
  };
  /** @param {Record<string, string>} wanted status by node, as the load balancer tells it @param {number} [timeoutMs] */
  const untilStatus = (wanted, timeoutMs = 60000) => {
    const check = async () => {
      /** @type {{node_id: string, status: string}[]} */
      const nodes = (await request(`${url}/lb/health`)).json.nodes;
      const found = nodes.filter(({ node_id }) => node_id in wanted);
      return assertSame(Object.fromEntries(found.map(({ node_id, status }) => [node_id, status])), wanted);
    };
    return waitFor(check, { what: `nodes ${JSON.stringify(wanted)}`, timeoutMs, everyMs: 50 });
  };
  return { owners, untilShares, untilStatus };
}

/**
 * How often each value is there.
 * @param {string[]} values
 * @returns {Record<string, number>}
 */
export function count(values) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** @param {Record<string, unknown>} found @param {Record<string, unknown>} wanted */
function assertSame(found, wanted) {
  const text = (/** @type {object} */ object) => JSON.stringify(Object.entries(object).sort());
  if (text(found) !== text(wanted)) throw new Error(`they are ${JSON.stringify(found)}`);
  return true;
}

// Real Uptime Kuma nodes with the agent, on a real MariaDB. There is no load balancer: the tests write to the database
// what it would write.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureKuma, startNode } from "../../../local/kuma.mjs";
import { startMariadb } from "../../../local/mariadb.mjs";
import { freePort, freePorts } from "../../../local/ports.mjs";
import { waitFor } from "../../../local/processes.mjs";
import { startTarget } from "./target.mjs";

export const USER = { username: "admin", password: "Correct-Horse-7" };

/**
 * @typedef {object} Health
 * @property {string} status
 * @property {string} node_id
 * @property {string} version
 * @property {number} monitors_running
 * @property {number} monitors_assigned
 * @property {string} db
 * @property {number} event_loop_lag_ms
 * @property {string} boot_id
 * @property {number} uptime_seconds
 * @property {number} checks_fenced
 * @property {number} beats_relayed
 * @property {string[]} degraded
 * @property {string[]} version_skew
 * @property {string} [reason]
 *
 * @typedef {import("../../../local/kuma.mjs").KumaNode} KumaNode
 * @typedef {Awaited<ReturnType<typeof startSite>>} Site
 * @typedef {Awaited<ReturnType<typeof startCluster>>} Cluster
 */

/**
 * A database and a target to check, without any node yet.
 * @param {{createDatabase?: boolean}} [options]
 */
export async function startSite({ createDatabase = false } = {}) {
  const dir = mkdtempSync(join(tmpdir(), "ka-"));
  const kumaDir = await ensureKuma();
  const target = await startTarget();
  const settings = { dir: join(dir, "db"), port: await freePort(), password: "secret", createDatabase };
  /** @type {Map<string, KumaNode>} */
  const started = new Map();
  let db = await startMariadb(settings);

  /** @param {string} text @returns {Promise<string[][]>} */
  const sql = async (text) => {
    const output = await db.sql(text, db.name);
    return output === ""
      ? []
      : output
          .trimEnd()
          .split("\n")
          .map((line) => line.split("\t"));
  };
  return {
    dir,
    kumaDir,
    target,
    sql,
    get db() {
      return db;
    },
    /**
     * Starts a node and does not wait for it.
     * @param {string} nodeId
     * @param {{port?: number, env?: Record<string, string>, folder?: string, kumaDir?: string,
     *   database?: {port: number}}} [options]
     */
    async node(nodeId, { port, env, folder = nodeId, kumaDir: kuma = kumaDir, database } = {}) {
      const place = { dir: join(dir, folder), port: port ?? (await freePort()) };
      const node = await startNode({ kumaDir: kuma, nodeId, db: { ...db, ...database }, env: env ?? {}, ...place });
      started.set(folder, node);
      return node;
    },
    async restartDatabase() {
      db = await startMariadb(settings);
    },
    async close() {
      await Promise.all([...started.values()].map((node) => node.stop("SIGKILL")));
      await db.kill();
      await target.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/**
 * Nodes that are ready and online, on a database with one user.
 * @param {{nodes?: number, env?: Record<string, string>}} [options]
 */
export async function startCluster({ nodes: count = 3, env } = {}) {
  const site = await startSite();
  try {
    const ports = await freePorts(count);
    const nodes = await Promise.all(
      ports.map((port, index) => site.node(`node${index + 1}`, { port, ...(env === undefined ? {} : { env }) })),
    );
    await Promise.all(nodes.map((node) => node.ready()));
    await site.sql("UPDATE node SET status = 'online', status_since = NOW(6)");
    return Object.assign(site, { nodes });
  } catch (error) {
    await site.close();
    throw error;
  }
}

/** @param {{url: string}} node @returns {Promise<Health>} */
export async function health(node) {
  const response = await fetch(`${node.url}/api/v1/health`, { signal: AbortSignal.timeout(3000) });
  return /** @type {Promise<Health>} */ (response.json());
}

/**
 * Waits until a statement gives this one value.
 * @param {{sql: (text: string) => Promise<string[][]>}} site @param {string} text @param {string} value
 * @param {number} [timeoutMs]
 */
export function untilSql(site, text, value, timeoutMs = 15000) {
  const check = async () => {
    const found = (await site.sql(text))[0]?.[0];
    if (found !== value) throw new Error(`it is ${found}`);
    return true;
  };
  return waitFor(check, { what: `${text} = ${value}`, timeoutMs, everyMs: 100 });
}

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isAlive, spawnDetached, stopProcess, waitFor } from "./processes.mjs";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("..", import.meta.url));

/** What is installed when the user names no Kuma of their own. */
export const KUMA_VERSION = "2.0.0-dev.0";

/** The agent's one file in a tree, as it is preloaded into Uptime Kuma. @param {string} tree */
export const agentOf = (tree) => join(tree, "agent", "dist", "register.js");

export const AGENT = agentOf(repository);

/**
 * Finds the Uptime Kuma to run: `kumaDir` (by default the variable KUMA_DIR), else the npm package, installed once
 * into its own folder.
 * @param {{cacheDir?: string, kumaDir?: string, say?: (line: string) => void}} [options]
 * @returns {Promise<string>} the folder with server/server.js
 */
export async function ensureKuma({ cacheDir, kumaDir = process.env.KUMA_DIR, say = () => {} } = {}) {
  if (kumaDir !== undefined && kumaDir !== "") return checkedKumaDir(resolve(kumaDir));
  const cache = resolve(cacheDir ?? join(repository, ".cache", "kuma"));
  const dir = join(cache, "node_modules", "uptime-kuma");
  // npm writes this file last: without it an earlier installation was cut off.
  const complete = existsSync(join(cache, "node_modules", ".package-lock.json")) && existsSync(join(dir, "dist"));
  if (complete && kumaVersion(dir) === KUMA_VERSION) return dir;
  say(`installing Uptime Kuma ${KUMA_VERSION} from npm into ${cache} (once, a minute or two)`);
  mkdirSync(cache, { recursive: true });
  const manifest = { private: true, dependencies: { "uptime-kuma": KUMA_VERSION } };
  writeFileSync(join(cache, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  // Install scripts only build the SQLite driver, which a node on MariaDB never loads.
  const args = ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  try {
    await run("npm", [...args, "--loglevel=error"], { cwd: cache, maxBuffer: 16 << 20 });
  } catch (error) {
    const { stderr = "" } = /** @type {Error & {stderr?: string}} */ (error);
    throw new Error(`cannot install Uptime Kuma from npm: ${stderr.trim()}`, { cause: error });
  }
  return checkedKumaDir(dir);
}

/**
 * The version in the folder's package.json.
 * @param {string} dir
 * @returns {string}
 */
export function kumaVersion(dir) {
  return JSON.parse(readFileSync(join(dir, "package.json"), "utf8")).version;
}

/**
 * @typedef {{host: string, port: number, user: string, password: string, name: string}} DatabaseAccess
 *
 * @typedef {object} KumaNode a running node
 * @property {string} node_id
 * @property {string} url
 * @property {number} pid
 * @property {string} log
 * @property {number} port
 * @property {(timeoutMs?: number) => Promise<void>} ready waits until it answers; throws with the end of its log
 * @property {(signal?: NodeJS.Signals) => Promise<boolean>} stop
 */

/**
 * Starts one Uptime Kuma process on 127.0.0.1, with the agent unless `agent` is false. Does not wait for it: several
 * nodes are to start at once (see `ready`).
 * @param {{kumaDir: string, dir: string, port: number, nodeId: string, primary?: boolean, agent?: boolean,
 *   db?: DatabaseAccess, env?: Record<string, string>, tree?: string, cwd?: string}} settings `dir`: the node's own data and
 *   log; `db`: else SQLite; `env` is added to its environment; `tree`: whose agent it loads, in place of this repository's;
 *   `cwd`: where it looks for its migrations, in place of `kumaDir`
 * @returns {Promise<KumaNode>}
 */
export async function startNode(settings) {
  const {
    kumaDir,
    dir,
    port,
    nodeId,
    db,
    primary = nodeId === "node1",
    agent = true,
    env,
    tree = repository,
  } = settings;
  const { cwd = kumaDir } = settings;
  const home = resolve(dir);
  const data = join(home, "data");
  const log = join(home, `${nodeId}.log`);
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "db-config.json"), JSON.stringify(databaseConfig(db)), { mode: 0o600 });
  const mark = nodeMark(home);
  const pid = await spawnDetached(process.execPath, [join(kumaDir, "server", "server.js")], {
    cwd,
    log,
    env: {
      ...inheritedEnvironment(),
      DATA_DIR: `${data}/`,
      TZ: "UTC",
      UPTIME_KUMA_HOST: "127.0.0.1",
      UPTIME_KUMA_PORT: String(port),
      ...(agent ? agentEnvironment({ nodeId, port, primary, tree }) : {}),
      ...env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ node_id: nodeId, url, pid, log, port },
    ready: (timeoutMs = 120000) => nodeReady({ url, pid, log, nodeId, agent }, timeoutMs),
    stop: (signal = "SIGTERM") => stopProcess(pid, { signal, mark }),
  };
}

/** What Uptime Kuma keeps in db-config.json. @param {DatabaseAccess | undefined} db */
function databaseConfig(db) {
  if (db === undefined) return { type: "sqlite" };
  const { host, port, user, password, name } = db;
  return { type: "mariadb", hostname: host, port, username: user, password, dbName: name };
}

/**
 * The part of its environment by which the process of a node is known among all processes.
 * @param {string} dir the node's folder
 */
export function nodeMark(dir) {
  return `DATA_DIR=${join(resolve(dir), "data")}/`;
}

/** @param {string} dir */
function checkedKumaDir(dir) {
  if (!existsSync(join(dir, "server", "server.js"))) {
    throw new Error(`${dir} is no Uptime Kuma: it has no server/server.js`);
  }
  if (!existsSync(join(dir, "dist", "index.html"))) {
    throw new Error(`${dir} has no built web page: run npm run build or npm run download-dist there`);
  }
  return dir;
}

/** This process's environment without what Kuma or its agent would take for a setting of their own. */
function inheritedEnvironment() {
  const foreign = /^(UPTIME_KUMA_|CLUSTER_|NODE_|npm_|SSL_KEY|SSL_CERT|DATA_DIR$|HOST$|PORT$|TEST_BACKEND$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** @param {{nodeId: string, port: number, primary: boolean, tree: string}} node */
function agentEnvironment({ nodeId, port, primary, tree }) {
  return {
    NODE_OPTIONS: `--require ${JSON.stringify(agentOf(tree))}`,
    UPTIME_KUMA_NODE_ID: nodeId,
    UPTIME_KUMA_NODE_NAME: nodeId,
    UPTIME_KUMA_NODE_HOST: `127.0.0.1:${port}`,
    ...(primary ? { UPTIME_KUMA_PRIMARY: "1" } : {}),
  };
}

/**
 * @param {{url: string, pid: number, log: string, nodeId: string, agent: boolean}} node
 * @param {number} timeoutMs
 */
async function nodeReady({ url, pid, log, nodeId, agent }, timeoutMs) {
  const probe = async () => {
    const response = await fetch(agent ? `${url}/api/v1/health` : url, { signal: AbortSignal.timeout(2000) });
    const body = await response.text();
    if (!response.ok) throw new Error(`answers ${response.status} ${body.slice(0, 200)}`);
    return true;
  };
  await waitFor(probe, { what: nodeId, timeoutMs, everyMs: 200, pid, log });
  if (!isAlive(pid)) throw new Error(`another process answers for node ${nodeId} at ${url}`);
}

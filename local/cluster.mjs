import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureKuma, kumaVersion, nodeMark, startNode } from "./kuma.mjs";
import { loadBalancerMark, quitNginx, startLoadBalancer } from "./load-balancer.mjs";
import { startMariadb } from "./mariadb.mjs";
import { portInUse } from "./ports.mjs";
import { stopProcess, waitFor } from "./processes.mjs";
import {
  databaseDir,
  followerDir,
  isNodeAlive,
  loadBalancerDir,
  nodeDir,
  readState,
  removeState,
  writeState,
} from "./state.mjs";

/**
 * @typedef {import("./settings.mjs").Settings} Settings
 * @typedef {import("./state.mjs").State} State
 * @typedef {(line: string) => void} Say
 */

// A first start creates Kuma's tables, one node after the other.
const READY_TIMEOUT_MS = 180000;

/**
 * Starts database, nodes and load balancer, and waits until every node is online. Nothing is left running when it
 * fails.
 * @param {Settings} settings
 * @param {Say} [say] hears of each step
 * @returns {Promise<State>}
 */
export async function startCluster(settings, say = () => {}) {
  await refuseTakenPorts(settings);
  const { data } = settings;
  const kumaDir = await ensureKuma({ kumaDir: settings.kumaDir, say });
  /** @type {State} */
  const state = { nodes: [], kuma: { dir: kumaDir, version: kumaVersion(kumaDir) } };
  try {
    const server = { dir: databaseDir(data), port: settings.dbPort, options: settings.dbOptions };
    const db = await startMariadb({ ...server, password: databasePassword(data) });
    state.db = recorded(db, "host", "port", "user", "password", "name", "pid", "log");
    writeState(data, state);
    say(`MariaDB ready on ${db.host}:${db.port}`);
    await startNodes(settings, state, say);
    const lb = await startLoadBalancers(settings, state, db, say);
    await waitUntilOnline(lb.url, settings.nodes);
    say(`all ${settings.nodes} nodes are online`);
    return state;
  } catch (error) {
    await stopCluster(data);
    throw error;
  }
}

/**
 * Starts the load balancer, and the one that stands by for it when the settings ask for two.
 * @param {Settings} settings @param {State} state @param {import("./kuma.mjs").DatabaseAccess} db @param {Say} say
 */
async function startLoadBalancers(settings, state, db, say) {
  const { data, port, followerPort } = settings;
  const env = { CLUSTER_NODE_COUNT: String(settings.nodes), ...settings.lbEnv };
  /** @type {Record<string, string>} */
  const own = followerPort === undefined ? {} : { UPTIME_KUMA_NODE_ID: "lb1" };
  const leader = { dir: loadBalancerDir(data), port, ...treeFor(settings, "lb1") };
  const lb = await startLoadBalancer({ ...leader, db, env: { ...own, ...env } });
  state.lb = recorded(lb, "url", "pid", "log", "port");
  writeState(data, state);
  say(`load balancer answers on ${lb.url}`);
  if (followerPort !== undefined) {
    const role = { UPTIME_KUMA_NODE_ID: "lb2", CLUSTER_MODE: "follower", CLUSTER_PEER_URL: lb.url };
    const place = { dir: followerDir(data), port: followerPort, ...treeFor(settings, "lb2") };
    const follower = await startLoadBalancer({ ...place, db, env: { ...env, ...role } });
    state.follower = recorded(follower, "url", "pid", "log", "port");
    writeState(data, state);
    say(`a second one stands by for it and answers on ${follower.url}`);
  }
  return lb;
}

/**
 * Stops whatever runs of the cluster in this folder; its data stay.
 * @param {string} data
 * @param {Say} [say]
 * @returns {Promise<boolean>} false when nothing ran
 */
export async function stopCluster(data, say = () => {}) {
  const state = readState(data);
  if (state === undefined) return false;
  const { lb, follower, db } = state;
  // The follower first, so that it does not take over from a leader that only ends.
  const followerMark = loadBalancerMark(followerDir(data));
  if (follower !== undefined && (await quitNginx(follower.pid, followerMark, 3000)))
    say("second load balancer stopped");
  const lbMark = loadBalancerMark(loadBalancerDir(data));
  if (lb !== undefined && (await quitNginx(lb.pid, lbMark, 3000))) say("load balancer stopped");
  const stopped = await Promise.all(
    state.nodes.map((node) => stopProcess(node.pid, { mark: nodeMark(nodeDir(data, node.node_id)) })),
  );
  if (stopped.includes(true)) say("nodes stopped");
  const dbMark = `--datadir=${databaseDir(data)}`;
  if (db !== undefined && (await stopProcess(db.pid, { mark: dbMark, graceMs: 30000 }))) say("MariaDB stopped");
  removeState(data);
  return true;
}

/**
 * Starts a node again that was stopped or killed, on its old port and data.
 * @param {Settings} settings
 * @param {string} nodeId
 * @returns {Promise<import("./state.mjs").NodeState>} once it answers
 * @throws when it is unknown or runs already
 */
export async function startClusterNode(settings, nodeId) {
  const { state, node } = findNode(settings.data, nodeId);
  if (isNodeAlive(settings.data, node)) throw new Error(`${nodeId} runs already, as process ${node.pid}`);
  return startAndRecord(settings, state, nodeId, node.port);
}

/**
 * Adds a node to a running cluster: the one after the last.
 * @param {Settings} settings
 * @param {number} port where it is to listen
 * @returns {Promise<import("./state.mjs").NodeState>} once it answers
 */
export function addClusterNode(settings, port) {
  const state = runningState(settings.data);
  return startAndRecord(settings, state, `node${state.nodes.length + 1}`, port);
}

/**
 * @param {string} data
 * @param {string} nodeId
 * @param {NodeJS.Signals} [signal] SIGTERM lets it hand over, SIGKILL is a crash
 * @returns {Promise<boolean>} false when it did not run
 */
export async function stopClusterNode(data, nodeId, signal = "SIGTERM") {
  const { node } = findNode(data, nodeId);
  return stopProcess(node.pid, { signal, mark: nodeMark(nodeDir(data, nodeId)) });
}

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

/** @param {Settings} settings @param {State} state @param {Say} say */
async function startNodes(settings, state, say) {
  const started = [];
  for (const [index, port] of settings.nodePorts.entries()) {
    const node = await startProcess(settings, state, `node${index + 1}`, port);
    started.push(node);
    state.nodes.push(recorded(node, "node_id", "url", "pid", "log", "port"));
    writeState(settings.data, state);
  }
  say(`${started.length} nodes of Uptime Kuma ${state.kuma?.version} are starting`);
  const ready = started.map(async (node) => {
    await node.ready(READY_TIMEOUT_MS);
    say(`${node.node_id} answers on ${node.url}`);
  });
  await Promise.all(ready);
}

/** @param {Settings} settings @param {State} state @param {string} nodeId @param {number} port */
async function startProcess(settings, state, nodeId, port) {
  if (state.db === undefined) throw new Error("the cluster has no database: run make up");
  const kumaDir = state.kuma?.dir ?? (await ensureKuma({ kumaDir: settings.kumaDir }));
  const db = { ...state.db, ...settings.nodeDatabase?.(nodeId) };
  const place = { dir: nodeDir(settings.data, nodeId), port, ...treeFor(settings, nodeId) };
  return startNode({ kumaDir, ...place, nodeId, db, env: settings.nodeEnv });
}

/** @param {Settings} settings @param {string} part */
function treeFor({ treeOf }, part) {
  const tree = treeOf?.(part);
  return tree === undefined ? {} : { tree };
}

/** @param {Settings} settings @param {State} state @param {string} nodeId @param {number} port */
async function startAndRecord(settings, state, nodeId, port) {
  const started = await startProcess(settings, state, nodeId, port);
  const node = recorded(started, "node_id", "url", "pid", "log", "port");
  // Another node may have been started meanwhile: what is recorded now counts.
  const current = runningState(settings.data);
  const others = current.nodes.filter(({ node_id }) => node_id !== nodeId);
  const nodes = [...others, node].sort((one, other) => (one.node_id < other.node_id ? -1 : 1));
  writeState(settings.data, { ...current, nodes });
  await started.ready();
  return node;
}

/**
 * @param {Pick<Settings, "port" | "followerPort" | "dbPort" | "nodePorts">} settings
 * @throws one line for each port that is in use
 */
export async function refuseTakenPorts({ port, followerPort, dbPort, nodePorts }) {
  /** @type {[number, string][]} */
  const wanted = [
    [port, "PORT"],
    [dbPort, "DB_PORT"],
  ];
  if (followerPort !== undefined) wanted.push([followerPort, "FOLLOWER_PORT"]);
  for (const nodePort of nodePorts) wanted.push([nodePort, "NODE_PORT"]);
  const taken = [];
  for (const [number, variable] of wanted) {
    if (await portInUse(number)) taken.push(`port ${number} of 127.0.0.1 is in use: choose another with ${variable}=`);
  }
  if (taken.length > 0) throw new Error(taken.join("\n"));
}

/** @param {string} data */
function databasePassword(data) {
  const file = join(data, "password");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  mkdirSync(data, { recursive: true });
  const password = randomBytes(18).toString("base64url");
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** @param {string} data @param {string} nodeId */
function findNode(data, nodeId) {
  const state = runningState(data);
  const node = state.nodes.find((candidate) => candidate.node_id === nodeId);
  if (node !== undefined) return { state, node };
  throw new Error(`there is no ${nodeId}: the nodes are ${state.nodes.map(({ node_id }) => node_id).join(", ")}`);
}

/** @param {string} data @returns {State} */
function runningState(data) {
  const state = readState(data);
  if (state === undefined) throw new Error(`no cluster runs in ${data}: run make up`);
  return state;
}

/**
 * @template {object} T
 * @template {keyof T} K
 * @param {T} object
 * @param {K[]} keys
 * @returns {Pick<T, K>}
 */
function recorded(object, ...keys) {
  return /** @type {Pick<T, K>} */ (Object.fromEntries(keys.map((key) => [key, object[key]])));
}

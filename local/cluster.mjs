import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntilOnline } from "./cluster-health.mjs";
import { startNodes, treeFor } from "./cluster-nodes.mjs";
import { ensureKuma, kumaVersion, nodeMark } from "./kuma.mjs";
import { loadBalancerMark, quitNginx, startLoadBalancer } from "./load-balancer.mjs";
import { startMariadb } from "./mariadb.mjs";
import { portInUse } from "./ports.mjs";
import { stopAllWith, stopProcess } from "./processes.mjs";
import {
  databaseDir,
  followerDir,
  loadBalancerDir,
  nodeDir,
  readState,
  recorded,
  removeState,
  writeState,
} from "./state.mjs";

/**
 * @typedef {import("./settings.mjs").Settings} Settings
 * @typedef {import("./state.mjs").State} State
 * @typedef {(line: string) => void} Say
 */

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

/** Ends what was just being started, of which no state knows yet. @param {string} data */
export async function stopStarting(data) {
  const balancers = [loadBalancerDir(data), followerDir(data)].map(loadBalancerMark);
  await Promise.all([`--datadir=${databaseDir(data)}`, ...balancers].map(stopAllWith));
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

// The nodes of a cluster on this machine: started, stopped, added, and recorded in its state.
import { ensureKuma, nodeMark, startNode } from "./kuma.mjs";
import { stopProcess } from "./processes.mjs";
import { isNodeAlive, nodeDir, readState, recorded, writeState } from "./state.mjs";

/**
 * @typedef {import("./settings.mjs").Settings} Settings
 * @typedef {import("./state.mjs").State} State
 * @typedef {(line: string) => void} Say
 */

/** A first start creates Kuma's tables, one node after the other. */
export const READY_TIMEOUT_MS = 180000;

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
 * Starts all nodes of a new cluster at once, and waits until each answers. Each is recorded before it does.
 * @param {Settings} settings @param {State} state @param {Say} say
 */
export async function startNodes(settings, state, say) {
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

/** The tree of this project that a part runs from, where it is not this one. @param {Settings} settings @param {string} part */
export function treeFor({ treeOf }, part) {
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

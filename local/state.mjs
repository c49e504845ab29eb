import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeMark } from "./kuma.mjs";
import { loadBalancerMark } from "./load-balancer.mjs";
import { isMariadbOf } from "./mariadb.mjs";
import { isOurs } from "./processes.mjs";

/**
 * @typedef {{node_id: string, url: string, pid: number, log: string, port: number}} NodeState
 * @typedef {{host: string, port: number, user: string, password: string, name: string, pid: number,
 *   log: string}} DatabaseState
 * @typedef {{url: string, pid: number, log: string, port: number}} LoadBalancerState
 * @typedef {object} State the content of DATA/state.json; a part that was not started is missing
 * @property {LoadBalancerState} [lb]
 * @property {LoadBalancerState} [follower] the second one, that stands by for the first
 * @property {DatabaseState} [db]
 * @property {NodeState[]} nodes
 * @property {{dir: string, version: string}} [kuma]
 */

/** @param {string} data */
export const databaseDir = (data) => join(data, "db");
/** @param {string} data */
export const loadBalancerDir = (data) => join(data, "lb");
/** @param {string} data */
export const followerDir = (data) => join(data, "lb2");
/** @param {string} data @param {string} nodeId */
export const nodeDir = (data, nodeId) => join(data, nodeId);

/**
 * @param {string} data
 * @returns {State | undefined} undefined when nothing was started there
 */
export function readState(data) {
  const file = join(data, "state.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** @param {string} data @param {State} state */
export function writeState(data, state) {
  mkdirSync(data, { recursive: true });
  const file = join(data, "state.json");
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** @param {string} data */
export function removeState(data) {
  rmSync(join(data, "state.json"), { force: true });
}

/**
 * Which recorded processes still run, told from later processes with the same pid?
 * @param {string} data
 * @param {State} state
 * @returns {{lb: boolean, follower: boolean, db: boolean, nodes: Record<string, boolean>}}
 */
export function aliveParts(data, state) {
  return {
    lb: isLoadBalancerAlive(state.lb, loadBalancerDir(data)),
    follower: isLoadBalancerAlive(state.follower, followerDir(data)),
    db: state.db !== undefined && isMariadbOf(state.db.pid, databaseDir(data)),
    nodes: Object.fromEntries(state.nodes.map((node) => [node.node_id, isNodeAlive(data, node)])),
  };
}

/** @param {LoadBalancerState | undefined} lb @param {string} dir */
function isLoadBalancerAlive(lb, dir) {
  return lb !== undefined && isOurs(lb.pid, loadBalancerMark(dir));
}

/** @param {string} data @param {NodeState} node */
export function isNodeAlive(data, node) {
  return isOurs(node.pid, nodeMark(nodeDir(data, node.node_id)));
}

/**
 * What of a started process is kept: its methods are not.
 * @template {object} T
 * @template {keyof T} K
 * @param {T} object
 * @param {K[]} keys
 * @returns {Pick<T, K>}
 */
export function recorded(object, ...keys) {
  return /** @type {Pick<T, K>} */ (Object.fromEntries(keys.map((key) => [key, object[key]])));
}

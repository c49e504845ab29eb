import { resolve } from "node:path";

/**
 * @typedef {object} Settings what one cluster of processes is made of
 * @property {number} nodes
 * @property {number} port of the load balancer
 * @property {number} [followerPort] of a second one that stands by for it
 * @property {number[]} nodePorts one for each node
 * @property {number} dbPort
 * @property {string} data the folder of everything that it writes
 * @property {string | undefined} kumaDir an existing Uptime Kuma; else the npm package is used
 * @property {Record<string, string>} nodeEnv the agents' settings
 * @property {Record<string, string>} lbEnv the load balancer's settings
 * @property {string[]} [dbOptions] more arguments for mariadbd
 * @property {(nodeId: string) => Partial<import("./kuma.mjs").DatabaseAccess>} [nodeDatabase] what a node gets other
 *   than the address and the user of the database itself
 * @property {(part: string) => string | undefined} [treeOf] whose lua/, nginx/ and agent/dist a part ("lb1", "lb2", or the
 *   id of a node) runs the next time it starts, in place of this repository's
 */

/** The agent's own settings that a user may give to `make up`. */
const AGENT_SETTING = /^(CLUSTER_|NODE_HEARTBEAT_)/;

/**
 * Reads the variables of `make up`.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Settings}
 * @throws one line for each wrong value
 */
export function readSettings(env) {
  /** @type {string[]} */
  const mistakes = [];
  const number = (/** @type {string} */ name, /** @type {number} */ fallback, min = 1, max = 65535) => {
    const text = env[name] ?? "";
    if (text === "") return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    mistakes.push(`${name}=${text} is not a whole number from ${min} to ${max}`);
    return fallback;
  };
  const nodes = number("NODES", 3, 1, 20);
  const port = number("PORT", 8084);
  const isPair = number("LBS", 1, 1, 2) === 2;
  const firstNodePort = number("NODE_PORT", 3001);
  const settings = {
    nodes,
    port,
    ...(isPair ? { followerPort: number("FOLLOWER_PORT", port + 1) } : {}),
    nodePorts: Array.from({ length: nodes }, (_, index) => firstNodePort + index),
    dbPort: number("DB_PORT", 13306),
    data: resolve(env.DATA || ".cluster"),
    kumaDir: env.KUMA_DIR ? resolve(env.KUMA_DIR) : undefined,
    nodeEnv: agentSettings(env),
    lbEnv: {},
  };
  const ports = [
    settings.port,
    ...(settings.followerPort ? [settings.followerPort] : []),
    settings.dbPort,
    ...settings.nodePorts,
  ];
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  if (twice !== undefined)
    mistakes.push(`port ${twice} is asked for twice: see PORT, FOLLOWER_PORT, NODE_PORT and DB_PORT`);
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  return settings;
}

/** @param {NodeJS.ProcessEnv} env */
function agentSettings(env) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, value] of Object.entries(env)) if (AGENT_SETTING.test(name)) found[name] = value ?? "";
  return found;
}

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { clusterHealth } from "./cluster-health.mjs";
import { startClusterNode, stopClusterNode } from "./cluster-nodes.mjs";
import { refuseTakenPorts, startCluster, stopCluster, stopStarting } from "./cluster.mjs";
import { CLUSTER_PACKAGES, checkHost, ensurePackages } from "./host.mjs";
import { readSettings } from "./settings.mjs";
import { aliveParts, readState } from "./state.mjs";
import { ensureBuild, ensureDependencies } from "./workspace.mjs";

/** @typedef {import("./settings.mjs").Settings} Settings */

const started = Date.now();
let interrupted = false;

/** @param {string} line */
function say(line) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
  console.log(`[${seconds} s] ${line}`);
}

/** @type {Record<string, (settings: Settings) => Promise<void>>} */
const COMMANDS = {
  up,
  down: async ({ data }) => {
    if (!(await stopCluster(data, say))) say(`nothing runs in ${data}`);
  },
  status,
  logs,
  "node-start": async (settings) => {
    const node = await startClusterNode(settings, askedNode());
    say(`${node.node_id} answers on ${node.url}; watch it come back online with make status`);
  },
  "node-stop": async ({ data }) => {
    const nodeId = askedNode();
    const signal = process.env.KILL === "1" ? "SIGKILL" : "SIGTERM";
    const stopped = await stopClusterNode(data, nodeId, signal);
    say(stopped ? `${nodeId} stopped by ${signal}` : `${nodeId} did not run`);
  },
};

/** @param {Settings} settings */
async function up(settings) {
  if (await runsAlready(settings.data)) return;
  checkHost();
  await refuseTakenPorts(settings);
  await ensurePackages(CLUSTER_PACKAGES, say);
  await ensureDependencies(say);
  await ensureBuild(say);
  const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
    interrupted = true;
    say(`${signal}: stopping what was started`);
    void stopCluster(settings.data)
      .finally(() => stopStarting(settings.data))
      .finally(() => process.exit(130));
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const { lb, follower, db, nodes, kuma } = await startCluster(settings, say);
  const second =
    follower === undefined
      ? ""
      : `\n  second LB      ${follower.url}, follower of the first (kill -9 ${lb?.pid} ends that)`;
  const where = process.env.DATA ? ` DATA=${process.env.DATA}` : "";
  console.log(`
Uptime Kuma Cluster is up: ${lb?.url}

  Uptime Kuma    ${kuma?.version}, ${nodes.map((node) => `${node.node_id} ${node.url}`).join(", ")}
  health         ${lb?.url}/lb/health${second}
  database       mariadb -h ${db?.host} -P ${db?.port} -u ${db?.user} -p ${db?.name}   (password in ${settings.data}/password)
  logs           make logs${where}   (files in ${settings.data})
  status         make status${where}
  kill a node    kill -9 ${nodes.at(-1)?.pid}   (${nodes.at(-1)?.node_id}; pids in ${join(settings.data, "state.json")})
  bring it back  make node-start N=${nodes.length}${where}
  stop all       make down${where}`);
}

/**
 * A cluster whose database and load balancer run is running; of anything less the rest is stopped.
 * @param {string} data
 */
async function runsAlready(data) {
  const state = readState(data);
  if (state === undefined) return false;
  const alive = aliveParts(data, state);
  if (alive.lb && alive.db) {
    say(`the cluster runs already: ${state.lb?.url} (make status tells more, make down stops it)`);
    return true;
  }
  await stopCluster(data, (line) => say(`left from an earlier start: ${line}`));
  return false;
}

/** @param {Settings} settings */
async function status({ data }) {
  const state = readState(data);
  if (state?.lb === undefined) {
    say(`no cluster runs in ${data}`);
    process.exitCode = 1;
    return;
  }
  const alive = aliveParts(data, state);
  const word = (/** @type {boolean | undefined} */ running) => (running ? "running" : "stopped");
  const health = await clusterHealth(state.lb.url).catch(() => ({ status: "unknown", nodes: [] }));
  console.log(`load balancer  ${state.lb.url}  pid ${state.lb.pid}  ${word(alive.lb)}  cluster is ${health.status}`);
  if (state.follower !== undefined) {
    console.log(`follower       ${state.follower.url}  pid ${state.follower.pid}  ${word(alive.follower)}`);
  }
  console.log(`database       ${state.db?.host}:${state.db?.port}  pid ${state.db?.pid}  ${word(alive.db)}`);
  for (const node of state.nodes) {
    const seen = health.nodes.find(({ node_id }) => node_id === node.node_id);
    const known = seen === undefined ? "unknown" : `${seen.status}, ${seen.monitor_count} monitors`;
    console.log(
      `${node.node_id.padEnd(14)} ${node.url}  pid ${node.pid}  ${word(alive.nodes[node.node_id])}  ${known}`,
    );
  }
}

/** @param {Settings} settings */
async function logs({ data }) {
  const state = readState(data);
  const files = [state?.lb?.log, state?.follower?.log, state?.db?.log, ...(state?.nodes ?? []).map((node) => node.log)];
  const found = files.filter((file) => file !== undefined).filter((file) => existsSync(file));
  if (found.length === 0) throw new Error(`no cluster runs in ${data}`);
  const follow = process.env.FOLLOW === "1" ? ["-F"] : [];
  const tail = spawn("tail", ["-n", "20", ...follow, ...found], { stdio: "inherit" });
  await new Promise((resolve) => tail.once("exit", resolve));
}

/** The node that N names: a number, or an id. */
function askedNode() {
  const name = process.env.N ?? "";
  if (name === "") throw new Error("say which node: N=2");
  return /^\d+$/.test(name) ? `node${name}` : name;
}

const command = COMMANDS[process.argv[2] ?? ""];
try {
  if (command === undefined) throw new Error(`usage: node local/cli.mjs ${Object.keys(COMMANDS).join("|")}`);
  await command(readSettings(process.env));
} catch (error) {
  if (!interrupted) console.error(`error: ${error instanceof Error ? error.message : error}`);
  if (process.env.DEBUG === "1") console.error(error);
  process.exitCode = 1;
}

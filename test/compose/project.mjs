// The compose files at the top of the repository, as a project of its own on free ports.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { docker } from "./engine.mjs";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));

const CLUSTER = "docker-compose-cluster.yaml";
const HA = "docker-compose.ha.yaml";

/** In which three nodes start on a machine that does much else. */
export const START_MS = 180000;

export const SECRET = "compose-s3cret";

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {string} url of the load balancer
 * @property {string} secondUrl of the second one, where it was started
 * @property {Record<string, string>} env what the files' variables are set to
 * @property {(...args: string[]) => Promise<string>} compose with the files of the cluster and of its second load balancer
 * @property {(service: string) => string} container the name of a service's container
 * @property {(method: string, path: string, body?: unknown) => ReturnType<typeof request>} call with the cluster's secret
 * @property {(isSo: (nodes: Record<string, HealthNode>) => boolean, what: string, timeoutMs?: number) => Promise<boolean>} untilNodes
 * @property {() => Promise<void>} close `down -v`, and the image goes, too
 *
 * @typedef {{node_id: string, status: string, monitor_count: number, host: string}} HealthNode
 */

/**
 * Nothing is started yet.
 * @param {{files?: string[]}} [options]
 * @returns {Promise<Project>}
 */
export async function newProject({ files = [CLUSTER, HA] } = {}) {
  const name = `kt-${randomBytes(4).toString("hex")}`;
  const ports = { LB_PORT: await freePort(), LB2_PORT: await freePort() };
  const env = { ...(await nodePorts()), ...loopback(ports), LB_IMAGE: `${name}/openresty`, CLUSTER_SECRET: SECRET };
  const url = `http://127.0.0.1:${ports.LB_PORT}`;
  const compose = (/** @type {string[]} */ ...args) =>
    docker(["compose", "-p", name, ...files.flatMap((file) => ["-f", file]), ...args], env);
  return {
    ...{ name, env, compose, url, secondUrl: `http://127.0.0.1:${ports.LB2_PORT}` },
    container: (service) => `${name}-${service}-1`,
    call: (method, path, body) => callGuarded(`${url}${path}`, method, body),
    untilNodes: (isSo, what, timeoutMs) => untilNodes(url, isSo, what, timeoutMs),
    close: async () => {
      await compose("down", "--volumes", "--remove-orphans", "--timeout", "5");
      await docker(["image", "rm", "--force", env.LB_IMAGE]);
    },
  };
}

async function nodePorts() {
  return loopback({ NODE1_PORT: await freePort(), NODE2_PORT: await freePort(), NODE3_PORT: await freePort() });
}

/** @param {Record<string, number>} ports @returns {Record<string, string>} */
function loopback(ports) {
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `127.0.0.1:${port}`]));
}

/** A request with the cluster's secret. @param {string} url @param {string} method @param {unknown} [body] sent as JSON */
export function callGuarded(url, method, body) {
  const headers = { "X-Cluster-Secret": SECRET, "Content-Type": "application/json" };
  return request(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

/**
 * Waits until the nodes are as a load balancer should see them.
 * @param {string} url of the load balancer @param {(nodes: Record<string, HealthNode>) => boolean} isSo @param {string} what
 * @param {number} [timeoutMs]
 */
export async function untilNodes(url, isSo, what, timeoutMs = 180000) {
  const check = async () => {
    const { json, error } = await request(`${url}/lb/health`, { keepAlive: false });
    /** @type {HealthNode[]} */
    const nodes = json?.nodes ?? [];
    if (isSo(Object.fromEntries(nodes.map((node) => [node.node_id, node])))) return true;
    throw new Error(error ?? nodes.map((node) => `${node.node_id} ${node.status} ${node.monitor_count}`).join(", "));
  };
  return waitFor(check, { what, timeoutMs, everyMs: 100 });
}

/**
 * A clock for figures that are told and not asserted.
 * @returns {() => string} seconds since then
 */
export function stopwatch() {
  const started = performance.now();
  return () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/** @param {Record<string, HealthNode>} nodes @param {string[]} ids */
export function areOnline(nodes, ids) {
  return ids.every((id) => nodes[id]?.status === "online");
}

/**
 * Runs a command for a project.
 * @param {Project} project @param {string} command @param {string} cwd
 * @returns {Promise<string>} what it prints
 * @throws with the end of what the project's containers say
 */
export async function runForProject(project, command, cwd) {
  const env = { ...process.env, ...project.env, COMPOSE_PROJECT_NAME: project.name };
  const files = { COMPOSE_FILE: join(repository, CLUSTER) };
  const options = { cwd, env: { ...env, ...files }, maxBuffer: 64 << 20 };
  try {
    const { stdout, stderr } = await run("sh", ["-c", command], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout } = await run("docker", ["compose", "logs", "--tail", "12"], options);
    throw new Error(`${/** @type {Error} */ (error).message}\n${stdout}`, { cause: error });
  }
}

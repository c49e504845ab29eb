// Machines to install on: containers whose first process is systemd.
import { fileURLToPath } from "node:url";
import { waitFor } from "../../local/processes.mjs";
import { docker } from "./engine.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const PROJECT = "/root/uptime-kuma-cluster";
/** What the guide installs from a clone. */
const FILES = ["lua", "nginx", "deploy", "agent/dist"];

/**
 * @typedef {object} Machine
 * @property {string} name
 * @property {string} address within the network
 * @property {(script: string) => Promise<string>} sh runs commands as root in the folder of the project, up to the first that
 *   fails; what they print, errors included; throws with the end of it
 * @property {(file: string, path: string) => Promise<string>} put copies a file of this machine into that one
 * @property {() => Promise<string>} remove
 */

/**
 * Builds an image to start machines from.
 * @param {string} tag @param {{target?: "host" | "node", base?: string}} [what]
 */
export function buildMachine(tag, { target = "host", base = "debian:bookworm-slim" } = {}) {
  const settings = { BASE: base, ...(process.env.KUMA_IMAGE ? { KUMA_IMAGE: process.env.KUMA_IMAGE } : {}) };
  const args = Object.entries(settings).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  return docker(["build", "-f", "test/compose/host.Dockerfile", "--target", target, "-t", tag, ...args, "."]);
}

/**
 * Starts a machine with a clone of the project in it, once systemd is ready.
 * @param {{name: string, image: string, network: string, ports?: Record<number, number>, env?: Record<string, string>}} what
 *   `ports` of this machine by those of that one; `env` is there in its shells
 * @returns {Promise<Machine>}
 */
export async function startMachine({ name, image, network, ports = {}, env = {} }) {
  const published = Object.entries(ports).flatMap(([inner, outer]) => ["-p", `127.0.0.1:${outer}:${inner}`]);
  const places = ["--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp"];
  const names = ["--hostname", name, "--add-host", "kuma.example.com:127.0.0.1"];
  await docker([
    "run",
    "-d",
    "--name",
    name,
    "--network",
    network,
    "--privileged",
    ...names,
    ...places,
    ...published,
    image,
  ]);
  const shellEnv = Object.entries(env).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const exec = ["exec", ...shellEnv, "-w", PROJECT, name, "bash", "-euo", "pipefail", "-c"];
  const sh = (/** @type {string} */ script) => docker([...exec, `exec 2>&1\n${script}`]);
  await docker(["exec", name, "mkdir", "-p", `${PROJECT}/agent`]);
  for (const file of FILES) await docker(["cp", `${repository}${file}`, `${name}:${PROJECT}/${file}`]);
  const ready = async () => /^(running|degraded)$/m.test(await sh("systemctl is-system-running || true"));
  await waitFor(ready, { what: `systemd in ${name}`, timeoutMs: 60000, everyMs: 500 });
  const place = `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`;
  return {
    ...{ name, sh, address: await docker(["inspect", name, "--format", place]) },
    put: (file, path) => docker(["cp", file, `${name}:${path}`]),
    remove: () => docker(["rm", "--force", "--volumes", name]),
  };
}

/**
 * Removes all machines of a network, the network, and the images that were built for them.
 * @param {string} network its name, with which those of the machines begin
 * @param {string[]} images
 */
export async function removeMachines(network, images) {
  const found = await docker(["ps", "--all", "--quiet", "--filter", `name=^${network}-`]);
  if (found !== "") await docker(["rm", "--force", "--volumes", ...found.split("\n")]);
  await docker(["network", "rm", network]).catch(() => {});
  await docker(["image", "rm", "--force", ...images]);
}

// A folder as somebody has it who has just cloned the project, in which the commands of its documents are run.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { freePort } from "../../local/ports.mjs";
import { ask, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
import { openWalk } from "../support/markdown-commands.mjs";
import { docker } from "./engine.mjs";
import { untilNodes } from "./project.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PROJECT = "uptime-kuma-cluster";

/** @typedef {Awaited<ReturnType<typeof newReader>>} Reader */

/** A clone, and ports and a project's name that nobody else has; nothing is started yet. */
export async function newReader() {
  const name = `kt-${randomBytes(4).toString("hex")}`;
  const dir = mkdtempSync(join(tmpdir(), "guide-"));
  const folder = join(dir, PROJECT);
  const listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  for (const file of execFileSync("git", listed, { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean)) {
    cpSync(join(root, file), join(folder, file));
  }
  const compose = join(folder, "docker-compose-cluster.yaml");
  writeFileSync(compose, readFileSync(compose, "utf8").replace(`name: ${PROJECT}\n`, `name: ${name}\n`));
  const ports = { LB_PORT: await freePort(), LB2_PORT: await freePort() };
  const nodePorts = { NODE1_PORT: 0, NODE2_PORT: 0, NODE3_PORT: 0, NODE_PORT: 0 };
  const env = { CLUSTER_PROJECT: name, LB_IMAGE: `${name}/openresty` };
  for (const key of Object.keys(nodePorts)) Object.assign(env, { [key]: `127.0.0.1:${await freePort()}` });
  for (const [key, port] of Object.entries(ports)) Object.assign(env, { [key]: `127.0.0.1:${port}` });
  const url = `http://127.0.0.1:${ports.LB_PORT}`;
  return {
    ...{ name, folder, env, ports, url },
    container: (/** @type {string} */ service) => `${name}-${service}-1`,
    write: (/** @type {string} */ file, /** @type {string} */ text) => writeFileSync(join(folder, file), text),
    /** Fills in a setting of .env. @param {string} key @param {string} value */
    fillIn: (key, value) => {
      const file = join(folder, ".env");
      writeFileSync(file, readFileSync(file, "utf8").replace(new RegExp(`^#?${key}=.*$`, "m"), `${key}=${value}`));
    },
    /**
     * @param {string} document @param {string} test as of openWalk
     * @param {[from: string, to: string][]} replacements @param {string} [cwd] another machine's folder
     */
    read: (document, test, replacements, cwd = folder) => openWalk(document, test, { cwd, env, replacements }),
    /** The same folder on another machine. @param {string} machine */
    copy: (machine) => {
      cpSync(folder, join(dir, machine), { recursive: true });
      return join(dir, machine);
    },
    /** @param {Parameters<typeof untilNodes>[1]} isSo @param {string} what */
    untilNodes: (isSo, what) => untilNodes(url, isSo, what, 600000),
    close: async () => {
      for (const label of [`${name}-node4`, `uptime-kuma-${name}`, name]) await removeProject(label);
      await docker(["image", "rm", "--force", env.LB_IMAGE]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Whatever a project has left: its files may have been changed since. @param {string} name */
async function removeProject(name) {
  const filter = ["--quiet", "--filter", `label=com.docker.compose.project=${name}`];
  /** @type {[list: string[], remove: string[]][]} */
  const kinds = [
    [
      ["ps", "--all"],
      ["rm", "--force", "--volumes"],
    ],
    [
      ["network", "ls"],
      ["network", "rm"],
    ],
    [
      ["volume", "ls"],
      ["volume", "rm", "--force"],
    ],
  ];
  for (const [list, remove] of kinds) {
    const found = await docker([...list, ...filter]);
    if (found !== "") await docker([...remove, ...found.split("\n")]).catch(() => {});
  }
}

/**
 * Uptime Kuma's first user, and monitors that find what they look for.
 * @param {{url: string}} cluster @param {number} count
 */
export async function useKuma(cluster, count) {
  const made = await setUp(cluster);
  if (made.ok !== true) throw new Error(`no user: ${JSON.stringify(made)}`);
  const socket = await logIn(cluster);
  for (let number = 1; number <= count; number++) {
    const settings = { name: `m${number}`, url: "http://openresty:8084/lb/ping", notificationIDList: {} };
    const answer = await ask(socket, "add", newMonitor(settings));
    if (answer.ok !== true) throw new Error(`no monitor: ${JSON.stringify(answer)}`);
  }
  socket.disconnect();
}

/** Waits until there are so many monitors, each of them at a node that is online. @param {Reader} reader @param {number} count */
export function untilAllRun(reader, count) {
  return reader.untilNodes((nodes) => {
    const online = Object.values(nodes).filter(({ status }) => status === "online");
    return online.length >= 3 && online.reduce((sum, node) => sum + node.monitor_count, 0) === count;
  }, `${count} monitors at three nodes`);
}

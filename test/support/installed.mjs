// The load balancer on Debian's nginx as the deployment guide installs it, below a folder in place of the root.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isAlive, spawnDetached, tail, waitFor } from "../../local/processes.mjs";
import { commandBlocks } from "./markdown-commands.mjs";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));
const PLACES =
  /\/(?:etc|usr\/local\/share|var\/cache|var\/log|run)\/uptime-kuma-cluster|\/etc\/(?:systemd\/system|logrotate\.d)|\/var\/www/g;

/**
 * @typedef {object} Installed
 * @property {string} etc the folder of its configuration
 * @property {(file: string) => string} path of a file that the guide has at another place
 * @property {(code: string) => Promise<void>} follow runs commands of the guide, but for what they do to packages and services
 * @property {(lines: Record<string, string>) => void} setUp changes settings in lb.env
 * @property {() => Promise<string>} test what `nginx -t` says; throws with it when there is a mistake
 * @property {() => Promise<number>} start as the unit does; the pid of the main process; throws with what nginx says
 * @property {(signal: NodeJS.Signals) => Promise<void>} end sends a signal and waits for the end
 */

/**
 * @param {string} root an empty folder
 * @param {{http: number, https: number, local: number}} ports in place of 80, 443 and 8084
 * @returns {Promise<Installed>}
 */
export async function installLoadBalancer(root, ports) {
  const path = (/** @type {string} */ text) => text.replace(PLACES, (place) => `${root}${place}`);
  const etc = path("/etc/uptime-kuma-cluster");
  for (const folder of ["/etc/systemd/system", "/etc/logrotate.d", "/run"])
    mkdirSync(join(root, folder), { recursive: true });
  const follow = async (/** @type {string} */ code) => {
    const script = path(code).replace(/^(apt-get|systemctl|certbot|curl) .*$/gm, "");
    await run("bash", ["-euo", "pipefail", "-c", script], { cwd: repository, env: { ...process.env, ...SECRETS } });
    for (const file of readdirSync(etc).filter((name) => name.endsWith(".conf"))) rewrite(join(etc, file), path, ports);
  };
  const [commands = ""] = commandBlocks("The load balancer on Debian's nginx");
  await follow(commands);
  return { etc, path, follow, ...nginx(root, path) };
}

/** What the guide has set in the shell. */
export const SECRETS = { DB_PASSWORD: "secret", CLUSTER_SECRET: "host-s3cret" };

/** @param {string} file @param {(text: string) => string} path @param {{http: number, https: number, local: number}} ports */
function rewrite(file, path, { http, https, local }) {
  const text = readFileSync(file, "utf8");
  if (text.includes("# moved")) return;
  const moved = path(text)
    .replaceAll(/^.*listen \[::\].*\n/gm, "")
    .replace(/listen 80 /, `listen 127.0.0.1:${http} `)
    .replace(/listen 443 /, `listen 127.0.0.1:${https} `)
    .replace(/listen (127\.0\.0\.1:)?8084/, `listen 127.0.0.1:${local}`)
    // Temporary folders are root's alone.
    .replace("user www-data;", "user root;");
  writeFileSync(file, `# moved\n${moved}`);
}

/** @param {string} root @param {(text: string) => string} path */
function nginx(root, path) {
  const env = path("/etc/uptime-kuma-cluster/lb.env");
  const pidFile = path("/run/uptime-kuma-cluster-lb.pid");
  const prefix = path("/usr/local/share/uptime-kuma-cluster");
  const args = ["-p", prefix, "-c", path("/etc/uptime-kuma-cluster/nginx.conf")];
  const log = join(root, "journal");
  const pid = () => Number(readFileSync(pidFile, "utf8"));
  return {
    setUp: (/** @type {Record<string, string>} */ lines) => {
      const kept = Object.entries({ ...readEnvironmentFile(env), ...lines }).map(
        ([name, value]) => `${name}="${value}"\n`,
      );
      writeFileSync(env, kept.join(""));
    },
    test: async () => (await run("nginx", ["-t", ...args])).stderr,
    start: async () => {
      const before = tail(log, 1e6).length;
      const settings = Object.entries(readEnvironmentFile(env)).map(([name, value]) => [name, path(value)]);
      const starter = await spawnDetached("nginx", args, {
        log,
        env: { PATH: process.env.PATH, ...Object.fromEntries(settings) },
      });
      await waitFor(() => !isAlive(starter), { what: "the start of nginx", everyMs: 20 });
      const said = tail(log, 1e6).slice(before);
      if (said.includes("[emerg]")) throw new Error(said);
      return waitFor(pid, { what: "the pid file" });
    },
    end: async (/** @type {NodeJS.Signals} */ signal) => {
      const main = pid();
      process.kill(main, signal);
      await waitFor(() => !isAlive(main), { what: "the end of nginx", timeoutMs: 45000, everyMs: 20 });
    },
  };
}

/** As systemd reads an EnvironmentFile. @param {string} file @returns {Record<string, string>} */
function readEnvironmentFile(file) {
  const lines = readFileSync(file, "utf8").matchAll(/^(?![#;])(\w+)=("?)(.*)\2$/gm);
  return Object.fromEntries([...lines].map(([, name, , value]) => [name, value]));
}

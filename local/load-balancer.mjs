import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isOurs, spawnDetached, stopProcess, tail, waitFor } from "./processes.mjs";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("..", import.meta.url));

/** What nginx includes of a tree, but for the main file. @param {string} tree */
const configurationOf = (tree) => join(tree, "nginx/conf.d");

export const CONFIGURATION = configurationOf(repository);

/** nginx's own 512 are gone with 250 open pages: each takes one, and so does its way to a node. */
const EVENTS = "worker_connections 4096;";

const DEBIAN_MODULES = ["ndk_http_module", "ngx_http_lua_module"].map((name) => `/usr/lib/nginx/modules/${name}.so`);
/** Where the packages put nginx's file of media types: one of these, or none. */
export const MIME_TYPES = ["/etc/nginx/mime.types", "/usr/local/openresty/nginx/conf/mime.types"];

/**
 * Where systems keep the certificates that they trust: one of these, or none. Debian's ngx_lua reads the file anew for
 * each location, twice a start: tests that start dozens name a short one.
 */
export const TRUSTED_CERTIFICATES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/**
 * @typedef {object} LoadBalancer
 * @property {string} url
 * @property {number} port
 * @property {number} pid of the master process
 * @property {string} log the error log
 * @property {() => Promise<void>} reload see reloadNginx
 * @property {() => number[]} workers pids of all workers, old ones that still drain included
 * @property {() => Promise<boolean>} stop at once
 * @property {() => void} kill as when its machine goes; returns before it is gone
 * @property {(graceMs?: number) => Promise<boolean>} quit lets requests end for `graceMs`, then stops at once
 */

/**
 * Starts the load balancer on 127.0.0.1 with the nginx/ and lua/ of a tree, once `nginx -t` finds no mistake.
 * @param {{dir: string, port: number, workers?: number | "auto", env?: Record<string, string>, accessLog?: boolean,
 *   db?: {host: string, port: number, user: string, password: string, name: string}, trusted?: string,
 *   configuration?: string, tree?: string, events?: string}} settings `env`: more of its settings, see docs/configuration.md;
 *   `db`: a probe has none; `trusted`: a file of certificates in place of the system's; `tree`: in place of this repository;
 *   `configuration`: a folder in place of its nginx/conf.d; `events`: directives of that block
 * @returns {Promise<LoadBalancer>}
 * @throws with what nginx says about a wrong configuration
 */
export async function startLoadBalancer(settings) {
  const { port, env = {}, db } = settings;
  const dir = `${resolve(settings.dir)}/`;
  const log = join(dir, "error.log");
  const { tree = repository, configuration = configurationOf(tree) } = settings;
  const defaults = { workers: /** @type {const} */ ("auto"), accessLog: true, events: EVENTS };
  writeConfiguration({ ...defaults, ...settings, tree, configuration, dir });
  const { binary, globals } = nginxProgram();
  const args = ["-p", dir, "-c", join(dir, "nginx.conf"), "-e", log, "-g", `${globals} daemon off;`];
  const environment = { ...process.env, ...(db === undefined ? {} : databaseEnvironment(db)), ...env };
  await testConfiguration(binary, args, environment);
  const output = join(dir, "nginx.log");
  rmSync(output, { force: true });
  const pid = await spawnDetached(binary, args, { log: output, cwd: dir, env: environment });
  const mark = loadBalancerMark(dir);
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitFor(async () => (await fetch(`${url}/lb/ping`)).ok, { what: `the load balancer on ${url}`, pid, log });
  } catch (error) {
    await stopProcess(pid, { mark });
    // ngx_lua runs no Lua under nginx -t: only the start itself finds the settings that Lua refuses.
    const refusal = tail(output);
    throw refusal === "" ? error : new Error(`the load balancer does not start:\n${refusal}`, { cause: error });
  }
  return {
    ...{ url, port, pid, log },
    reload: () => reloadNginx(pid, log),
    workers: () => workersOf(pid),
    stop: () => stopProcess(pid, { mark, graceMs: 5000 }),
    kill: () => killNginx(pid),
    quit: (graceMs = 5000) => quitNginx(pid, mark, graceMs),
  };
}

/**
 * The part of the command line by which the master process is known among all processes.
 * @param {string} dir
 */
export function loadBalancerMark(dir) {
  return `-p ${resolve(dir)}/ `;
}

/**
 * Has nginx read its configuration again, and waits for the first new worker; the old ones may accept for a moment yet.
 * @param {number} pid of the master process @param {string} log of errors, whose end is shown when it fails
 */
export async function reloadNginx(pid, log) {
  const old = workersOf(pid);
  process.kill(pid, "SIGHUP");
  const begun = () => workersOf(pid).some((worker) => !old.includes(worker));
  await waitFor(begun, { what: "a new worker", pid, log, everyMs: 20 });
}

/**
 * Kills nginx with all its processes: those of a master that is killed alone go on without it.
 * @param {number} pid of the master process, which leads a process group of its own
 * @throws when it does not run
 */
export function killNginx(pid) {
  process.kill(-pid, "SIGKILL");
}

/**
 * Ends nginx orderly; what is still open after `graceMs` (a WebSocket may stay for hours) is cut.
 * @param {number} pid @param {string} mark see loadBalancerMark @param {number} graceMs
 * @returns {Promise<boolean>} false when it did not run
 */
export async function quitNginx(pid, mark, graceMs) {
  if (!isOurs(pid, mark)) return false;
  process.kill(pid, "SIGQUIT");
  const ended = () => !isOurs(pid, mark);
  const wait = { what: "the orderly end of nginx", timeoutMs: graceMs, everyMs: 20 };
  await waitFor(ended, wait).catch(() => stopProcess(pid, { mark, graceMs: 5000 }));
  return true;
}

/**
 * OpenResty where it is installed, else Debian's nginx, which takes Lua as loadable modules.
 * @returns {{binary: string, globals: string}} the program and the main-level directives to give with -g
 */
export function nginxProgram() {
  if (onPath("openresty")) return { binary: "openresty", globals: "" };
  const missing = DEBIAN_MODULES.filter((file) => !existsSync(file));
  if (missing.length > 0 || !onPath("nginx")) {
    throw new Error("nginx with Lua is not installed: it takes openresty, or Debian's nginx and libnginx-mod-http-lua");
  }
  return { binary: "nginx", globals: DEBIAN_MODULES.map((file) => `load_module ${file};`).join(" ") };
}

/** @param {string} program */
function onPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** @param {{dir: string, port: number, workers: number | "auto", accessLog: boolean, trusted?: string,
 *   configuration: string, tree: string, events: string}} settings */
function writeConfiguration(settings) {
  const { dir, port, workers, accessLog, configuration, tree, events } = settings;
  const trusted = settings.trusted ?? process.env.LB_TRUSTED_CERTIFICATES ?? TRUSTED_CERTIFICATES.find(existsSync);
  mkdirSync(join(dir, "temp"), { recursive: true });
  const mime = MIME_TYPES.find((file) => existsSync(file));
  const lua = join(tree, "lua");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const lines = [
    `worker_processes ${workers};`,
    // Workers of another user could not write into a folder of root's.
    ...(process.getuid?.() === 0 ? ["user root;"] : []),
    `pid ${dir}nginx.pid;`,
    `error_log ${dir}error.log notice;`,
    "include conf.d/main.conf;",
    `events { ${events} }`,
    "http {",
    `  lua_package_path "${lua}/?.lua;;${lua}/compat/?.lua";`,
    `  access_log ${accessLog ? `${dir}access.log` : "off"};`,
    ...temporary.map((name) => `  ${name}_temp_path ${dir}temp/${name};`),
    ...(mime === undefined ? [] : [`  include ${mime};`]),
    ...(trusted === undefined ? [] : [`  lua_ssl_trusted_certificate ${trusted};`, "  lua_ssl_verify_depth 5;"]),
    "  include conf.d/cluster.conf;",
    "}",
  ];
  writeFileSync(join(dir, "nginx.conf"), `${lines.join("\n")}\n`);
  // nginx looks for included files beside its main file, for pages in its prefix.
  for (const [name, folder] of Object.entries({ "conf.d": configuration, html: join(tree, "nginx/html") })) {
    rmSync(join(dir, name), { force: true });
    symlinkSync(folder, join(dir, name));
  }
  writeFileSync(join(dir, "listen.conf"), `listen 127.0.0.1:${port};\n`);
}

/** @param {{host: string, port: number, user: string, password: string, name: string}} db */
function databaseEnvironment(db) {
  return {
    DB_HOST: db.host,
    DB_PORT: String(db.port),
    DB_USER: db.user,
    DB_PASSWORD: db.password,
    DB_NAME: db.name,
  };
}

/** @param {string} binary @param {string[]} args @param {NodeJS.ProcessEnv} env */
async function testConfiguration(binary, args, env) {
  try {
    await run(binary, ["-t", "-q", ...args], { env });
  } catch (error) {
    const { stderr = "", message } = /** @type {Error & {stderr?: string}} */ (error);
    throw new Error(stderr.trim() || message, { cause: error });
  }
}

/**
 * Pids of the workers of a load balancer, those included that end after a reload.
 * @param {number} pid of the master process
 */
export function workersOf(pid) {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  const children = text === "" ? [] : text.split(" ").map(Number);
  // The others look after the copies.
  return children.filter((child) => titleOf(child).startsWith("nginx: worker process"));
}

/** @param {number} pid */
function titleOf(pid) {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

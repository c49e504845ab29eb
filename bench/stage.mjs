// What the benchmarks of the load balancer share: backends, database and load balancer, each bound to its core.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CONFIGURATION, nginxProgram, startLoadBalancer } from "../local/load-balancer.mjs";
import { startMariadb } from "../local/mariadb.mjs";
import { freePort } from "../local/ports.mjs";
import { spawnDetached, stopProcess, waitFor } from "../local/processes.mjs";
import { clusterTables, KUMA_TABLES } from "../test/support/tables.mjs";

const run = promisify(execFile);
/** wrk, the backends and the database share the one core, a proxy with one worker has the other. */
export const PROXY_CORE = "0";
export const OTHER_CORE = "1";
/** A proxy with two workers shares both with all others. */
export const BOTH_CORES = "0,1";

/** Data of Uptime Kuma: the barest request that there is for the load balancer too. */
export const BARE_PATH = "/api/bare";

/** @param {number} workers of the proxy @returns {string} where they run */
export const coresOf = (workers) => (workers === 1 ? PROXY_CORE : BOTH_CORES);

const dir = mkdtempSync(join(tmpdir(), "bench-"));
process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
/** @type {(() => Promise<unknown>)[]} */
let closers = [];
let folders = 0;

/** Has something ended by `close`. @param {() => Promise<unknown>} closer */
export function atEnd(closer) {
  closers.push(closer);
}

/** Ends everything that was started so far, the latest first; more can be started afterwards. */
export async function close() {
  const ending = closers.reverse();
  closers = [];
  for (const closer of ending) await closer();
}

/** A new folder of that name. @param {string} name @returns {string} */
export function newFolder(name) {
  const folder = join(dir, `${name}-${++folders}`);
  mkdirSync(folder);
  return folder;
}

/** What the backends answer, in size and headers like Uptime Kuma 2.5: its page before any script, its median script. */
const BACKEND_LOCATIONS = `
  root ${dir}/files; etag on; sendfile on; add_header X-Frame-Options SAMEORIGIN;
  types { text/javascript js; }
  location = /dashboard { default_type "text/html; charset=utf-8"; return 200 "${"x".repeat(1200)}"; }
  location = ${BARE_PATH} { return 200 '{"ok":true}'; }`;

/**
 * An nginx of the build that the load balancer runs on, with nothing but this in it.
 * @param {string} name @param {string} http content of its http block
 * @param {{cores: string, workers?: number, hasLua?: boolean, events?: string}} more
 * @returns {Promise<number>} pid of its master
 */
export async function startNginx(name, http, { cores, workers = 1, hasLua = false, events = "" }) {
  const home = newFolder(name);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const lines = [
    `user root; worker_processes ${workers}; pid ${home}/pid; error_log ${home}/error.log;`,
    `events { ${events === "" ? "worker_connections 8192;" : events} }`,
    `http { access_log off; ${temporary.map((kind) => `${kind}_temp_path ${home}/${kind};`).join(" ")}`,
    `${http}\n}`,
  ];
  const file = join(home, "nginx.conf");
  writeFileSync(file, lines.join("\n"));
  const { binary, globals } = nginxProgram();
  const directives = `${hasLua ? globals : ""} daemon off;`;
  const args = [binary, "-p", home, "-c", file, "-e", join(home, "error.log"), "-g", directives];
  const pid = await spawnDetached("taskset", ["-c", cores, ...args], { log: join(home, "out.log") });
  atEnd(() => stopProcess(pid, { mark: home }));
  return pid;
}

/**
 * One nginx that answers at as many addresses as there are nodes.
 * @param {number} count @param {string} [cores]
 * @returns {Promise<string[]>} `address:port` of each
 */
export async function startBackends(count, cores = OTHER_CORE) {
  mkdirSync(join(dir, "files/assets"), { recursive: true });
  writeFileSync(join(dir, "files/assets/index.js"), "x".repeat(52000));
  const port = await freePort();
  // Every address of 127.0.0.0/8 is this machine.
  const addresses = Array.from({ length: count }, (_, index) => `127.1.${index >> 8}.${index & 255}`);
  const names = addresses.map((address, index) => `${address} node${index + 1};`).join(" ");
  const http = `map_hash_max_size 16384; map $server_addr $node { ${names} }
    server { ${addresses.map((address) => `listen ${address}:${port};`).join(" ")}
      keepalive_requests 1000000; ${BACKEND_LOCATIONS}
      location = /api/v1/health { default_type application/json; return 200 '{"status": "ok", "node_id": "$node"}'; } }`;
  await startNginx("backends", http, { cores });
  return addresses.map((address) => `${address}:${port}`);
}

/**
 * The database that the load balancers under test read, with an online node for each backend.
 * @param {string[]} backends `address:port` of each
 */
export async function startDatabase(backends) {
  const db = await startMariadb({ dir: newFolder("db"), port: await freePort(), password: "secret" });
  atEnd(db.kill);
  await run("taskset", ["-acp", OTHER_CORE, String(db.pid)]);
  await db.sql(KUMA_TABLES + clusterTables() + "INSERT INTO user (username) VALUES ('admin');", db.name);
  const rows = backends.map(
    (host, index) => `('node${index + 1}', 'node${index + 1}', '${host}', 'online', NOW(6), NOW(6))`,
  );
  const columns = "node_id, node_name, host, status, last_seen, status_since";
  await db.sql(`INSERT INTO node (${columns}) VALUES ${rows.join(",")}`, db.name);
  return db;
}

/**
 * The load balancer, once all backends are online.
 * @param {import("../local/mariadb.mjs").Mariadb} db
 * @param {{name?: string, workers?: number, env?: Record<string, string>, configuration?: string, events?: string}} [more]
 *   `name` in its lease; `configuration` in place of nginx/conf.d
 */
export async function startOurs(db, { name = "lb", workers = 1, env = {}, ...more } = {}) {
  const place = { dir: newFolder(name), port: await freePort() };
  const settings = { NODE_OFFLINE_AFTER: "86400", CLUSTER_NODE_COUNT: "1", UPTIME_KUMA_NODE_ID: name, ...env };
  const connections = { events: "worker_connections 8192;" };
  const lb = await startLoadBalancer({
    ...place,
    db,
    workers,
    accessLog: false,
    env: settings,
    ...connections,
    ...more,
  });
  atEnd(lb.stop);
  for (const worker of lb.workers()) await run("taskset", ["-cp", coresOf(workers), String(worker)]);
  const health = async () =>
    /** @type {{status: string}} */ (await (await fetch(`${lb.url}/lb/health`)).json()).status === "ok";
  await waitFor(health, { what: "all backends online", timeoutMs: 60000 });
  return lb;
}

/**
 * A copy of nginx/conf.d with some changes.
 * @param {string} name @param {(text: string, file: string) => string} change of the text of a file
 * @returns {string} the folder
 */
export function changedConfiguration(name, change) {
  const folder = newFolder(`conf-${name}`);
  cpSync(CONFIGURATION, folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    writeFileSync(path, change(readFileSync(path, "utf8"), file));
  }
  return folder;
}

// What the benchmarks of the load balancer share: backends, the load balancer and the load, each bound to its core.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startLoadBalancer } from "../local/load-balancer.mjs";
import { startMariadb } from "../local/mariadb.mjs";
import { freePort } from "../local/ports.mjs";
import { spawnDetached, stopProcess, waitFor } from "../local/processes.mjs";
import { clusterTables, KUMA_TABLES } from "../test/support/tables.mjs";

const run = promisify(execFile);
/** wrk and the backends share the one core, the proxy under test has the other. */
export const PROXY_CORE = "0";
const OTHER_CORE = "1";

const BROWSER_HEADERS = [
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "Accept-Language: en-US,en;q=0.9",
  "Accept-Encoding: gzip, deflate, br",
  "Cache-Control: max-age=0",
  "Upgrade-Insecure-Requests: 1",
  "Sec-Fetch-Site: same-origin",
  "Sec-Fetch-Mode: navigate",
  "Sec-Fetch-Dest: document",
];

/**
 * The barest request and answer there are, and a page and a script of Uptime Kuma as a browser asks for them.
 * @type {Record<string, {path: string, headers: string[]}>}
 */
export const WORKLOADS = {
  bare: { path: "/bare", headers: [] },
  page: { path: "/dashboard", headers: BROWSER_HEADERS },
  script: { path: "/assets/index.js", headers: BROWSER_HEADERS },
};

export const dir = mkdtempSync(join(tmpdir(), "bench-"));
/** @type {(() => Promise<unknown>)[]} */
const closers = [async () => rmSync(dir, { recursive: true, force: true })];

/** Has something ended by `close`. @param {() => Promise<unknown>} closer */
export function atEnd(closer) {
  closers.push(closer);
}

/** Ends everything that was started, the latest first. */
export async function close() {
  for (const closer of [...closers].reverse()) await closer();
}

/** What the backends answer, in size and headers like Uptime Kuma 2.5: its page before any script, its median script. */
const BACKEND_LOCATIONS = `
  root ${dir}/files; etag on; sendfile on; add_header X-Frame-Options SAMEORIGIN;
  types { text/javascript js; }
  location = /dashboard { default_type "text/html; charset=utf-8"; return 200 "${"x".repeat(1200)}"; }
  location = /bare { return 200 "hello from a backend\\n"; }`;

/**
 * A plain nginx with one worker.
 * @param {string} name @param {string} http content of its http block @param {string} core
 */
export async function startNginx(name, http, core) {
  const home = join(dir, name);
  mkdirSync(home);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${home}/${kind};`,
  );
  writeFileSync(
    join(home, "nginx.conf"),
    `user root; worker_processes 1; pid ${home}/pid; error_log ${home}/error.log; events { worker_connections 4096; }\n` +
      `http { access_log off; ${temporary.join(" ")}\n${http}\n}`,
  );
  const args = [
    "-c",
    core,
    "nginx",
    "-p",
    home,
    "-c",
    join(home, "nginx.conf"),
    "-e",
    join(home, "error.log"),
    "-g",
    "daemon off;",
  ];
  const pid = await spawnDetached("taskset", args, { log: join(home, "out.log") });
  atEnd(() => stopProcess(pid, { mark: home }));
}

/** @param {number[]} ports of the backends */
export async function startBackends(ports) {
  mkdirSync(join(dir, "files/assets"), { recursive: true });
  writeFileSync(join(dir, "files/assets/index.js"), "x".repeat(52000));
  const servers = ports.map((port, index) => {
    const health = JSON.stringify({ status: "ok", node_id: `node${index + 1}` });
    return `server { listen 127.0.0.1:${port}; keepalive_requests 1000000; ${BACKEND_LOCATIONS}
      location = /api/v1/health { default_type application/json; return 200 '${health}'; } }`;
  });
  await startNginx("backends", servers.join("\n"), OTHER_CORE);
}

/**
 * The database that the load balancers under test read, with a row for each backend.
 * @param {number[]} backends
 */
export async function startDatabase(backends) {
  const db = await startMariadb({ dir: join(dir, "db"), port: await freePort(), password: "secret" });
  atEnd(db.kill);
  await db.sql(KUMA_TABLES + clusterTables() + "INSERT INTO user (username) VALUES ('admin');", db.name);
  const rows = backends.map((port, index) => `('node${index + 1}', 'node${index + 1}', '127.0.0.1:${port}', NOW(6))`);
  await db.sql(`INSERT INTO node (node_id, node_name, host, last_seen) VALUES ${rows.join(",")}`, db.name);
  return db;
}

/**
 * The load balancer with one worker, once all backends are online.
 * @param {import("../local/mariadb.mjs").Mariadb} db @param {{name?: string, configuration?: string}} [more] `name` of its
 *   folder and in its lease; `configuration` in place of nginx/conf.d
 */
export async function startOurs(db, { name = "lb", ...more } = {}) {
  const port = await freePort();
  const env = { NODE_OFFLINE_AFTER: "86400", UPTIME_KUMA_NODE_ID: name };
  const lb = await startLoadBalancer({ dir: join(dir, name), port, db, workers: 1, accessLog: false, env, ...more });
  atEnd(lb.stop);
  for (const worker of lb.workers()) await run("taskset", ["-cp", PROXY_CORE, String(worker)]);
  const health = async () =>
    /** @type {{status: string}} */ (await (await fetch(`${lb.url}/lb/health`)).json()).status === "ok";
  await waitFor(health, { what: "all backends online", timeoutMs: 20000 });
  return lb;
}

/**
 * @typedef {{rps: number, p99_ms: number, errors: number, total: number, cpu_us?: number}} Sample `cpu_us` a request
 * @param {string} url @param {string} workload @param {{seconds: string, connections: string}} load
 * @returns {Promise<Sample>}
 */
export async function measure(url, workload, { seconds, connections }) {
  const { path, headers } = WORKLOADS[workload] ?? { path: "/bare", headers: [] };
  const load = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency"];
  const lines = headers.flatMap((header) => ["-H", header]);
  const { stdout } = await run("taskset", ["-c", OTHER_CORE, "wrk", ...load, ...lines, `${url}${path}`]);
  const number = (/** @type {RegExp} */ pattern) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const scale = { us: 0.001, ms: 1, s: 1000 }[unit ?? "ms"] ?? 1;
  const socketErrors =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? [];
  const errors =
    number(/Non-2xx or 3xx responses: (\d+)/) + socketErrors.reduce((sum, count) => sum + Number(count), 0);
  const total = number(/(\d+) requests in/);
  return { total, rps: number(/Requests\/sec:\s+([\d.]+)/), p99_ms: Number(value) * scale, errors };
}

/** @param {number[]} values */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** @param {number} value */
export const thousandths = (value) => Math.round(value * 1000) / 1000;

/**
 * Short rounds that go round the targets: other tenants of the machine come and go within seconds, and hit all of a round
 * alike. Warms up first.
 * @param {Record<string, string>} targets @param {string} workload
 * @param {{rounds: string, seconds: string, connections: string}} load
 * @param {(name: string) => number} [cpuTime] seconds that a target has spent so far
 * @returns {Promise<Record<string, Sample[]>>}
 */
export async function goRound(targets, workload, load, cpuTime = () => NaN) {
  /** @type {Record<string, Sample[]>} */
  const runs = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
  for (const url of Object.values(targets)) await measure(url, workload, { ...load, seconds: "2" });
  for (let round = 0; round < Number(load.rounds); round++) {
    for (const [name, url] of Object.entries(targets)) {
      const before = cpuTime(name);
      const sample = await measure(url, workload, load);
      runs[name]?.push({ ...sample, cpu_us: ((cpuTime(name) - before) * 1e6) / sample.total });
    }
  }
  return runs;
}

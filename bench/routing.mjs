// Compares the load balancer with plain nginx and HAProxy before the same three backends, one worker each, in one run.
// Plain nginx hands requests on by the same nginx/conf.d/proxy.conf: what differs is who chooses the node, and how.
//
// The workloads: the barest request and answer there are, and a page and a script of Uptime Kuma as a browser asks for
// them. A script is as much work for the load side as for the proxy: with two cores no proxy is busy all the time then, and
// its ratio says only that no script is slowed down. The other two are the measure.
//
// Rounds are short and go round the peers, and a ratio is the median over the rounds of ours to the peer's in the same
// round: other tenants of the machine come and go within seconds, and hit all of a round alike. The ratio is the result;
// requests per second are only those of this machine. Prints JSON, with --out FILE also into a file.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { startLoadBalancer } from "../local/load-balancer.mjs";
import { startMariadb } from "../local/mariadb.mjs";
import { freePort, freePorts } from "../local/ports.mjs";
import { spawnDetached, stopProcess, waitFor } from "../local/processes.mjs";
import { clusterTables, KUMA_TABLES } from "../test/support/tables.mjs";

const run = promisify(execFile);
const BACKENDS = 3;
/** wrk and the backends share the one core, the proxy under test has the other. */
const PROXY_CORE = "0";
const OTHER_CORE = "1";
const CONFIGURATION = fileURLToPath(new URL("../nginx/conf.d", import.meta.url));

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    seconds: { type: "string", default: "1" },
    connections: { type: "string", default: "32" },
    out: { type: "string" },
  },
});

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

/** @type {Record<string, {path: string, headers: string[]}>} */
const WORKLOADS = {
  bare: { path: "/bare", headers: [] },
  page: { path: "/dashboard", headers: BROWSER_HEADERS },
  script: { path: "/assets/index.js", headers: BROWSER_HEADERS },
};

const dir = mkdtempSync(join(tmpdir(), "bench-"));
/** @type {(() => Promise<unknown>)[]} */
const closers = [async () => rmSync(dir, { recursive: true, force: true })];

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
async function startNginx(name, http, core) {
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
  closers.push(() => stopProcess(pid, { mark: home }));
}

/** @param {number[]} ports of the backends */
async function startBackends(ports) {
  mkdirSync(join(dir, "files/assets"), { recursive: true });
  writeFileSync(join(dir, "files/assets/index.js"), "x".repeat(52000));
  const servers = ports.map((port, index) => {
    const health = JSON.stringify({ status: "ok", node_id: `node${index + 1}` });
    return `server { listen 127.0.0.1:${port}; keepalive_requests 1000000; ${BACKEND_LOCATIONS}
      location = /api/v1/health { default_type application/json; return 200 '${health}'; } }`;
  });
  await startNginx("backends", servers.join("\n"), OTHER_CORE);
}

/** @param {number[]} backends @returns {Promise<string>} */
async function startPlainNginx(backends) {
  const port = await freePort();
  const servers = backends.map((backend) => `server 127.0.0.1:${backend};`).join(" ");
  const http = `upstream nodes { least_conn; ${servers} keepalive 64; keepalive_timeout 4s; }
    include ${CONFIGURATION}/proxy_variables.conf;
    server { listen 127.0.0.1:${port}; server_tokens off; location / { include ${CONFIGURATION}/proxy.conf; proxy_pass http://nodes; } }`;
  await startNginx("nginx", http, PROXY_CORE);
  return `http://127.0.0.1:${port}`;
}

/** @param {number[]} backends @returns {Promise<string>} */
async function startHaproxy(backends) {
  const port = await freePort();
  const file = join(dir, "haproxy.cfg");
  const servers = backends.map((backend, index) => `  server node${index + 1} 127.0.0.1:${backend} check`).join("\n");
  writeFileSync(
    file,
    `global\n  nbthread 1\n  maxconn 4096\ndefaults\n  mode http\n  timeout connect 3s\n  timeout client 60s\n  timeout server 60s\n` +
      `  option forwardfor\n  http-reuse safe\nfrontend in\n  bind 127.0.0.1:${port}\n  default_backend nodes\n` +
      `backend nodes\n  balance leastconn\n${servers}\n`,
  );
  const pid = await spawnDetached("taskset", ["-c", PROXY_CORE, "haproxy", "-db", "-f", file], {
    log: join(dir, "haproxy.log"),
  });
  closers.push(() => stopProcess(pid, { mark: file }));
  return `http://127.0.0.1:${port}`;
}

/** @param {number[]} backends @returns {Promise<string>} */
async function startOurs(backends) {
  const db = await startMariadb({ dir: join(dir, "db"), port: await freePort(), password: "secret" });
  closers.push(db.kill);
  await db.sql(KUMA_TABLES + clusterTables() + "INSERT INTO user (username) VALUES ('admin');", db.name);
  const rows = backends.map((port, index) => `('node${index + 1}', 'node${index + 1}', '127.0.0.1:${port}', NOW(6))`);
  await db.sql(`INSERT INTO node (node_id, node_name, host, last_seen) VALUES ${rows.join(",")}`, db.name);
  const port = await freePort();
  const env = { NODE_OFFLINE_AFTER: "86400" };
  const lb = await startLoadBalancer({ dir: join(dir, "lb"), port, db, workers: 1, accessLog: false, env });
  closers.push(lb.stop);
  for (const worker of lb.workers()) await run("taskset", ["-cp", PROXY_CORE, String(worker)]);
  const health = async () =>
    /** @type {{status: string}} */ (await (await fetch(`${lb.url}/lb/health`)).json()).status === "ok";
  await waitFor(health, { what: "all backends online", timeoutMs: 20000 });
  return lb.url;
}

/**
 * @typedef {{rps: number, p99_ms: number, errors: number}} Sample
 * @param {string} url @param {string} workload @param {string} [seconds]
 * @returns {Promise<Sample>}
 */
async function measure(url, workload, seconds = options.seconds) {
  const { path, headers } = WORKLOADS[workload] ?? { path: "/bare", headers: [] };
  const load = ["-t1", `-c${options.connections}`, `-d${seconds}s`, "--latency"];
  const lines = headers.flatMap((header) => ["-H", header]);
  const { stdout } = await run("taskset", ["-c", OTHER_CORE, "wrk", ...load, ...lines, `${url}${path}`]);
  const number = (/** @type {RegExp} */ pattern) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const scale = { us: 0.001, ms: 1, s: 1000 }[unit ?? "ms"] ?? 1;
  const socketErrors =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? [];
  const errors =
    number(/Non-2xx or 3xx responses: (\d+)/) + socketErrors.reduce((sum, count) => sum + Number(count), 0);
  return { rps: number(/Requests\/sec:\s+([\d.]+)/), p99_ms: Number(value) * scale, errors };
}

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** @param {number} value */
const thousandths = (value) => Math.round(value * 1000) / 1000;

/** @param {Record<string, string>} targets @param {string} workload */
async function compare(targets, workload) {
  /** @type {Record<string, Sample[]>} */
  const runs = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
  for (const url of Object.values(targets)) await measure(url, workload, "2");
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [name, url] of Object.entries(targets)) runs[name]?.push(await measure(url, workload));
  }
  const ours = runs.cluster ?? [];
  return Object.fromEntries(
    Object.entries(runs).map(([name, samples]) => [
      name,
      {
        requests_per_second: Math.round(median(samples.map(({ rps }) => rps))),
        p99_ms: thousandths(median(samples.map(({ p99_ms }) => p99_ms))),
        errors: samples.reduce((sum, { errors }) => sum + errors, 0),
        cluster_to_it: thousandths(median(samples.map(({ rps }, round) => (ours[round]?.rps ?? 0) / rps))),
        rounds: samples.map(({ rps }) => Math.round(rps)),
      },
    ]),
  );
}

try {
  const ports = await freePorts(BACKENDS);
  await startBackends(ports);
  const targets = {
    nginx: await startPlainNginx(ports),
    haproxy: await startHaproxy(ports),
    cluster: await startOurs(ports),
  };
  /** @type {Record<string, Awaited<ReturnType<typeof compare>>>} */
  const results = {};
  for (const workload of Object.keys(WORKLOADS)) {
    const result = await compare(targets, workload);
    results[workload] = result;
    const { nginx, haproxy } = result;
    process.stderr.write(`${workload}: ${nginx?.cluster_to_it} of plain nginx, ${haproxy?.cluster_to_it} of HAProxy\n`);
  }
  const settings = { backends: BACKENDS, workers: 1, ...options, out: undefined };
  const text = JSON.stringify({ benchmark: "routing", settings, results }, undefined, 2);
  if (options.out !== undefined) writeFileSync(options.out, `${text}\n`);
  console.log(text);
} finally {
  for (const closer of closers.reverse()) await closer();
}

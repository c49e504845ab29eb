// Compares the load balancer with plain nginx and HAProxy before the same three backends, one worker each, in one run.
// Rounds alternate between the three, so that whatever else the machine does hits all alike. The ratio is the result;
// requests per second are only those of this machine. Prints JSON, with --out FILE also into a file.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    connections: { type: "string", default: "32" },
    out: { type: "string" },
  },
});

const dir = mkdtempSync(join(tmpdir(), "bench-"));
/** @type {(() => Promise<unknown>)[]} */
const closers = [async () => rmSync(dir, { recursive: true, force: true })];

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
      `http { access_log off; keepalive_requests 1000000; ${temporary.join(" ")}\n${http}\n}`,
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
  const servers = ports.map((port, index) => {
    const health = JSON.stringify({ status: "ok", node_id: `node${index + 1}` });
    return `server { listen 127.0.0.1:${port}; location / { return 200 "hello from a backend\\n"; }
      location = /api/v1/health { default_type application/json; return 200 '${health}'; } }`;
  });
  await startNginx("backends", servers.join("\n"), OTHER_CORE);
}

/** @param {number[]} backends @returns {Promise<string>} */
async function startPlainNginx(backends) {
  const port = await freePort();
  const servers = backends.map((backend) => `server 127.0.0.1:${backend};`).join(" ");
  const http = `upstream nodes { least_conn; ${servers} keepalive 64; keepalive_timeout 4s; }
    server { listen 127.0.0.1:${port}; location / { proxy_pass http://nodes; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme; } }`;
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

/** @param {string} url @param {string} seconds @returns {Promise<{rps: number, p99_ms: number, errors: number}>} */
async function measure(url, seconds) {
  const args = ["-c", OTHER_CORE, "wrk", "-t1", `-c${options.connections}`, `-d${seconds}s`, "--latency", `${url}/`];
  const { stdout } = await run("taskset", args);
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

/** @param {Record<string, string>} targets */
async function compare(targets) {
  /** @type {Record<string, {rps: number, p99_ms: number, errors: number}[]>} */
  const runs = Object.fromEntries(Object.keys(targets).map((name) => [name, []]));
  for (const url of Object.values(targets)) await measure(url, "1");
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [name, url] of Object.entries(targets)) {
      const result = await measure(url, options.seconds ?? "5");
      runs[name]?.push(result);
      process.stderr.write(`round ${round + 1} ${name}: ${result.rps} requests/s\n`);
    }
  }
  return runs;
}

try {
  const ports = await freePorts(BACKENDS);
  await startBackends(ports);
  const targets = {
    nginx: await startPlainNginx(ports),
    haproxy: await startHaproxy(ports),
    cluster: await startOurs(ports),
  };
  const runs = await compare(targets);
  const results = Object.fromEntries(
    Object.entries(runs).map(([name, list]) => [
      name,
      {
        requests_per_second: median(list.map(({ rps }) => rps)),
        p99_ms: median(list.map(({ p99_ms }) => p99_ms)),
        errors: list.reduce((sum, { errors }) => sum + errors, 0),
        runs: list,
      },
    ]),
  );
  const ratio = (/** @type {string} */ peer) => {
    const [ours, theirs] = [results.cluster?.requests_per_second ?? 0, results[peer]?.requests_per_second ?? 1];
    return Math.round((ours / theirs) * 1000) / 1000;
  };
  const report = {
    benchmark: "routing",
    settings: { backends: BACKENDS, workers: 1, ...options, out: undefined },
    results,
    ratio: { cluster_to_nginx: ratio("nginx"), cluster_to_haproxy: ratio("haproxy") },
  };
  const text = JSON.stringify(report, undefined, 2);
  if (options.out !== undefined) writeFileSync(options.out, `${text}\n`);
  console.log(text);
} finally {
  for (const closer of closers.reverse()) await closer();
}

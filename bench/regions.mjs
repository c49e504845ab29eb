// What checks from several places cost: a leader before real Uptime Kumas and a MariaDB, first alone, then with real probes
// and regional checks of which a tenth fails every other minute. The results of three hours are there from the start, so
// that what is pruned and what comes are in balance. Processor time is that of all processes of an nginx, in percent of a
// core; rows are those that were inserted, changed or deleted. Between probes and leader stands a proxy that counts.
//
// Prints JSON, with OUT=FILE also into a file. CHECKS, PROBES, INTERVAL and MINUTES say how much; KUMA_DIR takes another
// Uptime Kuma.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../local/processes.mjs";
import { setUp } from "../test/agent/support/browser.mjs";
import { startTestCluster } from "../test/cluster/cluster.mjs";
import { startProbe } from "../test/probes/harness.mjs";
import { request } from "../test/support/http.mjs";
import { memoryOf, perSecond, readCounters, rounded, startCountingProxy } from "./meters.mjs";

const CHECKS = Number(process.env.CHECKS ?? 200);
const PROBES = Number(process.env.PROBES ?? 3);
const INTERVAL_S = Number(process.env.INTERVAL ?? 30);
const MINUTES = Number(process.env.MINUTES ?? 5);
const SECRET = "s3cret";
const KEPT_S = 3 * 3600;
const STRATEGIES = ["any-down", "majority-down", "all-down"];

const data = mkdtempSync(join(tmpdir(), "bench-"));
/** @type {(() => unknown)[]} */
const closers = [() => rmSync(data, { recursive: true, force: true })];

/** Answers 503 under /fails/ while told so. */
async function startTarget() {
  let fails = false;
  const server = createServer((request, response) => {
    response.writeHead(fails && request.url?.startsWith("/fails/") === true ? 503 : 200).end("hello");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { port, fail: (/** @type {boolean} */ value) => void (fails = value) };
}

async function startLeader() {
  const env = { CLUSTER_SECRET: SECRET };
  const cluster = await startTestCluster({ data, nodeEnv: env, lbEnv: env, dbOptions: ["--userstat=1"] });
  closers.push(() => cluster.close());
  await setUp(cluster);
  return cluster;
}

/** @typedef {Awaited<ReturnType<typeof startLeader>>} Cluster */

/** @param {string} url of the leader */
async function startProbes(url) {
  const probes = [];
  for (let number = 1; number <= PROBES; number++) {
    const env = { CLUSTER_SECRET: SECRET, UPTIME_KUMA_NODE_ID: `probe${number}`, NODE_REGION: `region${number}` };
    const probe = await startProbe({ peers: url, env });
    closers.push(probe.close);
    probes.push(probe);
  }
  return probes;
}

/** Every tenth fails at times, every tenth is a plain connection. @param {Cluster} cluster @param {number} port */
async function addChecks(cluster, port) {
  const headers = { "X-Cluster-Secret": SECRET, "Content-Type": "application/json" };
  for (let number = 0; number < CHECKS; number++) {
    const path = number % 10 === 0 ? `fails/${number}` : `works/${number}`;
    const isPlain = number % 10 === 1;
    const target = isPlain ? { host: "127.0.0.1", port } : { url: `http://127.0.0.1:${port}/${path}` };
    const kind = isPlain ? "tcp" : "http";
    const strategy = STRATEGIES[number % 3];
    const body = JSON.stringify({ name: `check ${number}`, kind, target, interval: INTERVAL_S, strategy });
    const answer = await request(`${cluster.url}/lb/probe-checks`, { method: "POST", headers, body });
    if (answer.status !== 201) throw new Error(`check ${number}: ${answer.status} ${answer.text}`);
  }
}

/** Results as they would be there after hours, and how many that is. @param {Cluster} cluster */
async function fill(cluster) {
  const rows = Math.floor((CHECKS * PROBES * KEPT_S) / INTERVAL_S);
  await cluster.sql(
    `INSERT INTO probe_result (check_id, probe_id, at, received_at, status, ping_ms, message)
     SELECT c.id, CONCAT('probe', 1 + s.seq % ${PROBES}), NOW(6) - INTERVAL s.seq * ${INTERVAL_S / PROBES} SECOND,
       NOW(6) - INTERVAL s.seq * ${INTERVAL_S / PROBES} SECOND, 'up', 12, '200 OK'
     FROM seq_0_to_${Math.floor(rows / CHECKS) - 1} s JOIN probe_check c ORDER BY s.seq DESC`,
  );
  return rows;
}

/** @param {Cluster} cluster */
async function stored(cluster) {
  const [{ count }] = await cluster.sql("SELECT COUNT(*) AS count FROM probe_result");
  const [{ mb }] = await cluster.sql(
    "SELECT (DATA_LENGTH + INDEX_LENGTH) / 1048576 AS mb FROM information_schema.TABLES WHERE TABLE_NAME = 'probe_result'",
  );
  return { rows: Number(count), mb: Number(mb) };
}

/**
 * @param {Cluster} cluster @param {Awaited<ReturnType<typeof startProbes>>} probes @param {number} seconds
 * @param {{counts: () => Record<string, number>}} [proxy]
 */
async function measure(cluster, probes, seconds, proxy) {
  const { lb, db } = cluster.state();
  const pids = { leader: lb.pid, ...Object.fromEntries(probes.map(({ pid }, index) => [`probe${index + 1}`, pid])) };
  const read = () => readCounters({ sql: cluster.sql, pids, databasePid: db.pid, proxy });
  const first = await read();
  await sleep(seconds * 1000);
  const last = await read();
  const memory = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryOf(pid)]));
  return { ...perSecond(first, last), memory_mb: memory };
}

async function run() {
  const cluster = await startLeader();
  const target = await startTarget();
  const idle = await measure(cluster, [], Math.min(60, MINUTES * 60));
  const proxy = await startCountingProxy(cluster.state().lb.port);
  closers.push(proxy.close);
  await addChecks(cluster, target.port);
  const rows = await fill(cluster);
  const probes = await startProbes(proxy.url);
  const all = async () => Number((await cluster.sql("SELECT COUNT(*) AS n FROM probe_vote"))[0].n) === CHECKS * PROBES;
  await waitFor(all, { what: "a vote of each", timeoutMs: 2000 * INTERVAL_S + 60000, everyMs: 1000 });
  const outages = setInterval(() => target.fail(Math.floor(Date.now() / 60000) % 2 === 0), 1000);
  const before = await stored(cluster);
  const working = await measure(cluster, probes, MINUTES * 60, proxy);
  clearInterval(outages);
  const [{ verdicts }] = await cluster.sql("SELECT COUNT(*) AS verdicts FROM cluster_event WHERE type LIKE 'check.%'");
  const log = readFileSync(cluster.state().lb.log, "utf8");
  return {
    ...{ benchmark: "regions", kuma: cluster.version },
    settings: { checks: CHECKS, probes: PROBES, interval_s: INTERVAL_S, minutes: MINUTES },
    ...{ idle: rounded(idle), working: rounded(working) },
    results: rounded({ bound_rows: rows, before, after: await stored(cluster) }),
    ...{ verdicts: Number(verdicts), warnings: log.split("\n").filter((line) => /\[(warn|error)\]/.test(line)).length },
  };
}

try {
  const text = JSON.stringify(await run(), undefined, 2);
  console.log(text);
  if (process.env.OUT) writeFileSync(process.env.OUT, `${text}\n`);
} finally {
  for (const close of closers.reverse()) await close();
}
process.exit();

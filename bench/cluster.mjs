// Section "cluster": what a cluster buys. So many HTTP monitors of a target on this machine, checked by one Uptime Kuma as it
// is, on SQLite and on the same MariaDB, and by clusters of one, two and three nodes. The target's log tells when each check
// came: it is late by what lies between it and the one before, beyond the interval.
import { createRequire } from "node:module";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ensureKuma, kumaVersion, startNode } from "../local/kuma.mjs";
import { startMariadb } from "../local/mariadb.mjs";
import { freePort, freePorts } from "../local/ports.mjs";
import { waitFor } from "../local/processes.mjs";
import { setUp } from "../test/agent/support/browser.mjs";
import { startTestCluster } from "../test/cluster/cluster.mjs";
import { cpuOf, memoryOf } from "./meters.mjs";
import { BOTH_CORES, atEnd, close, newFolder, startNginx } from "./stage.mjs";
import { figure, median, significant } from "./statistics.mjs";

/** Seconds between two checks: the least that Uptime Kuma's page takes. */
const INTERVAL_S = 20;
/** In how many parts monitors are added, to a cluster one a second: their checks are to be spread over the interval. */
const PARTS = 20;
const START_LIMIT_MS = 180000;
const HURRY = fileURLToPath(new URL("hurry.cjs", import.meta.url));

/**
 * @typedef {{rounds: number, monitors: number, say: (line: string) => void}} Settings
 * @typedef {{pids: Record<string, number>}} Site pids of the processes whose work is measured
 * @typedef {Awaited<ReturnType<typeof startChecked>>} Checked
 * @typedef {[at: number, path: string]} Check `at` in seconds
 */

/** What is checked: an nginx that notes when each path is asked for. */
async function startChecked() {
  const port = await freePort();
  const log = join(newFolder("checked"), "log");
  const http = `log_format when "$msec $uri"; server { listen 127.0.0.1:${port}; access_log ${log} when;
    location / { return 200 "ok"; } }`;
  await startNginx("target", http, { cores: BOTH_CORES });
  /** The checks after so many bytes of the log. @param {number} from @returns {Check[]} */
  const since = (from) => {
    const lines = readFileSync(log, "utf8").slice(from).split("\n");
    return lines.filter((line) => / \/m\d+$/.test(line)).map((line) => [parseFloat(line), String(line.split(" ")[1])]);
  };
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(url)).ok, { what: "the target" });
  return { url, since, size: () => statSync(log).size };
}

/**
 * Adds active monitors as rows.
 * @param {string} url of the target @param {number} first @param {number} count
 * @param {number} nodes that they are spread over as homes; 0 on a database that no agent has seen
 */
function insertion(url, first, count, nodes) {
  const fields = ["name", "type", "url", "`interval`", "user_id", "active", "method", "accepted_statuscodes_json"];
  fields.push("maxretries", "retry_interval", ...(nodes > 0 ? ["node_id"] : []));
  const rows = Array.from({ length: count }, (_, index) => {
    const name = `m${first + index}`;
    const values = [
      `'${name}'`,
      "'http'",
      `'${url}/${name}'`,
      INTERVAL_S,
      1,
      1,
      "'GET'",
      `'["200-299"]'`,
      0,
      INTERVAL_S,
    ];
    if (nodes > 0) values.push(`'node${((first + index) % nodes) + 1}'`);
    return `(${values.join(", ")})`;
  });
  return `INSERT INTO monitor (${fields.join(", ")}) VALUES ${rows.join(",")}`;
}

/** The first of each part of the monitors and their number: no statement is too long. @param {number} monitors */
function partsOf(monitors) {
  const size = Math.ceil(monitors / PARTS);
  const firsts = Array.from({ length: Math.ceil(monitors / size) }, (_, index) => index * size);
  return firsts.map((first) => /** @type {const} */ ([first, Math.min(size, monitors - first)]));
}

async function startDatabase() {
  const db = await startMariadb({ dir: newFolder("db"), port: await freePort(), password: "secret" });
  atEnd(db.kill);
  return db;
}

/**
 * One Uptime Kuma without the agent; it finds monitors at its start only.
 * @param {Checked} checked @param {number} monitors @param {"mariadb" | "sqlite"} kind @returns {Promise<Site>}
 */
async function startStock(checked, monitors, kind) {
  const kumaDir = await ensureKuma();
  const db = kind === "mariadb" ? await startDatabase() : undefined;
  const place = { kumaDir, dir: newFolder("stock"), port: await freePort(), nodeId: "stock", agent: false, db };
  const first = await startNode(place);
  atEnd(() => first.stop("SIGKILL"));
  await first.ready();
  await setUp(first);
  await first.stop();
  for (const [from, count] of partsOf(monitors)) {
    const statement = insertion(checked.url, from, count, 0);
    if (db === undefined) await runInSqlite(kumaDir, join(place.dir, "data", "kuma.db"), statement);
    else await db.sql(statement, db.name);
  }
  const second = await startNode({ ...place, env: { NODE_OPTIONS: `--require ${JSON.stringify(HURRY)}` } });
  atEnd(() => second.stop("SIGKILL"));
  await second.ready();
  return { pids: { kuma: second.pid, ...(db === undefined ? {} : { database: db.pid }) } };
}

/** The driver is Uptime Kuma's own. @param {string} kumaDir @param {string} file @param {string} statement */
function runInSqlite(kumaDir, file, statement) {
  const { Database } = createRequire(join(kumaDir, "package.json"))("@louislam/sqlite3");
  return new Promise((resolve, reject) => {
    const db = new Database(file);
    db.exec(statement, (/** @type {Error | null} */ error) => {
      db.close(() => (error === null ? resolve(undefined) : reject(error)));
    });
  });
}

/** @param {Checked} checked @param {number} monitors @param {number} nodes @returns {Promise<Site>} */
async function startNodes(checked, monitors, nodes) {
  const cluster = await startTestCluster({ data: newFolder("cluster"), nodes, nodePorts: await freePorts(nodes) });
  atEnd(() => cluster.close());
  await setUp(cluster);
  for (const [first, count] of partsOf(monitors)) {
    await cluster.sql(insertion(checked.url, first, count, nodes));
    await sleep(1000);
  }
  const { nodes: running, db, lb } = cluster.state();
  const pids = Object.fromEntries(running.map(({ node_id, pid }) => [node_id, pid]));
  return { pids: { ...pids, database: db.pid, load_balancer: lb.pid } };
}

/**
 * How late checks came in a time, each beside the one before of the same monitor.
 * @param {Check[]} checks in the order of time @param {number} from @param {number} to
 */
function lateness(checks, from, to) {
  /** @type {Map<string, number>} */
  const last = new Map();
  const late = [];
  for (const [at, path] of checks) {
    const before = last.get(path);
    if (before !== undefined && at >= from && at < to) late.push(Math.max(0, at - before - INTERVAL_S));
    last.set(path, at);
  }
  return late.sort((a, b) => a - b);
}

/** @param {Site} site @param {Checked} checked @param {Settings} settings */
async function measureSite({ pids }, checked, { rounds, monitors, say }) {
  const all = () => new Set(checked.since(0).map(([, path]) => path)).size === monitors;
  const begun = performance.now();
  await waitFor(all, { what: `a check of ${monitors} monitors`, timeoutMs: START_LIMIT_MS, everyMs: 1000 });
  say(`cluster: all ${monitors} were checked after ${Math.round((performance.now() - begun) / 1000)} s`);
  await sleep(INTERVAL_S * 1000);
  const beginning = checked.size();
  // Those in front of the first window are needed to tell how late the first checks in it are.
  await sleep(INTERVAL_S * 1000);
  /** @type {{from: number, to: number, cpu: Record<string, number>}[]} */
  const windows = [];
  for (let round = 0; round < rounds; round++) {
    const from = Date.now() / 1000;
    const before = Object.entries(pids).map(([name, pid]) => /** @type {const} */ ([name, pid, cpuOf(pid)]));
    await sleep(INTERVAL_S * 1000);
    const to = Date.now() / 1000;
    const cpu = before.map(([name, pid, seconds]) => [name, ((cpuOf(pid) - seconds) / (to - from)) * 100]);
    windows.push({ from, to, cpu: Object.fromEntries(cpu) });
  }
  const checks = checked.since(beginning);
  const late = windows.map(({ from, to }) => lateness(checks, from, to));
  const rank = (/** @type {number} */ share) => late.map((list) => list[Math.ceil(list.length * share) - 1] ?? 0);
  const cpuOfAll = (/** @type {string} */ name) => significant(median(windows.map(({ cpu }) => cpu[name] ?? 0)));
  return {
    beats_per_second: figure(
      windows.map(({ from, to }) => checks.filter(([at]) => at >= from && at < to).length / (to - from)),
    ),
    late_p50_s: figure(rank(0.5)),
    late_p99_s: figure(rank(0.99)),
    late_max_s: figure(rank(1)),
    cpu_percent: Object.fromEntries(Object.keys(pids).map((name) => [name, cpuOfAll(name)])),
    memory_mb: Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, significant(memoryOf(pid).pss)])),
  };
}

/** @typedef {Awaited<ReturnType<typeof measureSite>>} SiteResult */

/** @param {Settings} settings */
export async function compareClusters(settings) {
  const { monitors, say } = settings;
  /** @type {[string, (checked: Checked) => Promise<Site>][]} */
  const sites = [
    ["stock_sqlite", (checked) => startStock(checked, monitors, "sqlite")],
    ["stock_mariadb", (checked) => startStock(checked, monitors, "mariadb")],
    ...[1, 2, 3].map((nodes) => {
      const start = (/** @type {Checked} */ checked) => startNodes(checked, monitors, nodes);
      return /** @type {[string, typeof start]} */ ([`nodes_${nodes}`, start]);
    }),
  ];
  /** @type {Record<string, SiteResult | {failed: string}>} */
  const results = {};
  for (const [name, start] of sites) {
    try {
      const checked = await startChecked();
      const result = await measureSite(await start(checked), checked, settings);
      results[name] = result;
      const { beats_per_second, late_p50_s, late_p99_s } = result;
      say(`${name}: ${beats_per_second.median} checks/s, late ${late_p50_s.median} s, p99 ${late_p99_s.median} s`);
    } catch (error) {
      // An SQLite driver, above all, is not there with every Uptime Kuma.
      const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
      results[name] = { failed: reason };
      say(`${name}: failed: ${reason}`);
    }
    await close();
  }
  const kuma = kumaVersion(await ensureKuma());
  return {
    kuma,
    monitors,
    interval_s: INTERVAL_S,
    wanted_per_second: significant(monitors / INTERVAL_S),
    sites: results,
  };
}

// What the processes, the shared dictionaries and the tables come to, every few seconds.
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { memoryFields, memoryOf } from "../../../bench/meters.mjs";
import { isAlive } from "../../../local/processes.mjs";
import { parse } from "../../support/exposition.mjs";
import { request } from "../../support/http.mjs";

/**
 * @typedef {import("./site.mjs").SoakSite} SoakSite
 * @typedef {import("./trend.mjs").Point} Point
 * @typedef {Map<string, Map<string, Point[]>>} Series by what is measured, and by the process that was measured
 */

const EVERY_MS = 5000;
/** A node collects its garbage before it tells what it uses: not too often. */
const PROBE_EVERY = 2;
const TABLES = ["node", "cluster_event", "cluster_move", "cluster_operation", "cluster_lease", "cluster_pin"];

/** Starts to measure. @param {SoakSite} site */
export function startSamples(site) {
  /** @type {Series} */
  const series = new Map();
  let running = true;
  /** @param {string} what @param {string | number} process @param {number | undefined} value */
  const note = (what, process, value) => {
    if (value === undefined || !Number.isFinite(value)) return;
    const processes = series.get(what) ?? new Map();
    series.set(what, processes);
    const points = processes.get(String(process)) ?? [];
    processes.set(String(process), points);
    points.push({ at: Date.now() / 1000, value });
  };
  const loop = async () => {
    for (let round = 0; running; round++) {
      sampleProcesses(site, note);
      if (round % PROBE_EVERY === 0) await Promise.all(nodesOf(site).map((node) => probeNode(site, node, note)));
      await Promise.all(site.balancers.map((lb) => sampleBalancer(lb, note)));
      await sampleTables(site, note).catch(() => undefined);
      for (let waited = 0; running && waited < EVERY_MS; waited += 250) await sleep(250);
    }
  };
  const ended = loop();
  // Told by stop(): until then it must not end the run, and leave a cluster behind.
  ended.catch(() => undefined);
  return {
    series,
    stop: async () => {
      running = false;
      await ended;
    },
  };
}

/** @typedef {(what: string, process: string | number, value: number | undefined) => void} Note */

/** @param {SoakSite} site */
const nodesOf = ({ cluster }) => [...cluster.nodeOfPid()].filter(([pid]) => isAlive(pid));

/** @param {SoakSite} site @param {Note} note */
function sampleProcesses(site, note) {
  for (const [pid, node] of nodesOf(site)) noteProcess(node, pid, note);
  for (const lb of site.balancers) {
    if (!isAlive(lb.pid)) continue;
    const workers = attempt(lb.workers) ?? [];
    note(`${lb.name} workers`, lb.pid, workers.length);
    for (const worker of workers) noteOwn(`${lb.name} worker`, worker, note);
    noteFiles(`${lb.name} master`, lb.pid, note);
    // What a worker has of the memory that they share changes as others come and go; the sum does not.
    note(
      `${lb.name} memory_mib`,
      lb.pid,
      attempt(() => memoryOf(lb.pid).own),
    );
  }
}

/** @param {string} name @param {number} pid @param {Note} note */
function noteProcess(name, pid, note) {
  note(`${name} pss_mib`, pid, noteOwn(name, pid, note)("Pss"));
}

/** @param {string} name @param {number} pid @param {Note} note @returns {(field: string) => number} what else there is in MiB */
function noteOwn(name, pid, note) {
  const mebibytes = attempt(() => memoryFields(pid)) ?? (() => NaN);
  note(`${name} private_mib`, pid, mebibytes("Private_Dirty"));
  noteFiles(name, pid, note);
  return mebibytes;
}

/** @param {string} name @param {number} pid @param {Note} note */
function noteFiles(name, pid, note) {
  note(
    `${name} fds`,
    pid,
    attempt(() => readdirSync(`/proc/${pid}/fd`).length),
  );
}

/** @param {SoakSite} site @param {[number, string]} node @param {Note} note */
async function probeNode({ reportOf }, [pid, node], note) {
  if (!listens(pid)) return;
  const file = reportOf(pid);
  rmSync(file, { force: true });
  attempt(() => process.kill(pid, "SIGUSR2"));
  for (let waited = 0; waited < 2000; waited += 50) {
    await sleep(50);
    const text = attempt(() => readFileSync(file, "utf8"));
    if (text === undefined) continue;
    const { used_mb, code_mb, timers } = JSON.parse(text);
    // What V8 compiles as the process goes on would pass for a leak where processes live for minutes.
    note(`${node} heap_mib`, pid, used_mb - code_mb);
    note(`${node} code_mib`, pid, code_mb);
    note(`${node} timers`, pid, timers);
    return;
  }
}

/** SIGUSR2 ends a process that has not begun to listen to it. @param {number} pid */
function listens(pid) {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
  const caught = BigInt(`0x${/^SigCgt:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return (caught & (1n << BigInt(constants.signals.SIGUSR2 - 1))) !== 0n;
}

/** @param {import("../balancers.mjs").Balancer} lb @param {Note} note */
async function sampleBalancer({ name, url, pid }, note) {
  const { status, text } = await request(`${url}/lb/metrics`, { keepAlive: false, timeoutMs: 3000 });
  if (status !== 200) return;
  const { values } = parse(text);
  for (const [series, value] of values) {
    const [, metric, dict] = /^kuma_cluster_shared_dict_(\w+)\{dict="(.*)"\}$/.exec(series) ?? [];
    if (metric === "evictions_total") note(`${name} ${dict} evictions`, pid, value);
    const capacity = values.get(`kuma_cluster_shared_dict_capacity_bytes{dict="${dict}"}`) ?? NaN;
    if (metric === "free_bytes") note(`${name} ${dict} used_percent`, pid, 100 * (1 - value / capacity));
  }
  for (const kind of ["running", "pending"])
    note(`${name} timers_${kind}`, pid, values.get(`kuma_cluster_timers_${kind}`));
  note(`${name} lua_mib`, pid, (values.get("kuma_cluster_lua_memory_bytes") ?? NaN) / (1 << 20));
  note(`${name} websockets`, pid, values.get("kuma_cluster_websockets"));
}

/** @param {SoakSite} site @param {Note} note */
async function sampleTables({ cluster }, note) {
  const columns = TABLES.map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`);
  const [counts] = await cluster.sql(`SELECT ${columns.join(", ")}`);
  for (const [table, rows] of Object.entries(counts)) note(`${table} rows`, "database", Number(rows));
  const nodes = await cluster.sql("SELECT node_id, monitors_running FROM node");
  for (const { node_id, monitors_running } of nodes) note(`${node_id} monitors`, "database", monitors_running);
}

/** What a process that ends meanwhile cannot tell. @template T @param {() => T} read @returns {T | undefined} */
function attempt(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

// Section "phases": what a request costs in Lua. Microseconds by phase from inside a worker, bytes that a request allocates,
// and whether LuaJIT gives up anything that requests run through.
import { setTimeout as sleep } from "node:timers/promises";
import { WORKLOADS, measure } from "./load.mjs";
import { changedConfiguration, close, startBackends, startDatabase, startOurs } from "./stage.mjs";
import { withLua } from "./with-lua.mjs";
import { figure, significant } from "./statistics.mjs";

const CONNECTIONS = 32;
/** What nginx calls in each phase, by workload and by the names that the phases have in nginx. @type {Record<string, Record<string, string>>} */
const PHASES = {
  bare: { access: "access_old_names", balancer: "balance", log: "log" },
  page: { access: "access_page", balancer: "balance", header_filter: "finish_page", log: "log" },
};
const WARM_UP_S = 5;

/**
 * @typedef {{rounds: number, seconds: number, say: (line: string) => void}} Settings
 * @typedef {import("../local/mariadb.mjs").Mariadb} Mariadb
 */

/** @param {string} url @returns {Promise<any>} */
const ask = async (url) => (await fetch(url)).json();

/** @param {Mariadb} db @param {Settings} settings */
async function timePhases(db, { rounds, seconds, say }) {
  const configuration = changedConfiguration(
    "phases",
    withLua({
      init: 'require("bench_phases").install(kuma_cluster, require("api"))',
      location: 'content_by_lua_block { require("bench_phases").report() }',
    }),
  );
  const { url } = await startOurs(db, { name: "phases", configuration });
  /** @type {Record<string, Record<string, ReturnType<typeof figure>>>} */
  const results = {};
  for (const [workload, phases] of Object.entries(PHASES)) {
    await measure(url, { workload, seconds: 2, connections: CONNECTIONS });
    /** @type {Record<string, number[]>} */
    const samples = Object.fromEntries(Object.keys(phases).map((phase) => [phase, []]));
    for (let round = 0; round < rounds; round++) {
      await ask(`${url}/bench`);
      await measure(url, { workload, seconds, connections: CONNECTIONS });
      const found = await ask(`${url}/bench`);
      const each = (/** @type {string} */ name) => (found[name].seconds / found[name].calls) * 1e6;
      for (const [phase, name] of Object.entries(phases)) samples[phase]?.push(each(name) - each("nothing"));
    }
    results[workload] = Object.fromEntries(Object.entries(samples).map(([phase, list]) => [phase, figure(list)]));
    const line = Object.entries(results[workload] ?? {}).map(([phase, { median }]) => `${phase} ${median}`);
    say(`phases, ${workload}: ${line.join(", ")} us`);
  }
  return results;
}

/**
 * Bytes that Lua allocates for a request, without what the timers allocate meanwhile.
 * @param {Mariadb} db @param {Settings} settings
 */
async function countAllocations(db, { rounds, seconds, say }) {
  const location = 'content_by_lua_block { require("bench_memory").report() }';
  const configuration = changedConfiguration("memory", withLua({ location }));
  const { url } = await startOurs(db, { name: "memory", configuration });
  /** @template T @param {() => Promise<T>} meanwhile */
  const growth = async (meanwhile) => {
    const before = (await ask(`${url}/bench?collect=stop`)).bytes;
    const result = await meanwhile();
    return { bytes: (await ask(`${url}/bench?collect=restart`)).bytes - before, result };
  };
  /** @type {Record<string, ReturnType<typeof figure>>} */
  const results = {};
  for (const workload of Object.keys(WORKLOADS)) {
    await measure(url, { workload, seconds: 2, connections: CONNECTIONS });
    const samples = [];
    for (let round = 0; round < rounds; round++) {
      const idle = await growth(() => sleep(seconds * 1000));
      const busy = await growth(() => measure(url, { workload, seconds, connections: CONNECTIONS }));
      samples.push((busy.bytes - idle.bytes) / busy.result.requests);
    }
    results[workload] = figure(samples);
    say(`allocations, ${workload}: ${results[workload]?.median} bytes a request`);
  }
  return results;
}

/** @typedef {{aborts: Record<string, number>, compiled: number, samples: Record<string, number>}} Report */

/**
 * What LuaJIT gave up during requests while all was warming up, and after that; and where the time in Lua went.
 * @param {Mariadb} db @param {Settings} settings
 */
async function watchCompiler(db, { seconds, say }) {
  const configuration = changedConfiguration(
    "trace",
    withLua({
      init_worker: 'require("bench_trace").start()',
      location: 'content_by_lua_block { require("bench_trace").report() }',
    }),
  );
  const { url } = await startOurs(db, { name: "trace", configuration });
  const loadAll = async (/** @type {number} */ time) => {
    const load = { seconds: time, connections: CONNECTIONS };
    for (const workload of Object.keys(WORKLOADS)) await measure(url, { ...load, workload });
    await measure(url, { ...load, workload: "page", chosenNodes: 3 });
  };
  /** @param {string} [query] @returns {Promise<Report>} */
  const report = (query = "") => ask(`${url}/bench${query}`);
  await loadAll(WARM_UP_S);
  const warmingUp = await report();
  await loadAll(Math.max(3, seconds));
  const warm = await report("?profile=start");
  await loadAll(Math.max(3, seconds));
  const { samples } = await report("?profile=stop");
  // What runs outside of Lua is nginx.
  const ofLua = ["N", "I", "G", "J"].map((state) => /** @type {const} */ ([state, samples[state] ?? 0]));
  const all = ofLua.reduce((sum, [, count]) => sum + count, 0);
  const list = (/** @type {Report} */ { aborts }) => Object.entries(aborts).map(([at, count]) => ({ at, count }));
  say(`traces: ${list(warm).length} places given up once warm, ${list(warmingUp).length} before`);
  return {
    aborts: list(warm),
    aborts_while_warming_up: list(warmingUp),
    compiled: { while_warming_up: warmingUp.compiled, once_warm: warm.compiled },
    lua_time_percent: Object.fromEntries(ofLua.map(([state, count]) => [state, significant((count / all) * 100)])),
  };
}

/** @param {Settings} settings */
export async function lookIntoPhases(settings) {
  const db = await startDatabase(await startBackends(3));
  const microseconds = await timePhases(db, settings);
  const allocated_bytes = await countAllocations(db, settings);
  const compiler = await watchCompiler(db, settings);
  await close();
  return { microseconds, allocated_bytes, compiler };
}

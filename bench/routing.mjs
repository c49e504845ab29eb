// Section "routing": the load balancer against other reverse proxies before the same backends, in one run. Plain nginx
// hands requests on by the same nginx/conf.d/proxy.conf: what differs is who chooses the node, and how.
//
// A proxy with one worker has a core of its own; load, backends and database share the other one. A script is as much work
// for the load side as for the proxy: with two cores no proxy is busy all the time then, and its ratio says only that no
// script is slowed down. With two workers all share both cores: there the processor time for a request is the measure.
import { setTimeout as sleep } from "node:timers/promises";
import { goRound } from "./load.mjs";
import { memoryOf } from "./meters.mjs";
import { startBothOfOurs, startCaddy, startEmptyPhases, startHaproxy, startPlainNginx } from "./peers.mjs";
import { BOTH_CORES, OTHER_CORE, close, startBackends, startDatabase, startOurs } from "./stage.mjs";
import { figure, ratio, significant } from "./statistics.mjs";

const NODES = [3, 50, 1000];
/** The size that is held against the targets, in twice as many rounds. */
const JUDGED_NODES = 3;
const CONNECTIONS = 32;
/** Until the first checks of many nodes, all at once after the start, are over. */
const SETTLE_MS = 15000;
/** With a think time: enough connections that chance and not their number makes the requests meet. */
const THINKERS = 256;
const THINK_MS = 64;

/**
 * @typedef {import("./load.mjs").Sample} Sample
 * @typedef {import("./load.mjs").Target} Target
 * @typedef {{rounds: number, seconds: number, say: (line: string) => void}} Settings
 */

/** @param {Sample[]} samples @param {Sample[]} ours */
function summary(samples, ours) {
  const of = (/** @type {Sample[]} */ list, /** @type {keyof Sample} */ key) => list.map((sample) => sample[key]);
  return {
    rps: figure(of(samples, "rps")),
    cpu_us: figure(of(samples, "cpu_us")),
    p50_ms: figure(of(samples, "p50_ms")),
    p99_ms: figure(of(samples, "p99_ms")),
    p999_ms: figure(of(samples, "p999_ms")),
    requests: samples.reduce((sum, { requests }) => sum + requests, 0),
    errors: samples.reduce((sum, { errors }) => sum + errors, 0),
    ours_to_it: {
      rps: ratio(of(ours, "rps"), of(samples, "rps")),
      cpu_us: ratio(of(ours, "cpu_us"), of(samples, "cpu_us")),
      p99_ms: ratio(of(ours, "p99_ms"), of(samples, "p99_ms")),
    },
  };
}

/**
 * @typedef {{workload: string, nodes: number, workers: number, connection: "keep-alive" | "close",
 *   load: "closed" | "think"}} Case
 */

/** @param {Record<string, Target>} targets @param {Case} what @param {Settings} settings */
async function runCase(targets, what, { rounds, seconds, say }) {
  const isThink = what.load === "think";
  const load = {
    ...{ workload: what.workload, close: what.connection === "close", connections: isThink ? THINKERS : CONNECTIONS },
    ...{ seconds: isThink ? seconds * 3 : seconds, cores: what.workers === 1 ? OTHER_CORE : BOTH_CORES },
    ...(isThink ? { thinkMs: THINK_MS } : {}),
  };
  const samples = await goRound(targets, load, rounds);
  const ours = samples.cluster ?? [];
  const isAnswered = (/** @type {Sample[]} */ list) => list.every(({ requests }) => requests > 0);
  const unanswered = Object.keys(samples).filter((name) => !isAnswered(samples[name] ?? []));
  const answered = Object.entries(samples).filter(([name]) => !unanswered.includes(name));
  const peers = Object.fromEntries(
    answered.map(([name, list]) => {
      const memory = significant(memoryOf(Number(targets[name]?.pid)).pss);
      return [name, { ...summary(list, ours), memory_mb: memory }];
    }),
  );
  const ratios = Object.entries(peers).map(([name, { ours_to_it }]) => `${name} ${ours_to_it.rps.median}`);
  say(`${Object.values(what).join(" ")}: of ${ratios.join(", ")}`);
  return { ...what, peers, unanswered };
}

/** @param {number} nodes @param {number} workers @returns {Promise<Record<string, Target>>} */
async function startAll(nodes, workers) {
  const backends = await startBackends(nodes, workers === 1 ? OTHER_CORE : BOTH_CORES);
  const site = { backends, workers };
  const { cluster, per_request } = await startBothOfOurs(await startDatabase(backends), site);
  return {
    nginx: await startPlainNginx(site),
    haproxy: await startHaproxy(site),
    caddy: await startCaddy(site),
    empty: await startEmptyPhases(site),
    cluster,
    // Its queries of a thousand rows take all of 32 connections longer than a round.
    per_request: { ...per_request, ...(nodes > 100 ? { patience: 4, connections: 4 } : {}) },
  };
}

/** The cases of a site. @param {number} nodes @param {number} workers @returns {Case[]} */
function casesOf(nodes, workers) {
  const bare = /** @type {const} */ ({ workload: "bare", nodes, workers, connection: "keep-alive", load: "closed" });
  /** @type {Case[]} */
  const cases = [bare, { ...bare, connection: "close" }];
  if (workers !== 1) return cases;
  if (nodes === 3) cases.push({ ...bare, workload: "page" }, { ...bare, workload: "script" });
  if (nodes !== 50) cases.push({ ...bare, load: "think" });
  return cases;
}

/**
 * One site with all its cases.
 * @param {number} nodes @param {number} workers @param {Settings} settings
 */
async function compareAt(nodes, workers, settings) {
  const targets = await startAll(nodes, workers);
  await sleep(nodes > JUDGED_NODES ? SETTLE_MS : 0);
  // Nobody waits half a minute for what a query for each request makes of a thousand nodes with a think time.
  const others = Object.fromEntries(Object.entries(targets).filter(([name]) => name !== "per_request"));
  const cases = [];
  for (const what of casesOf(nodes, workers)) {
    const isJudged = nodes === JUDGED_NODES && workers === 1 && what.connection === "keep-alive";
    const rounds = settings.rounds * (isJudged ? 2 : 1);
    cases.push(await runCase(what.load === "think" ? others : targets, what, { ...settings, rounds }));
  }
  return cases;
}

/** @param {Settings} settings */
export async function comparePeers(settings) {
  const cases = [];
  const failures = [];
  for (const workers of [1, 2]) {
    for (const nodes of NODES) {
      try {
        cases.push(...(await compareAt(nodes, workers, settings)));
      } catch (error) {
        // What was measured before the others fail must not be lost with them.
        const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
        settings.say(`routing with ${nodes} nodes and ${workers} workers failed: ${reason}`);
        failures.push({ nodes, workers, reason });
      }
      await close();
    }
  }
  if (cases.length === 0) throw new Error(failures[0]?.reason);
  return { cases, failures };
}

/**
 * Ours before 3, 50 and 1000 nodes in the same rounds: a ratio of 1 means that it does not matter how many there are.
 * @param {Settings} settings
 */
export async function compareSizes({ rounds, seconds, say }) {
  /** @type {Record<string, Target>} */
  const targets = {};
  for (const nodes of NODES) targets[nodes] = await startOurs(await startDatabase(await startBackends(nodes)));
  await sleep(SETTLE_MS);
  const samples = await goRound(targets, { workload: "bare", seconds, connections: CONNECTIONS }, rounds);
  await close();
  const few = samples[String(NODES[0])] ?? [];
  const of = (/** @type {Sample[]} */ list, /** @type {keyof Sample} */ key) => list.map((sample) => sample[key]);
  const sizes = Object.entries(samples).map(([nodes, list]) => ({
    nodes: Number(nodes),
    rps: figure(of(list, "rps")),
    cpu_us: figure(of(list, "cpu_us")),
    to_few: { rps: ratio(of(list, "rps"), of(few, "rps")), cpu_us: ratio(of(list, "cpu_us"), of(few, "cpu_us")) },
  }));
  say(`flat: ${sizes.map(({ nodes, to_few }) => `${nodes} nodes ${to_few.rps.median}`).join(", ")}`);
  return { sizes };
}

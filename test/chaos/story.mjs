// What a scenario works with: it acts on the site, waits, and notes what happened. The verdict is made of the history.
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { clientAddress } from "../cluster/beating-cluster.mjs";
import { INTERVAL_S } from "../cluster/kuma-client.mjs";
import { startLoad } from "../support/http.mjs";
import { beginHistory, databaseTime } from "./audit.mjs";
import { INVARIANTS, allGaps } from "./invariants.mjs";
import { measureFailover } from "./measure.mjs";
import { forgetRelapses, untilRest } from "./rest.mjs";
import { logSince } from "./site.mjs";

/**
 * @typedef {import("./site.mjs").ChaosSite} ChaosSite
 * @typedef {import("./site.mjs").Balancer} Balancer
 * @typedef {import("../cluster/kuma-client.mjs").Monitor} Monitor
 * @typedef {{name: string, violations: string[]}} Finding
 * @typedef {Awaited<ReturnType<typeof beginStory>>} Story
 */

/** Longer than the load balancer waits for a node before it asks another one. */
const REQUEST_LIMIT_MS = 75000;
const ALMOST_MS = 500;
/** By which a check may be late when a node dies. */
const LATENESS_S = 10;

/** Lines of a worker that died, or of Lua that raised. What nginx says of peers that are away is no error of its own. */
export const ENGINE_ERROR = /\[(alert|emerg)\]|stack traceback|runtime error|the round failed|attempt to /;

/** @param {ChaosSite} site @param {{latenessS?: number, evensOut?: boolean}} [allowed] */
export async function beginStory(site, { latenessS = LATENESS_S, evensOut = false } = {}) {
  const { cluster } = site;
  await forgetRelapses(site);
  const history = await beginHistory(cluster.sql);
  const notifiedBefore = site.receiver.notifications.length;
  /** @type {import("./invariants.mjs").Terms} */
  const terms = { intervalS: INTERVAL_S, latenessS, outages: [], evensOut };
  /** @type {Finding[]} */
  const findings = [];
  /** @type {Record<string, number>} */
  const figures = {};
  /** @type {ReturnType<typeof startLoad>[]} */
  const loads = [];
  const logs = [{ file: site.lb1.log, from: statSync(site.lb1.log).size }];
  const workers = site.lb1.workers().length;

  const figure = (/** @type {string} */ name, /** @type {number} */ value) => {
    figures[name] = Math.round(value * 1000) / 1000;
  };
  /** @param {string} name of what must hold @param {boolean} ok @param {string} [otherwise] */
  const check = (name, ok, otherwise = "it does not") => {
    findings.push({ name, violations: ok ? [] : [otherwise] });
  };
  const stopLoads = async () => {
    const results = await Promise.all(loads.splice(0).map((load) => load.stop()));
    if (results.length === 0) return;
    figure(
      "requests",
      results.reduce((sum, { total }) => sum + total, figures.requests ?? 0),
    );
    const slowest = Math.max(...results.map(({ slowestMs }) => slowestMs)) / 1000;
    figure("slowest_request_s", Math.max(slowest, figures.slowest_request_s ?? 0));
    findings.push({ name: "no request fails", violations: [...new Set(results.flatMap(({ failures }) => failures))] });
  };
  return {
    ...{ site, terms, figure, check, history, stopLoads },
    /** The database's clock, seconds since 1970. */
    now: () => databaseTime(cluster.sql),
    /** Notes a violation. @param {string} text */
    fail: (text) => check("the scenario can be played", false, text),
    /**
     * Requests to a load balancer until the story ends or they are stopped; none may fail.
     * @param {Balancer} [lb]
     */
    requests: (lb = site.lb1) => {
      const load = startLoad(`${lb.url}/dashboard`, {
        ...{ clients: 6, pauseMs: 100, timeoutMs: REQUEST_LIMIT_MS, from: clientAddress },
      });
      loads.push(load);
      return load;
    },
    /** The log of another load balancer counts as well. @param {Balancer} lb */
    watchLog: (lb) => void logs.push({ file: lb.log, from: 0 }),
    /** Waits for the worst moment to lose the owner of these: just before the first is due. @param {Monitor[]} list */
    untilAlmostDue: async (list) => {
      const last = list.map(({ path }) => site.receiver.hitsOf(path).at(-1)?.at ?? 0);
      const due = Math.min(...last) + INTERVAL_S * 1000 - ALMOST_MS;
      await sleep(due > Date.now() ? due - Date.now() : due + INTERVAL_S * 1000 - Date.now());
    },
    /** @param {string} nodeId @param {number} [timeoutMs] */
    untilMovedFrom: (nodeId, timeoutMs = 60000) => {
      const gone = async () => ![...(await cluster.owners()).values()].includes(nodeId);
      return waitFor(gone, { what: `the move of the monitors of ${nodeId}`, timeoutMs, everyMs: 100 });
    },
    /** Waits until each of these was checked by a node other than this one. @param {Monitor[]} list @param {string} nodeId */
    untilBeatingWithout: async (list, nodeId) => {
      const others = [...cluster.nodeOfPid().values()].filter((id) => id !== nodeId);
      await site.untilChecked(list, Date.now(), others);
    },
    /** Waits until running nodes are online, run what is theirs, and each monitor was checked by its owner. */
    rest: () => untilRest(site),
    /** @param {string} nodeId that was lost @param {number} at */
    noteFailover: async (nodeId, at) => {
      const found = measureFailover(await history.read(), { nodeId, at, intervalS: INTERVAL_S });
      check(`the monitors of ${nodeId} move`, found.moved > 0, "none has moved");
      if (found.detected !== undefined) figure("detected_s", found.detected);
      if (found.ownersChanged !== undefined) figure("owners_changed_s", found.ownersChanged);
      figure("late_at_most_s", Math.max(0, ...found.lateness));
      figure("missed_checks", found.missed);
    },
    /** Judges what has happened; writes it beside the logs. */
    end: async () => {
      await stopLoads();
      const read = await history.read();
      for (const { name, find } of INVARIANTS) findings.push({ name, violations: find(read, terms) });
      const alerts = site.receiver.notifications.slice(notifiedBefore);
      findings.push({ name: "nobody is alerted", violations: alerts.map((alert) => JSON.stringify(alert)) });
      const lines = logs.flatMap(({ file, from }) => logSince(file, from).split("\n"));
      findings.push({ name: "no Lua error is logged", violations: lines.filter((line) => ENGINE_ERROR.test(line)) });
      const { length } = site.lb1.workers();
      check("no old worker is left", length === workers, `${length} workers instead of ${workers}`);
      figure("moves", read.moves.length);
      figure("longest_gap_s", Math.max(0, ...allGaps(read, terms).map(({ gap }) => gap)));
      const text = JSON.stringify({ findings, figures, terms, history: read }, (_, value) =>
        value instanceof Map ? Object.fromEntries(value) : value,
      );
      writeFileSync(join(site.data, "history.json"), text);
      return { findings, figures };
    },
  };
}

// A soak: the cluster is disturbed by chance for as long as it is told, and then judged.
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { INTERVAL_S } from "../../cluster/kuma-client.mjs";
import { beginHistory } from "../audit.mjs";
import { untilRest } from "../rest.mjs";
import { logSince } from "../site.mjs";
import { ENGINE_ERROR } from "../story.mjs";
import { actOnce } from "./actions.mjs";
import { startEdits, wrongDrafts } from "./edits.mjs";
import { openJournal } from "./journal.mjs";
import { judgeDictionaries, judgeGrowth, judgeHistory } from "./judge.mjs";
import { chance } from "./random.mjs";
import { startSamples } from "./samples.mjs";
import { startSoakSite } from "./site.mjs";
import { openBrowser, startRequests } from "./traffic.mjs";

/**
 * @typedef {import("../story.mjs").Finding} Finding
 *
 * @typedef {object} SoakResult
 * @property {number} seed
 * @property {number} minutes
 * @property {boolean} ok
 * @property {Record<string, number>} actions how often each was done
 * @property {Record<string, number>} figures
 * @property {Finding[]} findings
 * @property {import("./judge.mjs").Growth[]} growth
 * @property {string} [files] the folder with logs, tables and history, when something did not hold
 */

const LONGEST_PAUSE_S = 8;
/** A node that has fallen again and again is held back for five minutes before it is online. */
const REST_MS = 360000;
const BLOCKS = 60;

/**
 * @param {{minutes: number, seed: number, say: (line: string) => void, keep?: boolean,
 *   signal?: AbortSignal}} options `keep` the files in any case; `signal` ends it before its time, and judges what there is
 * @returns {Promise<SoakResult>}
 */
export async function runSoak({ minutes, seed, say, keep = false, signal }) {
  const site = await startSoakSite();
  let ok = false;
  try {
    const result = await soak(site, { minutes, seed, say, signal });
    ok = result.ok;
    return ok && !keep ? result : { ...result, files: site.data };
  } finally {
    await site.close(keep || !ok);
  }
}

/**
 * @param {import("./site.mjs").SoakSite} site @param {{minutes: number, seed: number, say: (line: string) => void, signal?: AbortSignal}} options
 * @returns {Promise<SoakResult>}
 */
async function soak(site, { minutes, seed, say, signal }) {
  const journal = openJournal(say);
  const history = await beginHistory(site.cluster.sql);
  const logs = site.balancers.map(({ log }) => ({ log, from: statSync(log).size }));
  const notified = site.receiver.notifications.length;
  const samples = startSamples(site);
  const browsers = site.balancers.flatMap(({ url }, index) => [openBrowser(url, index), openBrowser(url, index + 2)]);
  const editors = [browsers[0], browsers[2]];
  await Promise.all(browsers.map(({ ready }) => ready));
  const requests = startRequests(site, journal);
  // Each has its own sequence: the edits do not change what is done when.
  const edits = startEdits(site, journal, chance(seed + 1), editors);
  const { failures, halfway } = await disturb(site, journal, { minutes, seed, say, signal });
  await edits.stop();
  say("nothing is done any more: the cluster comes to rest");
  /** @type {Finding[]} */
  const atRest = [];
  await endings(site, edits, browsers).then(
    (found) => atRest.push(...found),
    (error) => atRest.push({ name: "the cluster comes to rest", violations: [String(error?.message ?? error)] }),
  );
  const served = await requests.stop();
  for (const browser of browsers) browser.close();
  await samples.stop();
  const read = await history.read();
  const untouched = site.monitors.map(({ id }) => id);
  const findings = [
    ...judgeHistory(read, journal, { intervalS: INTERVAL_S, untouched }),
    { name: "every action can be done", violations: failures },
    { name: "no request fails but at a load balancer that is away", violations: served.failures },
    { name: "no edit fails but when a connection may be cut", violations: edits.failures },
    ...atRest,
    { name: "nobody is alerted of an untouched monitor", violations: alerts(site, notified) },
    { name: "no Lua error is logged", violations: logs.flatMap(engineErrors) },
    judgeDictionaries(samples.series),
  ];
  const seconds = minutes * 60;
  const growth = judgeGrowth(samples.series, {
    ...{ from: halfway, warmUpS: Math.min(300, seconds / 5), blockS: Math.max(5, seconds / 2 / BLOCKS) },
  });
  for (const { series, verdict, low = 0 } of growth) {
    if (verdict === "grows")
      findings.push({ name: `${series} is flat`, violations: [`it grows by ${low} an hour at least`] });
  }
  writeFileSync(
    join(site.data, "soak.json"),
    JSON.stringify({ deeds: journal.deeds, series: samples.series, read }, maps),
  );
  return {
    ...{ seed, minutes, ok: findings.every(({ violations }) => violations.length === 0) },
    actions: counted(journal.deeds.map(({ what }) => what.replace(/\d+/g, "N"))),
    figures: {
      ...{ requests: served.total, requests_excused: served.excused, slowest_request_ms: Math.round(served.slowestMs) },
      ...{ edits: edits.counts.acknowledged, edits_excused: edits.counts.excused },
      ...{
        beats: read.beats.length,
        moves: read.moves.length,
        epochs: read.leaseChanges.filter(({ holder }) => holder).length,
      },
    },
    ...{ findings, growth },
  };
}

/**
 * Does one thing after the other for so long.
 * @param {import("./site.mjs").SoakSite} site @param {import("./journal.mjs").Journal} journal
 * @param {{minutes: number, seed: number, say: (line: string) => void, signal?: AbortSignal}} options
 */
async function disturb(site, journal, { minutes, seed, say, signal }) {
  const scene = { site, journal, chance: chance(seed) };
  const lengthMs = minutes * 60000;
  /** @type {string[]} */
  const failures = [];
  let halfway = 0;
  while (journal.age() < lengthMs && signal?.aborted !== true) {
    const isSecondHalf = journal.age() > lengthMs / 2;
    if (isSecondHalf && halfway === 0) {
      say("from now on load balancers and node1 live on: their memory is judged");
      halfway = Date.now() / 1000;
    }
    await actOnce(scene, isSecondHalf).catch((error) => {
      say(`it fails: ${error.message}`);
      failures.push(`${new Date().toISOString()} ${error.message}`);
    });
    await sleep(scene.chance.whole(0, LONGEST_PAUSE_S * 1000));
  }
  // An action may last longer than the second half.
  return { failures, halfway: halfway || Date.now() / 1000 };
}

/**
 * What must be so once nothing is done any more.
 * @param {import("./site.mjs").SoakSite} site @param {ReturnType<typeof startEdits>} edits
 * @param {ReturnType<typeof openBrowser>[]} browsers
 */
async function endings(site, edits, browsers) {
  await site.calm();
  await untilRest(site, REST_MS);
  const [drafts, ...seen] = await Promise.all([
    wrongDrafts(site, edits.drafts),
    ...browsers.map(({ untilBeats }) =>
      untilBeats(site.monitors, (INTERVAL_S + 30) * 1000).then(
        () => [],
        (error) => [error.message],
      ),
    ),
  ]);
  return [
    { name: "what was edited is so", violations: drafts },
    { name: "every browser sees the beats of all nodes", violations: seen.flat() },
  ];
}

/** @param {import("./site.mjs").SoakSite} site @param {number} before */
function alerts({ receiver, monitors }, before) {
  const paths = monitors.map(({ path }) => path);
  return receiver.notifications
    .slice(before)
    .filter(({ monitor }) => paths.includes(monitor))
    .map((alert) => JSON.stringify(alert));
}

/** @param {{log: string, from: number}} place */
function engineErrors({ log, from }) {
  if (!existsSync(log)) return [];
  const lines = logSince(log, from).split("\n");
  // A worker that was killed on purpose.
  return lines.filter((line) => ENGINE_ERROR.test(line) && !/exited on signal 9/.test(line));
}

/** @param {string[]} words */
function counted(words) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** @param {string} _ @param {unknown} value */
const maps = (_, value) => (value instanceof Map ? Object.fromEntries(value) : value);

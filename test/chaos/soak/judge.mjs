// What must hold of the whole history of a soak, and what may not grow.
import { INVARIANTS, allGaps } from "../invariants.mjs";
import { judge, thinned, trend } from "./trend.mjs";

/**
 * @typedef {import("../audit.mjs").History} History
 * @typedef {import("./journal.mjs").Journal} Journal
 * @typedef {import("../story.mjs").Finding} Finding
 * @typedef {import("./trend.mjs").Point} Point
 * @typedef {{series: string, verdict: string, tolerance: number | undefined} & Partial<import("./trend.mjs").Trend>} Growth
 */

/** By so many seconds a check may be late without any excuse: when it moves as planned on a machine that is busy. */
const LATENESS_S = 10;
/** A node is lost, and the leader as well, and the database at the same time. */
const OWNERLESS_S = 45;

/** With other monitors than those that nobody touches: their owners and beats are known. */
const OF_ALL = ["only the owner writes beats", "only the leader writes, epochs grow"];
/** Judged with the journal in hand. */
const OWN = ["no check is late"];

/**
 * @param {History} history @param {Journal} journal @param {{intervalS: number, untouched: number[]}} terms
 * @returns {Finding[]}
 */
export function judgeHistory(history, journal, { intervalS, untouched }) {
  const isUntouched = (/** @type {{monitor_id: number}} */ row) => untouched.includes(row.monitor_id);
  const { moves, beats } = history;
  const own = { ...history, moves: moves.filter(isUntouched), beats: beats.filter(isUntouched) };
  const terms = { intervalS, latenessS: OWNERLESS_S, outages: journal.outages(), evensOut: true };
  const findings = INVARIANTS.filter(({ name }) => !OWN.includes(name)).map(({ name, find }) => ({
    name,
    violations: find(OF_ALL.includes(name) ? history : own, terms),
  }));
  return [
    ...findings,
    { name: "no check is later than what was done excuses", violations: lateChecks(own, terms, journal) },
    { name: "each epoch is one more than the last", violations: skippedEpochs(history) },
  ];
}

/** @param {History} history @param {import("../invariants.mjs").Terms} terms @param {Journal} journal */
function lateChecks(history, terms, journal) {
  return allGaps(history, terms).flatMap(({ monitorId, gap, until }) => {
    const excused = journal.lateness(until - gap, until);
    if (gap <= terms.intervalS + LATENESS_S + excused) return [];
    const when = new Date(until * 1000).toISOString();
    return [`monitor ${monitorId} is not checked for ${gap.toFixed(1)} s until ${when}, ${excused} s are excused`];
  });
}

/** @param {History} history */
function skippedEpochs({ leaseChanges }) {
  return leaseChanges.flatMap(({ epoch, at, holder }, index) => {
    const before = leaseChanges[index - 1];
    if (before === undefined || epoch === before.epoch || epoch === before.epoch + 1) return [];
    return [`${holder} has epoch ${epoch} at ${at}, after ${before.epoch}`];
  });
}

/**
 * What may grow by in an hour, by the end of a series' name: at least so much, or a part of its level. Tables that keep
 * a log grow until they are pruned, after days: see src-ts/store/events.ts.
 * @type {{end: RegExp, least: number, part: number}[]}
 */
const TOLERANCES = [
  { end: /^lb\d memory_mib$/, least: 3, part: 0.05 },
  { end: / worker private_mib$/, least: 2, part: 0.1 },
  { end: / (pss|private)_mib$/, least: 20, part: 0.1 },
  { end: / heap_mib$/, least: 4, part: 0.05 },
  // It grows for as long as code is run that has hardly been run before: after ten minutes by 3 an hour still.
  { end: / code_mib$/, least: 10, part: 0 },
  { end: / fds$/, least: 4, part: 0.05 },
  { end: / timers(_pending|_running)?$/, least: 4, part: 0.05 },
  { end: / lua_mib$/, least: 2, part: 0.1 },
  // The log is a ring: it fills, and then stays as it is.
  { end: /(?<! cluster_log) used_percent$/, least: 1, part: 0 },
  { end: / workers$/, least: 0.1, part: 0 },
  { end: /^(node|cluster_lease|cluster_pin) rows$/, least: 0.1, part: 0 },
];

/** In less a warm-up cannot be told from a leak: what a minute adds would be sixty times as much in an hour. */
const LEAST_STRETCH_S = 600;

/** @param {Map<string, Map<string, Point[]>>} series @param {number} from */
function isTooShort(series, from) {
  const ends = [...series.values()].flatMap((processes) =>
    [...processes.values()].map((points) => points.at(-1)?.at ?? 0),
  );
  return Math.max(...ends) - from < LEAST_STRETCH_S;
}

/**
 * How many monitors a node runs: each of them has timers, a connection and beats in memory.
 * @param {Map<string, Map<string, Point[]>>} series @param {string} name of one of them
 * @returns {Point[]} none for what is not of a node
 */
function loadOf(series, name) {
  const [part, what] = name.split(" ");
  return what === "monitors" ? [] : [...(series.get(`${part} monitors`)?.values() ?? [])].flat();
}

/** Splits points by the load that was last known. @param {Point[]} points @param {Point[]} load both in the order of time */
function atLikeLoad(points, load) {
  /** @type {Map<number, Point[]>} */
  const classes = new Map();
  let next = 0;
  for (const point of points) {
    while (next < load.length && load[next].at <= point.at) next++;
    const value = load[next - 1]?.value ?? 0;
    classes.set(value, [...(classes.get(value) ?? []), point]);
  }
  return [...classes.values()];
}

/**
 * The trend of each series, without the time in which a process warms up; that of a node at like load.
 * @param {Map<string, Map<string, Point[]>>} series @param {{from: number, warmUpS: number, blockS: number}} options `from`:
 *   what was measured before does not count, seconds since 1970
 * @returns {Growth[]}
 */
export function judgeGrowth(series, { from, warmUpS, blockS }) {
  const tooShort = isTooShort(series, from);
  return [...series].sort(byName).map(([name, processes]) => {
    const load = loadOf(series, name);
    const strata = [...processes.values()].flatMap((points) => {
      const begin = Math.max(from, points[0].at + warmUpS);
      const later = points.filter(({ at }) => at >= begin);
      return atLikeLoad(later, load).map((alike) => thinned(alike, blockS));
    });
    const found = trend(strata);
    const rule = TOLERANCES.find(({ end }) => end.test(name));
    if (rule === undefined) return { series: name, verdict: "not judged", tolerance: undefined, ...found };
    const tolerance = Math.max(rule.least, rule.part * (found?.level ?? 0));
    return { series: name, verdict: tooShort ? "too short" : judge(found, tolerance), tolerance, ...found };
  });
}

/**
 * Dictionaries that had to drop keys.
 * @param {Map<string, Map<string, Point[]>>} series
 * @returns {Finding}
 */
export function judgeDictionaries(series) {
  const violations = [...series].flatMap(([name, processes]) => {
    const most = Math.max(...[...processes.values()].flat().map(({ value }) => value));
    return name.endsWith(" evictions") && most > 0 ? [`${name}: ${most}`] : [];
  });
  return { name: "no shared dictionary is ever full", violations };
}

/** @param {[string, unknown]} one @param {[string, unknown]} other */
const byName = ([one], [other]) => (one < other ? -1 : 1);

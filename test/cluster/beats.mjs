import { INTERVAL_S } from "./kuma-client.mjs";

/** Two beats that are closer are one beat made twice. */
const LEAST_GAP_S = 0.75 * INTERVAL_S;

/**
 * @typedef {{at: number, status: number}} Beat `at` in seconds since 1970
 * @typedef {{shortest: number, longest: number, duplicates: number, notUp: number, rows: number}} Rhythm gaps in seconds
 */

/**
 * The stored beats of every monitor, oldest first.
 * @param {Pick<import("./cluster.mjs").TestCluster, "sql">} cluster
 * @returns {Promise<Map<number, Beat[]>>} by the monitor's id
 */
export async function storedBeats(cluster) {
  /** @type {Map<number, Beat[]>} */
  const beats = new Map();
  for (const { monitor_id, time, status } of await cluster.sql("SELECT * FROM heartbeat ORDER BY id")) {
    const list = beats.get(monitor_id) ?? [];
    list.push({ at: time.getTime() / 1000, status });
    beats.set(monitor_id, list);
  }
  return beats;
}

/**
 * What the beats of all monitors come to.
 * @param {Map<number, Beat[]>} beats
 * @returns {Rhythm}
 */
export function rhythm(beats) {
  const lists = [...beats.values()];
  const all = lists.flatMap(gaps);
  return {
    shortest: Math.min(...all),
    longest: Math.max(...all),
    duplicates: all.filter((gap) => gap < LEAST_GAP_S).length,
    notUp: lists.flat().filter((beat) => beat.status !== 1).length,
    rows: lists.flat().length,
  };
}

/**
 * The differences between neighbours, in the unit of `at`.
 * @param {{at: number}[]} list
 */
export function gaps(list) {
  return list.slice(1).map((beat, index) => beat.at - list[index].at);
}

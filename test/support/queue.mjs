// Runs jobs side by side as long as the machine has room: most of them wait for timers more than they compute.
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { MEASURE_MS, spareMeter } from "./spare.mjs";

/**
 * @typedef {object} Job
 * @property {number} seconds that it takes: among those as wide, the longest starts first
 * @property {number} cores that it keeps busy on average: among those that fit, the widest starts first
 * @property {boolean} [quiet] only others of this kind run beside it
 * @property {string} [group] two jobs of one group never run beside each other
 */

/** More jobs than this never run at once, however little each of them computes. */
export const SLOTS = 8;

/** So much more than there is room for by what the jobs say, while the machine is idle in spite of them. */
const OVERBOOKING = 1.5;

/**
 * Runs each job once; the quiet ones come last. Jobs say what they took on one machine: a faster one has room for more of
 * them, which shows in that it is not busy. Not for the quiet ones, whose subject is time.
 * @template {Job} T
 * @param {T[]} jobs
 * @param {(job: T, slot: number) => Promise<void>} run `slot` counts from 0, and no other job that runs meanwhile has it
 * @param {{cores?: number, spare?: import("./spare.mjs").Spare}} [machine]
 * @throws what `run` throws
 */
export async function runQueue(jobs, run, { cores = availableParallelism(), spare = spareMeter() } = {}) {
  const waiting = [...jobs].sort(inOrder);
  const free = Array.from({ length: SLOTS }, (_, slot) => slot);
  /** @type {Map<T, Promise<void>>} */
  const running = new Map();
  while (waiting.length + running.size > 0) {
    const index = nextOf(waiting, [...running.keys()], cores, spare);
    const slot = index === -1 ? undefined : free.shift();
    if (slot === undefined) {
      await Promise.race([...running.values(), sleep(MEASURE_MS, undefined, { ref: false })]);
      continue;
    }
    spare.begin();
    const [job] = /** @type {[T]} */ (waiting.splice(index, 1));
    const ended = run(job, slot).finally(() => {
      running.delete(job);
      free.unshift(slot);
    });
    running.set(job, ended);
  }
}

/**
 * @param {Job[]} waiting @param {Job[]} running @param {number} cores @param {import("./spare.mjs").Spare} spare
 * @returns {number} -1 for none
 */
function nextOf(waiting, running, cores, spare) {
  const index = waiting.findIndex((job) => fits(job, running, cores));
  if (index !== -1 || !spare.hasRoom()) return index;
  return waiting.findIndex((job) => job.quiet !== true && fits(job, running, cores * OVERBOOKING));
}

/** Small ones fill the gaps that wide ones leave, which would otherwise never find room. @param {Job} one @param {Job} other */
function inOrder(one, other) {
  return Number(one.quiet ?? 0) - Number(other.quiet ?? 0) || other.cores - one.cores || other.seconds - one.seconds;
}

/** @param {Job} job @param {Job[]} running @param {number} cores */
function fits(job, running, cores) {
  if (running.length === 0) return true;
  if (running.some(({ quiet = false }) => quiet !== (job.quiet ?? false))) return false;
  if (job.group !== undefined && running.some(({ group }) => group === job.group)) return false;
  return running.reduce((sum, other) => sum + other.cores, job.cores) <= cores;
}

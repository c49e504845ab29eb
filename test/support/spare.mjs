// Whether the machine has processor time left, whatever runs on it.
import { cpus } from "node:os";

/** So long is measured: the start of a server keeps a core busy for a few seconds, and tells little of the rest. */
export const MEASURE_MS = 8000;

/** The share of all cores' time below which there is room for one more job. */
const IDLE_BELOW = 0.7;

/**
 * @typedef {object} Spare
 * @property {() => void} begin measures anew: something has started
 * @property {() => boolean} hasRoom false as well while less than MEASURE_MS is measured
 */

/** @param {() => {at: number, busy: number, all: number}} [read] milliseconds, those of all cores added up @returns {Spare} */
export function spareMeter(read = readTimes) {
  let since = read();
  return {
    begin() {
      since = read();
    },
    hasRoom() {
      const now = read();
      if (now.at - since.at < MEASURE_MS) return false;
      const share = (now.busy - since.busy) / (now.all - since.all);
      since = now;
      return share < IDLE_BELOW;
    },
  };
}

function readTimes() {
  const times = cpus().map(({ times }) => times);
  const idle = times.reduce((sum, one) => sum + one.idle, 0);
  const all = times.reduce((sum, one) => sum + Object.values(one).reduce((part, value) => part + value, 0), 0);
  return { at: Date.now(), busy: all - idle, all };
}

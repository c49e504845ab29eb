// What a browser is shown, with the time of each event.
import { waitFor } from "../../../local/processes.mjs";

/**
 * @typedef {object} Shown
 * @property {string} event
 * @property {any[]} args
 * @property {number} at milliseconds since 1970
 */

/** Notes every event that a socket gets from now on. @param {import("socket.io-client").Socket} socket */
export function watch(socket) {
  /** @type {Shown[]} */
  const shown = [];
  const note = (/** @type {string} */ event, /** @type {any[]} */ ...args) => {
    shown.push({ event, args, at: Date.now() });
  };
  socket.onAny(note);
  return {
    shown,
    /** @param {string} event */
    of: (event) => shown.filter((entry) => entry.event === event),
    /**
     * Waits for an event that was shown since `since`.
     * @param {string} event @param {(...args: any[]) => boolean} [matches] @param {number} [since]
     * @returns {Promise<Shown>}
     */
    async until(event, matches = () => true, since = 0) {
      const find = () => shown.find((entry) => entry.event === event && entry.at >= since && matches(...entry.args));
      await waitFor(() => find() !== undefined, { what: `the event ${event}`, timeoutMs: 8000, everyMs: 10 });
      return /** @type {Shown} */ (find());
    },
    stop: () => socket.offAny(note),
  };
}

/** The value below which `share` of the numbers lie. @param {number[]} numbers @param {number} share */
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

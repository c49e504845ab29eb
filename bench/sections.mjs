// The parts of `make bench`, in the order in which they run.
import { compareClusters } from "./cluster.mjs";
import { measureEngine } from "./engine.mjs";
import { lookIntoPhases } from "./phases.mjs";
import { comparePeers, compareSizes } from "./routing.mjs";
import { holdSockets } from "./sockets.mjs";

/**
 * @typedef {object} Settings
 * @property {number} rounds samples of each figure
 * @property {number} seconds of load in a round
 * @property {number} monitors of the section "cluster"
 * @property {(line: string) => void} say hears of each step
 *
 * @typedef {object} Section
 * @property {string} name
 * @property {number} rounds by default
 * @property {number} limitMin minutes after which it is cut and counts as failed
 * @property {(settings: Settings) => Promise<object>} run
 */

/** @type {Section[]} */
export const SECTIONS = [
  { name: "routing", rounds: 5, limitMin: 40, run: comparePeers },
  { name: "flat", rounds: 15, limitMin: 8, run: compareSizes },
  { name: "sockets", rounds: 5, limitMin: 12, run: holdSockets },
  { name: "phases", rounds: 7, limitMin: 10, run: lookIntoPhases },
  { name: "engine", rounds: 5, limitMin: 20, run: ({ rounds, say }) => measureEngine({ rounds, say }) },
  { name: "cluster", rounds: 5, limitMin: 30, run: compareClusters },
];

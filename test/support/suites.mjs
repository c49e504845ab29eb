import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineProblem } from "../compose/engine.mjs";

const tests = fileURLToPath(new URL("..", import.meta.url));

/**
 * What a suite or one of its files costs, measured on an idle machine of two cores.
 * @typedef {object} Cost
 * @property {number} seconds from start to end; the widest start first, then the longest
 * @property {number} cores that it keeps busy on average: most tests wait for timers
 * @property {boolean} [quiet] it runs when the crowd is gone, beside no other but its like
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {number} limitMs after which one of its commands is cut and counts as failed
 * @property {Cost} cost of a command that `costs` does not name
 * @property {Record<string, Partial<Cost>>} [costs] by the name of a file without its ending
 * @property {boolean} [needsKuma]
 * @property {boolean} [oneByOne] its commands run beside others, but not beside each other
 * @property {boolean} [isInContainers] it needs Docker and nothing of this machine
 * @property {() => Promise<string | undefined>} [problem] why it cannot run here
 * @property {() => string[][]} commands each one prints its own counts, or counts as one by its exit code
 * @property {"exit code" | "busted" | "node:test"} counts how the numbers of a command are read
 */

/** The forms that take minutes each. */
const long = process.env.CLUSTER_ACCEPTANCE === "1";

const minutes = (/** @type {number} */ count) => count * 60000;

/** @type {Suite[]} */
export const SUITES = [
  {
    ...{ name: "generated", limitMs: minutes(3), counts: "exit code", cost: { seconds: 2, cores: 1 } },
    commands: () => [["npm", "run", "--silent", "check:generated"]],
  },
  {
    // It takes all cores for as long as it runs.
    ...{ name: "lint", limitMs: minutes(6), counts: "exit code", cost: { seconds: 60, cores: 2, quiet: true } },
    commands: () => [["npm", "run", "--silent", "lint"]],
  },
  {
    ...{ name: "unit", limitMs: minutes(6), counts: "busted", cost: { seconds: 30, cores: 0.5 } },
    commands: () => [[process.execPath, join(tests, "lua", "run.mjs")]],
  },
  nodeSuite({ name: "repo", limitMs: minutes(4), cost: { seconds: 2, cores: 0.5 } }),
  nodeSuite({ name: "kubernetes", limitMs: minutes(8), cost: { seconds: 15, cores: 1 } }),
  nodeSuite({
    ...{ name: "agent", limitMs: minutes(long ? 50 : 8), needsKuma: true, cost: { seconds: 40, cores: 0.4 } },
    costs: {
      ...{ watch: { seconds: 175 }, moves: { seconds: 120 }, jobs: { seconds: 80 } },
      ...{ boot: { seconds: 60 }, soak: { seconds: 60 }, push: { seconds: 60 }, outage: { seconds: 55 } },
      ownership: { cores: 0.6 },
      // Their subject is how soon something is seen.
      ...{ edits: { cores: 0.8 }, live: { seconds: 70, cores: 0.8 } },
    },
  }),
  nodeSuite({
    ...{ name: "dashboard", limitMs: minutes(8), cost: { seconds: 55, cores: 0.4 } },
    // Chromium draws with the processor, and does so in processes of its own.
    costs: { actions: { seconds: 80, cores: 1 }, live: { cores: 1 }, quality: { cores: 1 }, regions: { cores: 1 } },
  }),
  nodeSuite({
    ...{ name: "probes", limitMs: minutes(8), cost: { seconds: 40, cores: 0.2 } },
    costs: { probe: { seconds: 115 } },
  }),
  nodeSuite({
    ...{ name: "system", limitMs: minutes(8), needsKuma: true, cost: { seconds: 30, cores: 0.2 } },
    costs: {
      ...{ faults: { seconds: 95 }, watch: { seconds: 90 }, operate: { seconds: 80 }, follower: { seconds: 75 } },
      ...{ metrics: { seconds: 75 }, retry: { seconds: 70 }, moves: { seconds: 60 }, failover: { seconds: 50 } },
      ...{ "make-up": { seconds: 50 }, reload: { cores: 0.75 } },
    },
  }),
  nodeSuite({
    ...{ name: "cluster", limitMs: minutes(long ? 40 : 10), needsKuma: true, cost: { seconds: 70, cores: 0.4 } },
    // How many beats are late while everything is well, or dies, is their subject.
    costs: {
      ...{ browser: { cores: 0.8 }, regions: { seconds: 100 }, operate: { seconds: 90 } },
      failover: { seconds: 220, cores: 0.65, quiet: true },
      interruptions: { seconds: 130, cores: 0.65, quiet: true },
    },
  }),
  nodeSuite({
    ...{ name: "upgrade", limitMs: minutes(20), needsKuma: true, cost: { seconds: 120, cores: 0.5 } },
    // The import compiles the driver of SQLite where Uptime Kuma has none.
    costs: {
      rolling: { seconds: 420, cores: 0.6 },
      import: { seconds: 150, cores: 1 },
      "schema-version": { seconds: 20 },
    },
  }),
  nodeSuite({
    ...{ name: "chaos", limitMs: minutes(8), needsKuma: true, cost: { seconds: 130, cores: 0.65, quiet: true } },
  }),
  nodeSuite({
    ...{ name: "compose", limitMs: minutes(15), cost: { seconds: 180, cores: 1 } },
    ...{ oneByOne: true, isInContainers: true, problem: engineProblem },
  }),
];

/**
 * One process for each test file, so that a file that crashes or hangs takes no other one with it.
 * @param {Omit<Suite, "counts" | "commands">} suite
 * @returns {Suite}
 */
function nodeSuite(suite) {
  const command = [process.execPath, "--test", "--test-reporter=spec"];
  return { ...suite, counts: "node:test", commands: () => testFiles(suite.name).map((file) => [...command, file]) };
}

/** @param {string} name */
function testFiles(name) {
  const folder = join(tests, name);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((file) => file.endsWith(".test.mjs"))
    .sort()
    .map((file) => join(folder, file));
}

/**
 * @param {Suite} suite @param {string[]} command one of its commands
 * @returns {Cost}
 */
export function costOf({ cost, costs = {} }, command) {
  return { ...cost, ...costs[basename(command.at(-1) ?? "", ".test.mjs")] };
}

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineProblem } from "../compose/engine.mjs";

const tests = fileURLToPath(new URL("..", import.meta.url));

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {number} stage stages run one after the other
 * @property {string} lane lanes of one stage run side by side
 * @property {number} limitMs after which the suite is cut and counts as failed
 * @property {boolean} [needsKuma]
 * @property {boolean} [isInContainers] it needs Docker and nothing of this machine, and runs only when it is named
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
    // Rebuilds lua/, agent/dist/ and nginx/html/, which all others read: it runs alone.
    ...{ name: "generated", stage: 1, lane: "checks", limitMs: minutes(3), counts: "exit code" },
    commands: () => [["npm", "run", "--silent", "check:generated"]],
  },
  {
    ...{ name: "lint", stage: 2, lane: "light", limitMs: minutes(6), counts: "exit code" },
    commands: () => [["npm", "run", "--silent", "lint"]],
  },
  {
    ...{ name: "unit", stage: 2, lane: "light", limitMs: minutes(6), counts: "busted" },
    commands: () => [[process.execPath, join(tests, "lua", "run.mjs")]],
  },
  nodeSuite({ name: "repo", stage: 2, lane: "light", limitMs: minutes(4) }),
  nodeSuite({ name: "kubernetes", stage: 2, lane: "light", limitMs: minutes(4) }),
  nodeSuite({ name: "agent", stage: 2, lane: "heavy", limitMs: minutes(long ? 50 : 20), needsKuma: true }),
  nodeSuite({ name: "dashboard", stage: 2, lane: "heavy", limitMs: minutes(10) }),
  nodeSuite({ name: "probes", stage: 2, lane: "heavy", limitMs: minutes(8) }),
  nodeSuite({ name: "system", stage: 2, lane: "light", limitMs: minutes(25), needsKuma: true }),
  nodeSuite({ name: "cluster", stage: 3, lane: "heavy", limitMs: minutes(long ? 40 : 20), needsKuma: true }),
  nodeSuite({ name: "upgrade", stage: 3, lane: "heavy", limitMs: minutes(30), needsKuma: true }),
  nodeSuite({ name: "chaos", stage: 3, lane: "heavy", limitMs: minutes(12), needsKuma: true }),
  {
    ...nodeSuite({ name: "compose", stage: 4, lane: "heavy", limitMs: minutes(45) }),
    ...{ isInContainers: true, problem: engineProblem },
  },
];

/**
 * One process for each test file, so that a file that crashes or hangs takes no other one with it.
 * @param {Pick<Suite, "name" | "stage" | "lane" | "limitMs" | "needsKuma">} suite
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

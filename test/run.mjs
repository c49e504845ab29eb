// What `make test` calls. Arguments name suites (see SUITES); without any, all of them run.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { ensureKuma } from "../local/kuma.mjs";
import { CLUSTER_PACKAGES, TEST_PACKAGES, checkHost, ensurePackages } from "../local/host.mjs";
import { portRange } from "../local/ports.mjs";
import { ensureBuild, ensureDependencies } from "../local/workspace.mjs";
import { SLOTS, runQueue } from "./support/queue.mjs";
import { shareStarts } from "./support/share-starts.mjs";
import { printReport } from "./support/report.mjs";
import { runCommand, stopAll, titleOf } from "./support/run-command.mjs";
import { SUITES, costOf } from "./support/suites.mjs";

/**
 * @typedef {import("./support/suites.mjs").Suite} Suite
 * @typedef {import("./support/queue.mjs").Job & {suite: Suite, command: string[]}} Job
 * @typedef {import("./support/report.mjs").Result} Result
 */

const started = Date.now();
const temporary = mkdtempSync(join(tmpdir(), "kt-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

let isEnding = false;

/** @param {string} line */
function say(line) {
  console.log(`[${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s] ${line}`);
}

/** @param {string[]} names */
function chosenSuites(names) {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length === 0) return SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
  throw new Error(`no such suite: ${unknown.join(", ")} (there are ${SUITES.map(({ name }) => name).join(", ")})`);
}

/** @param {Suite[]} suites @returns {Promise<NodeJS.ProcessEnv>} */
async function prepare(suites) {
  if (suites.every(({ isInContainers }) => isInContainers)) {
    await ensureDependencies(say);
    return process.env;
  }
  checkHost();
  await ensurePackages([...CLUSTER_PACKAGES, ...TEST_PACKAGES], say);
  await ensureDependencies(say);
  await ensureBuild(say);
  const env = { ...process.env, ...(await shareStarts(temporary)) };
  return suites.some((suite) => suite.needsKuma) ? { ...env, KUMA_DIR: await ensureKuma({ say }) } : env;
}

/** @param {Suite} suite @returns {Promise<Result>} of a suite that has not run yet */
async function resultOf(suite) {
  const skipped = await suite.problem?.();
  const commands = skipped === undefined ? suite.commands() : [];
  const result = { suite, commands, passed: 0, failed: 0, seconds: 0, problems: /** @type {string[]} */ ([]), skipped };
  if (skipped !== undefined || commands.length > 0) return result;
  return { ...result, failed: 1, problems: ["it has no tests"] };
}

/** @param {Result[]} results @returns {Job[]} */
function jobsOf(results) {
  return results.flatMap(({ suite, commands }) => {
    const group = suite.oneByOne ? { group: suite.name } : {};
    return commands.map((command) => ({ suite, command, ...costOf(suite, command), ...group }));
  });
}

/** @param {Result[]} results @param {NodeJS.ProcessEnv} env */
async function runAll(results, env) {
  await runQueue(jobsOf(results), async ({ suite, command }, slot) => {
    if (isEnding) return;
    say(`${titleOf(suite, command)} starts`);
    const ports = portRange(slot, SLOTS);
    const { title, lines, ...outcome } = await runCommand(suite, command, { ...env, FREE_PORTS: ports });
    for (const line of lines) console.log(`${suite.name.padEnd(9)} | ${line}`);
    say(`${title}: ${outcome.passed} passed, ${outcome.failed} failed in ${outcome.seconds} s`);
    const result = results.find((candidate) => candidate.suite === suite);
    if (result === undefined) return;
    for (const key of /** @type {const} */ (["passed", "failed", "seconds"])) result[key] += outcome[key];
    result.problems.push(...outcome.problems);
  });
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, async () => {
    console.error(`error: ended by ${signal}`);
    isEnding = true;
    await stopAll();
    process.exit(1);
  });
}

try {
  const results = await Promise.all(chosenSuites(process.argv.slice(2)).map(resultOf));
  const env = await prepare(results.map(({ suite }) => suite));
  await runAll(results, env);
  printReport(results, { seconds: (Date.now() - started) / 1000, cores: availableParallelism() });
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  console.log("\n0 passed, 1 failed");
  process.exitCode = 1;
}

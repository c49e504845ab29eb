// What `make test` calls. Arguments name suites (see SUITES); without any, all of them run.
import { ensureKuma } from "../local/kuma.mjs";
import { CLUSTER_PACKAGES, TEST_PACKAGES, checkHost, ensurePackages } from "../local/host.mjs";
import { ensureBuild, ensureDependencies } from "../local/workspace.mjs";
import { SUITES } from "./support/suites.mjs";
import { runSuite } from "./support/run-suite.mjs";

/** @typedef {import("./support/suites.mjs").Suite} Suite */
/** @typedef {import("./support/run-suite.mjs").Outcome} Outcome */

const started = Date.now();
/** @type {string[]} */
const skipped = [];

/** @param {string} line */
function say(line) {
  console.log(`[${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s] ${line}`);
}

/** @param {string[]} names */
function chosenSuites(names) {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
  const isChosen = (/** @type {Suite} */ { name, isInContainers = false }) =>
    names.length === 0 ? !isInContainers : names.includes(name);
  if (unknown.length === 0) return SUITES.filter(isChosen);
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
  if (!suites.some((suite) => suite.needsKuma)) return process.env;
  return { ...process.env, KUMA_DIR: await ensureKuma({ say }) };
}

/**
 * Stages follow one another; within a stage the lanes run side by side, and each lane its suites one by one.
 * @param {Suite[]} suites @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome[]>}
 */
async function runAll(suites, env) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const stage of new Set(suites.map((suite) => suite.stage))) {
    const members = suites.filter((suite) => suite.stage === stage);
    const lanes = [...new Set(members.map((suite) => suite.lane))].map(async (lane) => {
      for (const suite of members.filter((member) => member.lane === lane)) {
        const problem = await suite.problem?.();
        if (problem !== undefined) {
          skipped.push(`${suite.name.padEnd(10)} SKIPPED, not one of its tests has run: ${problem}`);
          say(String(skipped.at(-1)));
          continue;
        }
        say(`suite ${suite.name} starts`);
        const outcome = await runSuite(suite, env);
        say(`suite ${suite.name}: ${outcome.passed} passed, ${outcome.failed} failed in ${outcome.seconds} s`);
        outcomes.push(outcome);
      }
    });
    await Promise.all(lanes);
  }
  return outcomes;
}

/** @param {Outcome[]} outcomes */
function report(outcomes) {
  console.log();
  for (const { name, passed, failed, seconds, problems } of outcomes) {
    console.log(`${name.padEnd(10)} ${passed} passed, ${failed} failed, ${seconds} s`);
    for (const problem of problems) console.log(`           ${problem}`);
  }
  for (const line of skipped) console.log(line);
  const sum = (/** @type {"passed" | "failed"} */ key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
  if (sum("failed") > 0 || sum("passed") === 0) process.exitCode = 1;
}

try {
  const suites = chosenSuites(process.argv.slice(2));
  const env = await prepare(suites);
  report(await runAll(suites, env));
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  console.log("\n0 passed, 1 failed");
  process.exitCode = 1;
}

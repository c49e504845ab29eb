// Runs one command of a suite in a folder of its own, and leaves no process of it behind.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stopAllWith } from "../../local/processes.mjs";
import { bustedCounts, nodeTestCounts, nodeTestFailures, withoutRepetition } from "./counts.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @typedef {import("./suites.mjs").Suite} Suite
 * @typedef {{title: string, passed: number, failed: number, seconds: number, problems: string[], lines: string[]}} Outcome
 *   `lines`: what it printed
 */

/** How to stop each one that runs now. @type {Set<() => Promise<void>>} */
const stops = new Set();

/**
 * @param {Suite} suite
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>} never throws: whatever goes wrong is counted
 */
export async function runCommand(suite, command, env) {
  const started = Date.now();
  /** @type {Outcome} */
  const outcome = { title: titleOf(suite, command), passed: 0, failed: 0, seconds: 0, problems: [], lines: [] };
  // Every process that a test starts inherits this folder's name, by which those left over are found.
  const temporary = mkdtempSync(join(tmpdir(), "kt-"));
  await execute(suite, command, { ...env, TMPDIR: temporary }, outcome);
  const left = await stopAllWith(temporary);
  if (left > 0) outcome.problems.push(`${outcome.title} left processes running, now stopped: ${left}`);
  if (outcome.failed === 0 || readdirSync(temporary).length === 0) rmSync(temporary, { recursive: true, force: true });
  else outcome.problems.push(`the files of ${outcome.title} are in ${temporary}`);
  outcome.seconds = Math.round((Date.now() - started) / 1000);
  return outcome;
}

/** Stops all that runs, and what it has started. */
export async function stopAll() {
  await Promise.all([...stops].map((stop) => stop()));
}

/**
 * @param {Suite} suite @param {string[]} command
 * @returns {string} the file that it runs, else the suite's name
 */
export function titleOf(suite, command) {
  const last = command.at(-1) ?? "";
  return last.startsWith(repository) ? last.slice(repository.length) : suite.name;
}

/** @param {Suite} suite @param {string[]} command @param {NodeJS.ProcessEnv} env @param {Outcome} outcome */
async function execute(suite, command, env, outcome) {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { cwd: repository, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  /** @type {string[]} */
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  }
  const kill = () => child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, "SIGKILL");
  const stop = async () => {
    kill();
    await stopAllWith(String(env.TMPDIR));
  };
  stops.add(stop);
  let cut = false;
  const limit = setTimeout(() => {
    cut = true;
    kill();
  }, suite.limitMs);
  const code = await exitCode(child);
  clearTimeout(limit);
  stops.delete(stop);
  outcome.lines = withoutRepetition(lines);
  if (cut) problem(outcome, `${outcome.title} was cut: it is over its limit of ${suite.limitMs / 1000} s`);
  else count(suite, lines, code, outcome);
}

/** @param {import("node:child_process").ChildProcess} child @returns {Promise<number>} -1 when there is none */
function exitCode(child) {
  return new Promise((resolve) => {
    child.once("error", () => resolve(-1));
    // Not "close": a server that a test left running keeps the pipes open.
    child.once("exit", (code) => setTimeout(resolve, 100, code ?? -1));
  });
}

/** @param {Suite} suite @param {string[]} lines @param {number} code @param {Outcome} outcome */
function count(suite, lines, code, outcome) {
  const { title } = outcome;
  if (suite.counts === "exit code") {
    if (code === 0) outcome.passed += 1;
    else problem(outcome, `${title} ended with exit code ${code}`);
    return;
  }
  const counts = suite.counts === "busted" ? bustedCounts(lines) : nodeTestCounts(lines);
  outcome.passed += counts?.passed ?? 0;
  outcome.failed += counts?.failed ?? 0;
  if (counts === undefined) problem(outcome, `${title} ran no test (exit code ${code})`);
  else if (counts.failed > 0) outcome.problems.push(`${title}: ${counts.failed} failed`, ...nodeTestFailures(lines));
  else if (code !== 0) problem(outcome, `${title} ended with exit code ${code}`);
  else if (counts.passed === 0) problem(outcome, `${title} passed no test`);
}

/** @param {Outcome} outcome @param {string} text counts as one failure */
function problem(outcome, text) {
  outcome.failed += 1;
  outcome.problems.push(text);
}

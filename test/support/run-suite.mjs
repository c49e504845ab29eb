import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stopAllWith } from "../../local/processes.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * @typedef {{name: string, passed: number, failed: number, seconds: number, problems: string[]}} Outcome
 * @typedef {import("./suites.mjs").Suite} Suite
 * @typedef {{passed: number, failed: number} | undefined} Counts
 */

/**
 * Runs the commands of a suite one by one, each line of their output after the suite's name.
 * @param {Suite} suite
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>} never throws: whatever goes wrong is counted
 */
export async function runSuite(suite, env) {
  const started = Date.now();
  /** @type {Outcome} */
  const outcome = { name: suite.name, passed: 0, failed: 0, seconds: 0, problems: [] };
  const commands = suite.commands();
  if (commands.length === 0) problem(outcome, "it has no tests");
  // Every process that a test starts inherits this folder's name, by which those left over are found.
  const temporary = mkdtempSync(join(tmpdir(), "kt-"));
  for (const command of commands) {
    const left = started + suite.limitMs - Date.now();
    await runCommand(suite, command, { ...env, TMPDIR: temporary }, left, outcome);
    await stopLeftovers(temporary, outcome);
  }
  if (outcome.failed === 0 || readdirSync(temporary).length === 0) rmSync(temporary, { recursive: true, force: true });
  else outcome.problems.push(`its files are in ${temporary}`);
  outcome.seconds = Math.round((Date.now() - started) / 1000);
  return outcome;
}

/**
 * @param {Suite} suite @param {string[]} command @param {NodeJS.ProcessEnv} env @param {number} limitMs
 * @param {Outcome} outcome
 */
async function runCommand(suite, command, env, limitMs, outcome) {
  const title = command.at(-1)?.replace(repository, "") ?? suite.name;
  if (limitMs <= 0)
    return problem(outcome, `${title} did not run: the suite is over its limit of ${suite.limitMs / 1000} s`);
  const [program = "", ...args] = command;
  const child = spawn(program, args, { cwd: repository, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  /** @type {string[]} */
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (!isRepetition(line, lines)) console.log(`${suite.name.padEnd(9)} | ${line}`);
    });
  }
  let cut = false;
  const limit = setTimeout(() => {
    cut = true;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, limitMs);
  const code = await exitCode(child);
  clearTimeout(limit);
  if (cut) problem(outcome, `${title} was cut: the suite is over its limit of ${suite.limitMs / 1000} s`);
  else count(suite, title, lines, code, outcome);
}

/**
 * What the spec reporter prints a second time, or prints although it is zero.
 * @param {string} line @param {string[]} lines all lines so far
 */
function isRepetition(line, lines) {
  return /^ℹ (tests|suites|cancelled|skipped|todo) \d+$/.test(line) || lines.includes("✖ failing tests:");
}

/** @param {import("node:child_process").ChildProcess} child @returns {Promise<number>} -1 when there is none */
function exitCode(child) {
  return new Promise((resolve) => {
    child.once("error", () => resolve(-1));
    // Not "close": a server that a test left running keeps the pipes open.
    child.once("exit", (code) => setTimeout(resolve, 100, code ?? -1));
  });
}

/** @param {Suite} suite @param {string} title @param {string[]} lines @param {number} code @param {Outcome} outcome */
function count(suite, title, lines, code, outcome) {
  if (suite.counts === "exit code") {
    if (code === 0) outcome.passed += 1;
    else problem(outcome, `it ended with exit code ${code}`);
    return;
  }
  const counts = suite.counts === "busted" ? bustedCounts(lines) : nodeTestCounts(lines);
  outcome.passed += counts?.passed ?? 0;
  outcome.failed += counts?.failed ?? 0;
  if (counts === undefined) problem(outcome, `${title} ran no test (exit code ${code})`);
  else if (counts.failed > 0) outcome.problems.push(`${title}: ${counts.failed} failed`);
  else if (code !== 0) problem(outcome, `${title} ended with exit code ${code}`);
  else if (counts.passed === 0) problem(outcome, `${title} passed no test`);
}

/** @param {Outcome} outcome @param {string} text counts as one failure */
function problem(outcome, text) {
  outcome.failed += 1;
  outcome.problems.push(text);
}

/** @param {string[]} lines @returns {Counts} */
function bustedCounts(lines) {
  const summary = /(\d+) success(?:es)? \/ (\d+) failures? \/ (\d+) errors? \/ (\d+) pending/;
  const match = lines
    .map((line) => summary.exec(line))
    .filter((found) => found !== null)
    .at(-1);
  if (!match) return undefined;
  return { passed: Number(match[1]), failed: Number(match[2]) + Number(match[3]) };
}

/** @param {string[]} lines @returns {Counts} */
function nodeTestCounts(lines) {
  const number = (/** @type {string} */ word) => {
    const found = lines.filter((line) => new RegExp(`^\\S+ ${word} \\d+$`).test(line)).at(-1);
    return found === undefined ? undefined : Number(found.split(" ")[2]);
  };
  const passed = number("pass");
  // A file without tests, or one that ends before its tests, is reported as one passed test by the file's name.
  const isEmpty = lines.some((line) => /^✔ \/.*\.test\.mjs \(/.test(line));
  if (passed === undefined || isEmpty) return undefined;
  return { passed, failed: (number("fail") ?? 0) + (number("cancelled") ?? 0) };
}

/** @param {string} mark @param {Outcome} outcome */
async function stopLeftovers(mark, outcome) {
  const left = await stopAllWith(mark);
  if (left > 0) outcome.problems.push(`processes left running, now stopped: ${left}`);
}

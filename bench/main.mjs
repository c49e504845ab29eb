// make bench: all sections one after the other, each in a process of its own. What each has found goes into OUT (by default
// bench/results.json) as soon as it is there, beside what the file has of the other sections: a run that was cut goes on
// with ONLY=<the rest>. From the file comes the page, docs/benchmarks.md or OUT with .md.
//
// Variables: ONLY=routing,engine OUT=file.json ROUNDS= SECONDS=1 MONITORS=3000.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { stopAllWith } from "../local/processes.mjs";
import { machineFacts } from "./machine.mjs";
import { renderBenchmarks } from "./page.mjs";
import { SECTIONS } from "./sections.mjs";

const repository = fileURLToPath(new URL("..", import.meta.url));
const RESULTS = join(repository, "bench/results.json");
const PAGE = join(repository, "docs/benchmarks.md");
const SECTION = fileURLToPath(new URL("section.mjs", import.meta.url));
/** What a section may take to end its processes. */
const GRACE_MS = 30000;

/**
 * @typedef {import("./sections.mjs").Section} Section
 * @typedef {Awaited<ReturnType<typeof machineFacts>>} Machine
 * @typedef {{date: string, seconds: number, rounds: number, failed?: string, results?: any}} Outcome
 * @typedef {{machine: Machine, sections: Record<string, Outcome>}} Results
 */

const started = Date.now();
let isInterrupted = false;
const say = (/** @type {string} */ line) => {
  console.error(`[${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s] ${line}`);
};

/** @param {string} name @param {number} fallback */
function numberFrom(name, fallback) {
  const text = process.env[name] ?? "";
  if (text === "") return fallback;
  if (Number.isInteger(Number(text)) && Number(text) > 0) return Number(text);
  throw new Error(`${name}=${text} is not a whole number above 0`);
}

function chosenSections() {
  const names = (process.env.ONLY ?? "").split(",").filter(Boolean);
  const unknown = names.filter((name) => !SECTIONS.some((section) => section.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `no such section: ${unknown.join(", ")} (there are ${SECTIONS.map(({ name }) => name).join(", ")})`,
    );
  }
  return SECTIONS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** What is in the file already, if it is of this machine. @param {string} file @param {Machine} machine @returns {Results} */
function earlierResults(file, machine) {
  if (!existsSync(file)) return { machine, sections: {} };
  /** @type {Results} */
  const earlier = JSON.parse(readFileSync(file, "utf8"));
  if (JSON.stringify(earlier.machine) === JSON.stringify(machine)) return earlier;
  if ((process.env.ONLY ?? "") === "") return { machine, sections: {} };
  throw new Error(`${file} is of another machine or of other versions: remove it, or choose another file by OUT=`);
}

/** @param {Section} section @returns {Promise<Outcome>} never throws */
async function runSection({ name, limitMin, ...section }) {
  const begun = Date.now();
  const rounds = numberFrom("ROUNDS", section.rounds);
  const settings = { rounds, seconds: numberFrom("SECONDS", 1), monitors: numberFrom("MONITORS", 3000) };
  // Every process that the section starts inherits this folder's name, by which those left over are found.
  const temporary = mkdtempSync(join(tmpdir(), "bench-"));
  const file = join(temporary, "results.json");
  const args = [SECTION, name, JSON.stringify(settings), file];
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, TMPDIR: temporary },
    stdio: "inherit",
  });
  const end = () => child.kill("SIGTERM");
  const interrupt = () => {
    isInterrupted = true;
    end();
  };
  process.once("SIGINT", interrupt);
  const limit = setTimeout(end, limitMin * 60000);
  const kill = setTimeout(() => child.kill("SIGKILL"), limitMin * 60000 + GRACE_MS);
  const code = await new Promise((resolve) => child.once("exit", resolve));
  clearTimeout(limit);
  clearTimeout(kill);
  process.removeListener("SIGINT", interrupt);
  const found = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : { failed: `it ended with exit code ${code}` };
  const left = await stopAllWith(temporary);
  if (left > 0) say(`${name}: processes left running, now stopped: ${left}`);
  rmSync(temporary, { recursive: true, force: true });
  const seconds = Math.round((Date.now() - begun) / 1000);
  const outcome = { date: new Date(begun).toISOString().slice(0, 16), seconds, rounds };
  return found.failed === undefined
    ? { ...outcome, results: found }
    : { ...outcome, failed: String(found.failed).split("\n")[0] };
}

/** The results before the page: what was measured must not be lost by how it is shown. @param {Results} results @param {string} file */
async function write(results, file) {
  writeFileSync(file, await format(JSON.stringify(results), { parser: "json", printWidth: 120 }));
  const page = file === RESULTS ? PAGE : file.replace(/(\.json)?$/, ".md");
  try {
    writeFileSync(page, await format(renderBenchmarks(results), { parser: "markdown", printWidth: 120 }));
  } catch (error) {
    say(`cannot write ${page}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

try {
  const file = resolve(process.env.OUT || RESULTS);
  const sections = chosenSections();
  const machine = await machineFacts();
  const results = earlierResults(file, machine);
  for (const section of sections) {
    say(`section ${section.name} starts`);
    const outcome = await runSection(section);
    if (isInterrupted) throw new Error(`interrupted in section ${section.name}, of which nothing is kept`);
    results.sections[section.name] = outcome;
    await write(results, file);
    say(
      `section ${section.name} ${outcome.failed === undefined ? "done" : `FAILED: ${outcome.failed}`} in ${outcome.seconds} s`,
    );
    if (outcome.failed !== undefined) process.exitCode = 1;
  }
  say(`results are in ${file}`);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

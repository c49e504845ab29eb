import { readFileSync } from "node:fs";

/**
 * @typedef {object} Result of a suite
 * @property {import("./suites.mjs").Suite} suite
 * @property {string[][]} commands
 * @property {number} passed
 * @property {number} failed
 * @property {number} seconds that its commands took, one added to the other
 * @property {string[]} problems
 * @property {string | undefined} skipped why it did not run
 */

/**
 * A line for each suite, what was skipped, what it took, and the sum; the exit code says whether all is well.
 * @param {Result[]} results
 * @param {{seconds: number, cores: number}} run
 */
export function printReport(results, { seconds, cores }) {
  console.log();
  for (const { suite, passed, failed, seconds: sum, problems, skipped } of results) {
    if (skipped !== undefined) continue;
    console.log(`${suite.name.padEnd(10)} ${passed} passed, ${failed} failed, ${sum} s`);
    for (const problem of problems) console.log(`           ${problem}`);
  }
  for (const { suite, skipped } of results) {
    if (skipped === undefined) continue;
    console.log(`${suite.name.padEnd(10)} SKIPPED, not one of its tests has run: ${skipped}`);
  }
  console.log(`\n${seconds.toFixed(0)} s, in which ${cores} cores computed for ${childrenSeconds().toFixed(0)} s`);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

/** The CPU time of all processes that ended as descendants of this one. */
function childrenSeconds() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // After the name: state is field 3 of proc(5), cutime and cstime are 16 and 17, in ticks of 10 ms.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

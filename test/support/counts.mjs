// How many tests passed and failed, as the programs that run them say.

/** @typedef {{passed: number, failed: number}} Counts */

/**
 * @param {string[]} lines what busted printed
 * @returns {Counts | undefined} undefined when it does not say
 */
export function bustedCounts(lines) {
  const summary = /(\d+) success(?:es)? \/ (\d+) failures? \/ (\d+) errors? \/ (\d+) pending/;
  const match = lines
    .map((line) => summary.exec(line))
    .filter((found) => found !== null)
    .at(-1);
  if (!match) return undefined;
  return { passed: Number(match[1]), failed: Number(match[2]) + Number(match[3]) };
}

/**
 * @param {string[]} lines what node:test printed as "spec"
 * @returns {Counts | undefined} undefined when it ran no test
 */
export function nodeTestCounts(lines) {
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

/** Of an error, which may list a whole history. */
const MOST_LINES = 8;
const MOST_COLUMNS = 300;

/**
 * @param {string[]} lines what node:test printed as "spec"
 * @returns {string[]} the tests that failed, each with the first lines of its error, where it was raised aside
 */
export function nodeTestFailures(lines) {
  const first = withoutRepetition(lines);
  return first.flatMap((line, index) => {
    if (!/^\s*✖ /.test(line)) return [];
    const rest = first.slice(index + 1);
    const end = rest.findIndex((other) => /^\s*[✔✖ℹ▶﹣] /u.test(other));
    const error = rest.slice(0, end === -1 ? undefined : end).filter((other) => !/^\s*(at |$)/.test(other));
    return [line, ...error.slice(0, MOST_LINES)].map((text) => text.slice(0, MOST_COLUMNS));
  });
}

/**
 * @param {string[]} lines what node:test printed as "spec"
 * @returns {string[]} without what it prints a second time, or prints although it is zero
 */
export function withoutRepetition(lines) {
  const end = lines.indexOf("✖ failing tests:");
  const first = end === -1 ? lines : lines.slice(0, end);
  return first.filter((line) => !/^ℹ (tests|suites|cancelled|skipped|todo) \d+$/.test(line));
}

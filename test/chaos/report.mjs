/** @typedef {import("./stage.mjs").Verdict} Verdict */

const SHOWN = 4;

/**
 * The lines that tell of one verdict.
 * @param {Verdict} verdict
 * @returns {string[]}
 */
export function verdictLines({ scenario, title, ok, seconds, held, checked, figures, violations, files }) {
  const numbers = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  const broken = Object.entries(violations).flatMap(([name, list]) => [
    `    not so: ${name} (${list.length})`,
    ...list.slice(0, SHOWN).map((text) => `      ${text.replaceAll("\n", "\n      ")}`),
  ]);
  return [
    `${ok ? "ok  " : "FAIL"} ${scenario.padEnd(23)} ${String(seconds).padStart(4)} s  ${held} of ${checked} hold  ${title}`,
    `     ${numbers.join(", ")}`,
    ...broken,
    ...(files === undefined ? [] : [`    logs, tables and history.json: ${files}`]),
  ];
}

/**
 * One row for each verdict.
 * @param {Verdict[]} verdicts
 * @returns {string[]}
 */
export function table(verdicts) {
  const heads = ["scenario", "verdict", "s", "held", "requests", "moves", "detected s", "owners s", "late s", "gap s"];
  const keys = ["requests", "moves", "detected_s", "owners_changed_s", "late_at_most_s", "longest_gap_s"];
  const rows = verdicts.map(({ scenario, ok, seconds, held, checked, figures }) => [
    ...[scenario, ok ? "ok" : "FAIL", String(seconds), `${held}/${checked}`],
    ...keys.map((key) => (figures[key] === undefined ? "" : String(figures[key]))),
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column].length)));
  return [heads, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
}

/** @typedef {import("./run.mjs").SoakResult} SoakResult */

const SHOWN = 6;

/**
 * The lines that tell of a soak.
 * @param {SoakResult} result
 * @returns {string[]}
 */
export function soakLines({ seed, minutes, ok, actions, figures, findings, growth, files }) {
  const pairs = (/** @type {Record<string, number>} */ counts) =>
    Object.entries(counts).map(([name, value]) => `${name} ${value}`);
  const broken = findings.filter(({ violations }) => violations.length > 0);
  return [
    `${ok ? "ok  " : "FAIL"} SEED=${seed} MINUTES=${minutes}  ${findings.length - broken.length} of ${findings.length} hold`,
    `  done: ${pairs(actions).join(", ")}`,
    `  ${pairs(figures).join(", ")}`,
    ...broken.flatMap(({ name, violations }) => [
      `  not so: ${name} (${violations.length})`,
      ...violations.slice(0, SHOWN).map((text) => `    ${text.replaceAll("\n", "\n    ")}`),
    ]),
    "",
    ...growthTable(growth),
    ...(files === undefined ? [] : ["", `logs, tables, history and samples: ${files}`]),
  ];
}

/** @param {SoakResult["growth"]} growth */
function growthTable(growth) {
  const number = (/** @type {number | undefined} */ value) => (value === undefined ? "" : value.toFixed(2));
  const rows = growth.map(({ series, level, slope, low, high, tolerance, points = 0, strata = 0, verdict }) => [
    ...[series, number(level), number(slope), number(low), number(high), number(tolerance)],
    ...[String(points), String(strata), verdict],
  ]);
  const heads = ["series", "median", "per hour", "low", "high", "tolerance", "points", "strata", "verdict"];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column].length)));
  return [heads, ...rows].map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

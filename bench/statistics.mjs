// What samples come to. Pure.

/**
 * @typedef {object} Figure
 * @property {number} median
 * @property {number} low the lower quartile
 * @property {number} high the upper quartile
 * @property {number[]} rounds every sample, in the order in which they were taken
 */

/** @param {number[]} values @returns {number} 0 without any */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Four significant digits: more is noise. @param {number} value */
export const significant = (value) => (Number.isFinite(value) ? Number(value.toPrecision(4)) : 0);

/** With three digits after the point. @param {number} value */
export const thousandths = (value) => Math.round(value * 1000) / 1000;

/**
 * The median of samples and their spread.
 * @param {number[]} values @returns {Figure}
 */
export function figure(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => significant(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return {
    median: significant(median(values)),
    low: at(0.25),
    high: significant(sorted[Math.ceil((sorted.length - 1) * 0.75)] ?? 0),
    rounds: values.map(significant),
  };
}

/**
 * Ours to the peer's, round by round: what disturbs a round disturbs both.
 * @param {number[]} ours @param {number[]} theirs as many as ours
 */
export function ratio(ours, theirs) {
  return figure(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}

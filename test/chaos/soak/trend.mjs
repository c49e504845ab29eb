// Whether something grows: a robust slope of samples that noise, garbage collectors and restarts disturb.

/**
 * @typedef {{at: number, value: number}} Point `at` in seconds
 *
 * @typedef {object} Trend all of them an hour, in the unit of the values
 * @property {number} slope
 * @property {number} low
 * @property {number} high the interval from `low` has the true slope with a confidence of 95 %
 * @property {number} points
 * @property {number} strata how many the points are of
 * @property {number} level the median of all values
 */

const HOUR_S = 3600;
/** Standard deviations on both sides that have 95 % of a normal distribution. */
const Z = 1.96;

/**
 * The slope after Theil and Sen with the confidence interval of Sen (1968): the median of the slopes between all pairs of
 * points. Pairs are of one stratum each, so that a restart or another load is no step; the variances of the strata add up as
 * those of the seasons do in Hirsch, Slack and Smith (1982).
 * @param {Point[][]} strata the points of one process at like load each, in the order of time
 * @returns {Trend | undefined} undefined without any pair
 */
export function trend(strata) {
  const slopes = strata.flatMap(pairSlopes).sort((one, other) => one - other);
  if (slopes.length === 0) return undefined;
  const variance = strata.reduce((sum, { length: n }) => sum + (n * (n - 1) * (2 * n + 5)) / 18, 0);
  const margin = Z * Math.sqrt(variance);
  const rank = (/** @type {number} */ place) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(place)))];
  const hourly = (/** @type {number} */ value) => value * HOUR_S;
  const used = strata.filter(({ length }) => length > 1);
  return {
    slope: hourly(median(slopes)),
    low: hourly(rank((slopes.length - margin) / 2 - 1)),
    high: hourly(rank((slopes.length + margin) / 2)),
    points: used.reduce((sum, { length }) => sum + length, 0),
    strata: used.length,
    level: median(strata.flat().map(({ value }) => value)),
  };
}

/** @param {Point[]} points */
function pairSlopes(points) {
  return points.flatMap((point, index) =>
    points
      .slice(index + 1)
      .filter(({ at }) => at > point.at)
      .map(({ at, value }) => (value - point.value) / (at - point.at)),
  );
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median of each stretch of time: neighbours in time are much alike, and would feign a certainty that there is not.
 * @param {Point[]} points in the order of time @param {number} seconds
 */
export function thinned(points, seconds) {
  /** @type {Map<number, Point[]>} */
  const blocks = new Map();
  for (const point of points) {
    const block = Math.floor(point.at / seconds);
    blocks.set(block, [...(blocks.get(block) ?? []), point]);
  }
  return [...blocks].map(([block, members]) => ({
    at: (block + 0.5) * seconds,
    value: median(members.map(({ value }) => value)),
  }));
}

/** Fewer points tell nothing. */
const LEAST_POINTS = 20;

/**
 * `grows`: by more than the tolerance, with a confidence of 95 %. `flat`: by less, with the same confidence. `unclear`:
 * neither, it takes a longer run. `too short`: fewer than 20 points.
 * @param {Trend | undefined} found @param {number} tolerance an hour
 * @returns {"grows" | "flat" | "unclear" | "too short"}
 */
export function judge(found, tolerance) {
  if (found === undefined || found.points < LEAST_POINTS) return "too short";
  if (found.low > tolerance) return "grows";
  return found.high <= tolerance ? "flat" : "unclear";
}

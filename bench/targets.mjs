// What the figures are held against: pure, values in, verdicts out.

/**
 * @typedef {import("./statistics.mjs").Figure} Figure
 * @typedef {{target: string, where: string, wanted: string, found: Figure | undefined, isMet: boolean | undefined}} Verdict
 *   `isMet`: undefined where nothing was measured
 */

/** @param {any[]} cases @param {Record<string, unknown>} wanted */
export const findCase = (cases, wanted) =>
  cases.find((one) => Object.entries(wanted).every(([key, value]) => one[key] === value));

/** One worker, three nodes, connections that are kept: the case that the others vary. */
const BASE = { nodes: 3, workers: 1, connection: "keep-alive" };
const THROUGHPUT = 0.95;
const LATENCY = 1.2;
const PER_REQUEST = 15;
const FLAT = 0.05;

/**
 * @param {string} target @param {string} where @param {string} wanted @param {Figure | undefined} found
 * @param {(value: number) => boolean} isGood
 * @returns {Verdict}
 */
function verdict(target, where, wanted, found, isGood) {
  return { target, where, wanted, found, isMet: found === undefined ? undefined : isGood(found.median) };
}

/** @param {any} sections as in bench/results.json @returns {Verdict[]} */
export function judge(sections) {
  const cases = sections.routing?.results?.cases ?? [];
  const ratioTo = (/** @type {string} */ peer, /** @type {string} */ key, /** @type {object} */ where) =>
    findCase(cases, { ...BASE, ...where })?.peers[peer]?.ours_to_it[key];
  const verdicts = [];
  const names = { nginx: "plain nginx", haproxy: "HAProxy" };
  for (const [peer, name] of Object.entries(names)) {
    for (const workload of ["bare", "page", "script"]) {
      const found = ratioTo(peer, "rps", { workload, load: "closed" });
      const isGood = (/** @type {number} */ value) => value >= THROUGHPUT;
      verdicts.push(verdict(`requests/s of ${name}`, workload, `at least ${THROUGHPUT}`, found, isGood));
    }
  }
  const p99 = ratioTo("nginx", "p99_ms", { workload: "bare", load: "think" });
  const isShort = (/** @type {number} */ value) => value <= LATENCY;
  verdicts.push(verdict("p99 of plain nginx", "bare, at the same rate", `at most ${LATENCY}`, p99, isShort));
  const query = ratioTo("per_request", "rps", { workload: "bare", load: "closed" });
  const isMuch = (/** @type {number} */ value) => value >= PER_REQUEST;
  verdicts.push(verdict("requests/s of a query per request", "bare", `at least ${PER_REQUEST}`, query, isMuch));
  for (const nodes of [50, 1000]) {
    const size = sections.flat?.results?.sizes.find((/** @type {any} */ one) => one.nodes === nodes);
    const isFlat = (/** @type {number} */ value) => Math.abs(value - 1) <= FLAT;
    const wanted = `${1 - FLAT} to ${1 + FLAT}`;
    verdicts.push(verdict("requests/s with 3 nodes", `bare, ${nodes} nodes`, wanted, size?.to_few.rps, isFlat));
    verdicts.push(
      verdict("CPU for a request with 3 nodes", `bare, ${nodes} nodes`, wanted, size?.to_few.cpu_us, isFlat),
    );
  }
  const aborts = sections.phases?.results?.compiler.aborts;
  const count = aborts?.length;
  const found = count === undefined ? undefined : { median: count, low: count, high: count, rounds: [count] };
  verdicts.push(
    verdict("places of the hot path that LuaJIT gives up", "once warm", "0", found, (value) => value === 0),
  );
  return verdicts;
}

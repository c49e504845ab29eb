// Figures of a fail-over, from the history alone.

/**
 * @typedef {import("./audit.mjs").History} History
 *
 * @typedef {object} Failover seconds
 * @property {number | undefined} detected from the loss of the node until it is called offline
 * @property {number | undefined} ownersChanged from the loss of the node until its last monitor has another owner
 * @property {number[]} lateness of the first check of each of its monitors elsewhere
 * @property {number} missed checks, those that nobody made up for
 * @property {number} moved
 */

/**
 * @param {History} history
 * @param {{nodeId: string, at: number, intervalS: number}} loss `at`: when the node was lost
 * @returns {Failover}
 */
export function measureFailover(history, { nodeId, at, intervalS }) {
  const offline = history.statusChanges.find(
    (row) => row.node_id === nodeId && row.status === "offline" && row.at >= at,
  );
  const moves = history.moves.filter((move) => move.from_node === nodeId && move.at >= at);
  /** @type {Map<number, number>} */
  const firstMoves = new Map();
  for (const move of moves) if (!firstMoves.has(move.monitor_id)) firstMoves.set(move.monitor_id, move.at);
  const gaps = [...firstMoves.keys()]
    .map((id) => gapAround(history, id, nodeId, at))
    .filter((gap) => gap !== undefined);
  return {
    detected: offline === undefined ? undefined : offline.at - at,
    ownersChanged: firstMoves.size === 0 ? undefined : Math.max(...firstMoves.values()) - at,
    lateness: gaps.map((gap) => Math.max(0, gap - intervalS)),
    missed: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / intervalS) - 1), 0),
    moved: firstMoves.size,
  };
}

/**
 * How one load balancer stood in for another. All undefined when it did not.
 * @param {History} history
 * @param {{from: string, to: string, at: number, backAt: number}} loss of `from` at `at`, which was back at `backAt`
 * @returns {{takenOver: number | undefined, handedBack: number | undefined, leaderless: number | undefined,
 *   doubleMoves: number, epochsInOrder: boolean}} seconds until `to` led, from its return until `from` led again, and of
 *   those the ones in which nobody did; monitors that moved twice away from home; whether each held one epoch more than
 *   the last and nobody else held any
 */
export function measureTakeover(history, { from, to, at, backAt }) {
  const held = history.leaseChanges.filter(({ holder }) => holder !== "");
  const [taken, returned] = held;
  const released = history.leaseChanges.filter(({ holder }) => holder === "").at(-1);
  const isPair = held.length === 2 && taken.holder === to && returned.holder === from;
  return {
    takenOver: taken === undefined ? undefined : taken.at - at,
    handedBack: returned === undefined ? undefined : returned.at - backAt,
    leaderless: returned === undefined || released === undefined ? undefined : returned.at - released.at,
    doubleMoves: doubleMoves(history),
    epochsInOrder: isPair && returned.epoch === taken.epoch + 1,
  };
}

/** Moves to other nodes than home, but for the first of each monitor. @param {History} history */
export function doubleMoves({ moves }) {
  const away = moves.filter(({ to_node, home }) => to_node !== home);
  return away.length - new Set(away.map(({ monitor_id }) => monitor_id)).size;
}

/**
 * The seconds between the last beat of a monitor by a node and its first one by another, as they were stored.
 * @param {History} history @param {number} monitorId @param {string} nodeId @param {number} at
 */
function gapAround(history, monitorId, nodeId, at) {
  const beats = history.beats.filter(({ monitor_id }) => monitor_id === monitorId);
  const next = beats.findIndex((beat) => beat.writer !== nodeId && beat.at > at);
  if (next === -1) return undefined;
  const before = next === 0 ? history.lastBeats.get(monitorId) : beats[next - 1];
  return before === undefined ? undefined : beats[next].at - before.at;
}

/**
 * The p50, p95 and greatest of some numbers, rounded to milliseconds; undefined without any.
 * @param {number[]} numbers
 */
export function spread(numbers) {
  if (numbers.length === 0) return undefined;
  const sorted = [...numbers].sort((one, other) => one - other);
  const rank = (/** @type {number} */ share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  const rounded = (/** @type {number} */ value) => Math.round(value * 1000) / 1000;
  return { p50: rounded(rank(0.5)), p95: rounded(rank(0.95)), max: rounded(rank(1)), count: sorted.length };
}

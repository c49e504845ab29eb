// What must hold in every history: see docs/failover.md. Each one is a sentence for every time that it did not hold.

/**
 * @typedef {import("./audit.mjs").History} History
 * @typedef {import("./audit.mjs").Beat} Beat
 *
 * @typedef {object} Terms what a scenario makes impossible
 * @property {number} intervalS of all monitors
 * @property {number} latenessS by which a check may be late, and so a move
 * @property {Outage[]} outages in which no beat could be stored: gaps count from their end
 * @property {boolean} evensOut monitors may move between living nodes
 *
 * @typedef {{from: number, to: number, monitors?: number[]}} Outage of some monitors, or of all
 * @typedef {{name: string, find: (history: History, terms: Terms) => string[]}} Invariant
 */

/** For so long a plan may not know that a node leaves. */
const NEWS_S = 2;
/** What an old owner may take to end a check of a monitor that moves as planned, and to notice that it moves. */
const DRAIN_S = 8 + 2;

/** @type {Invariant[]} */
export const INVARIANTS = [
  { name: "no beat is made twice", find: doubled },
  { name: "only the owner writes beats", find: foreignBeats },
  { name: "no check is late", find: lateChecks },
  { name: "no target is called down", find: falseDowns },
  { name: "only the leader writes, epochs grow", find: staleWrites },
  { name: "every monitor has a living owner", find: ownerless },
  { name: "survivors keep their monitors", find: needlessMoves },
];

/** @type {Invariant["find"]} */
function doubled(history, { intervalS }) {
  return beatPairs(history)
    .filter(({ gap }) => gap < intervalS / 2)
    .map(({ beat, gap }) => `monitor ${beat.monitor_id} beats ${gap.toFixed(3)} s after its last beat at ${beat.time}`);
}

/** @type {Invariant["find"]} */
function foreignBeats(history) {
  return history.beats
    .filter((beat) => beat.writer !== beat.owner && !isDrain(history, beat))
    .map(
      (beat) => `${beat.writer} writes a beat of monitor ${beat.monitor_id} at ${beat.at}, which ${beat.owner} owns`,
    );
}

/** Is this the last beat of an owner from which the monitor has just moved as planned? @param {History} history @param {Beat} beat */
function isDrain(history, beat) {
  const move = history.moves.filter(({ monitor_id, at }) => monitor_id === beat.monitor_id && at <= beat.at).at(-1);
  if (move === undefined || move.from_node !== beat.writer || beat.at - move.at > DRAIN_S) return false;
  const isFirst = !history.beats.some(
    (other) => other.monitor_id === beat.monitor_id && other.at > move.at && other.at < beat.at,
  );
  return isFirst && statusAt(history, beat.writer, move.at) !== "offline";
}

/** @type {Invariant["find"]} */
function lateChecks(history, terms) {
  const limit = terms.intervalS + terms.latenessS;
  return allGaps(history, terms)
    .filter(({ gap }) => gap > limit)
    .map(({ monitorId, gap, until }) => `monitor ${monitorId} is not checked for ${gap.toFixed(1)} s until ${until}`);
}

/** @type {Invariant["find"]} */
function falseDowns({ beats }) {
  return beats
    .filter(({ status }) => status !== 1)
    .map((beat) => `${beat.writer} stores status ${beat.status} of monitor ${beat.monitor_id} at ${beat.time}`);
}

/** @type {Invariant["find"]} */
function staleWrites({ moves, statusChanges, leaseChanges }) {
  const isStale = (/** @type {{writer: string, leader: string | null}} */ row) =>
    row.writer.startsWith("lb") && row.writer !== row.leader;
  const falling = leaseChanges.filter(({ epoch }, index) => index > 0 && epoch < leaseChanges[index - 1].epoch);
  return [
    ...moves
      .filter(isStale)
      .map(
        (row) => `${row.writer} moves monitor ${row.monitor_id} at ${row.at} to ${row.to_node}; ${row.leader} leads`,
      ),
    ...statusChanges
      .filter(isStale)
      .map((row) => `${row.writer} calls ${row.node_id} ${row.status} at ${row.at}; ${row.leader} leads`),
    ...falling.map((row) => `the epoch falls to ${row.epoch} at ${row.at}`),
  ];
}

/** @type {Invariant["find"]} */
function ownerless(history, terms) {
  const statuses = new Map(history.statuses);
  const owners = new Map(history.owners);
  /** @type {Map<number, number>} */
  const since = new Map();
  /** @type {string[]} */
  const found = [];
  const end = (/** @type {number} */ id, /** @type {number} */ at) => {
    const began = since.get(id);
    since.delete(id);
    const seconds = began === undefined ? 0 : at - afterOutages(id, began, at, terms);
    if (seconds > terms.latenessS)
      found.push(`monitor ${id} has no living owner for ${seconds.toFixed(1)} s until ${at}`);
  };
  const steps = [...history.statusChanges, ...history.moves].sort((one, other) => one.at - other.at);
  for (const step of steps) {
    if ("monitor_id" in step) owners.set(step.monitor_id, step.to_node ?? "");
    else statuses.set(step.node_id, step.status);
    const someOnline = [...statuses.values()].includes("online");
    for (const [id, owner] of owners) {
      const lives = (statuses.get(owner) ?? "offline") !== "offline";
      if (lives || !someOnline) end(id, step.at);
      else if (!since.has(id)) since.set(id, step.at);
    }
  }
  for (const id of owners.keys()) end(id, history.to);
  return found;
}

/** @type {Invariant["find"]} */
function needlessMoves(history, { evensOut }) {
  return history.moves
    .filter(({ writer }) => writer.startsWith("lb"))
    .flatMap((move) => {
      const { at, monitor_id, from_node: from, to_node: to } = move;
      const what = `monitor ${monitor_id} moves from ${from} to ${to} at ${at}`;
      const wasOnline = [at, at - NEWS_S].some((moment) => statusAt(history, to ?? "", moment) === "online");
      if (!wasOnline) return [`${what}, which is not online`];
      const isNeedless = statusAt(history, from ?? "", at) === "online" && to !== move.home && !evensOut;
      return isNeedless ? [`${what}, although ${from} is online`] : [];
    });
}

/**
 * What the load balancers took a node for at a moment.
 * @param {History} history @param {string} nodeId @param {number} at
 * @returns {string | undefined}
 */
export function statusAt(history, nodeId, at) {
  const changes = history.statusChanges.filter((change) => change.node_id === nodeId && change.at <= at);
  return changes.at(-1)?.status ?? history.statuses.get(nodeId);
}

/**
 * The times without a check of each monitor, in seconds, the one that lasts still included.
 * @param {History} history @param {Terms} terms
 */
export function allGaps(history, terms) {
  const last = new Map([...history.lastBeats].map(([id, { time }]) => [id, time]));
  /** @type {{monitorId: number, gap: number, until: number}[]} */
  const gaps = [];
  const note = (/** @type {number} */ monitorId, /** @type {number} */ until) => {
    const since = last.get(monitorId);
    if (since !== undefined) gaps.push({ monitorId, gap: until - afterOutages(monitorId, since, until, terms), until });
  };
  for (const { monitor_id, time } of history.beats) {
    note(monitor_id, time);
    last.set(monitor_id, time);
  }
  for (const monitorId of last.keys()) note(monitorId, history.to);
  return gaps;
}

/**
 * The end of the last outage of a monitor between two times, or the first of them.
 * @param {number} monitorId @param {number} since @param {number} until @param {Terms} terms
 */
function afterOutages(monitorId, since, until, { outages }) {
  const concerned = outages.filter(({ monitors }) => monitors?.includes(monitorId) ?? true);
  const between = concerned.filter(({ from, to }) => from < until && to > since);
  return Math.max(since, ...between.map(({ to }) => Math.min(to, until)));
}

/** Each beat and the seconds since the one before. @param {History} history */
function beatPairs(history) {
  const last = new Map([...history.lastBeats].map(([id, { time }]) => [id, time]));
  return history.beats.flatMap((beat) => {
    const before = last.get(beat.monitor_id);
    last.set(beat.monitor_id, beat.time);
    return before === undefined ? [] : [{ beat, gap: beat.time - before }];
  });
}

// What must hold of the agent's decisions, whatever they are given. FUZZ_SEED=<number> makes the same cases again.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { load } from "./support/load.mjs";

const { planAssignment, leastLoaded } = await load("assignment");
const { startDelayMs, currentIntervalMs } = await load("schedule");
const { judgeWork, patienceMs } = await load("work");
const { IdCursor } = await load("sync/id-cursor");
const { RecentIds } = await load("sync/recent-ids");
const { mergeMonitors, monitorOf, parseFamilies, renderFamilies } = await load("peers/exposition");

const SEED = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) };

/**
 * @template T
 * @param {string} title @param {fc.Arbitrary<T>} cases @param {(value: T) => void} holds
 */
function property(title, cases, holds) {
  void test(title, () => fc.assert(fc.property(cases, holds), { numRuns: 500, ...SEED }));
}

const NODES = ["a", "b", "c"];
const rows = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 30 }),
      active: fc.boolean(),
      owner: fc.constantFrom("a", "b", "c", null),
      mtime: fc.constantFrom("1", "2", "3"),
    }),
    { selector: ({ id }) => id, maxLength: 30 },
  )
  .map((list) => new Map(list.map((row) => [row.id, row])));
const ids = fc.uniqueArray(fc.integer({ min: 1, max: 30 })).map((list) => new Set(list));
const look = fc.record({ now: rows, before: rows, running: ids });

property("after a plan a node runs exactly the active monitors that it owns", look, ({ now, before, running }) => {
  const { start, stop } = planAssignment(now, before, running, "a");
  const after = new Set(running);
  for (const { id } of stop) assert.ok(after.delete(id), "it stops what runs, and once");
  for (const { id } of start) assert.ok(!after.has(id) && after.add(id), "it starts what does not run, and once");
  const own = [...now.values()].filter(({ active, owner }) => active && owner === "a").map(({ id }) => id);
  assert.deepEqual([...after].sort(), own.sort());
});

property("a plan that was carried out asks for nothing more", look, ({ now, before, running }) => {
  const { start, stop } = planAssignment(now, before, running, "a");
  const after = new Set([...running].filter((id) => !stop.some((/** @type {any} */ one) => one.id === id)));
  for (const { id } of start) after.add(id);
  assert.deepEqual(planAssignment(now, now, after, "a"), { start: [], stop: [], check: [] });
});

property("of all nodes together each active monitor that has an owner is started by one", look, ({ now, before }) => {
  const started = NODES.flatMap((node) =>
    planAssignment(now, before, new Set(), node).start.map((/** @type {any} */ one) => one.id),
  );
  const owned = [...now.values()].filter(({ active, owner }) => active && owner !== null).map(({ id }) => id);
  assert.deepEqual(started.sort(), owned.sort());
});

const loads = fc.record({
  nodes: fc.shuffledSubarray(["a", "b", "c", "d"]),
  counts: fc.dictionary(fc.constantFrom("a", "b", "c", "d", "x"), fc.nat(5)),
});

property("a new monitor goes to a node with the fewest, the same one in whatever order", loads, ({ nodes, counts }) => {
  const known = new Map(Object.entries(counts));
  const chosen = leastLoaded(nodes, known);
  assert.equal(chosen, leastLoaded([...nodes].reverse(), known));
  assert.equal(chosen === undefined, nodes.length === 0);
  for (const node of nodes) assert.ok((known.get(chosen) ?? 0) <= (known.get(node) ?? 0));
});

const timing = fc.record({
  type: fc.constantFrom("http", "push"),
  intervalSeconds: fc.integer({ min: -5, max: 100000 }),
  retryIntervalSeconds: fc.integer({ min: -5, max: 1000 }),
  last: fc.option(
    fc.record({
      time: fc.constant("t"),
      status: fc.integer({ min: 0, max: 3 }),
      ageMs: fc.integer({ min: -1e9, max: 1e9 }),
      ping: fc.constant(null),
    }),
    { nil: undefined },
  ),
  together: fc.nat(5000),
  perSecond: fc.integer({ min: 1, max: 500 }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

property("a start waits for one interval at most, and until the next beat is due", timing, (given) => {
  const delay = startDelayMs(given);
  const interval = currentIntervalMs(given);
  assert.ok(delay >= 0 && delay <= interval, String(delay));
  const due = given.last === undefined ? 0 : interval - given.last.ageMs;
  if (given.type !== "push" && due > 0) assert.equal(delay, Math.min(due, interval));
  if (given.type !== "push" && due <= 0) assert.ok(delay <= interval / 2, "what is overdue starts within half of it");
});

const rhythm = fc.record({
  type: fc.constantFrom("http", "push"),
  intervalSeconds: fc.integer({ min: -1, max: 1000 }),
  retryIntervalSeconds: fc.integer({ min: -1, max: 1000 }),
  timeoutSeconds: fc.integer({ min: -1, max: 1000 }),
});
const duties = fc.array(
  fc.oneof(
    fc.record({ missingMs: fc.nat(200000), quietMs: fc.nat(3000000), rhythm: fc.constant(undefined) }),
    fc.record({ missingMs: fc.constant(0), quietMs: fc.nat(3000000), rhythm }),
  ),
  { maxLength: 20 },
);

property("a node is blamed only when it neglects two at least and more than half", duties, (list) => {
  const { missing, overdue, problem } = judgeWork(list);
  const beating = list.filter(({ rhythm: own }) => own !== undefined && own.type !== "push").length;
  const isNeglected = missing + overdue >= 2 && (missing + overdue) * 2 > missing + beating;
  assert.equal(problem !== undefined, isNeglected);
  assert.ok(missing + overdue <= list.length);
});

property("more neglect never clears a node of a monitor", fc.tuple(duties, fc.nat(5000000)), ([list, more]) => {
  const before = judgeWork(list);
  const after = judgeWork(list.map((duty) => ({ ...duty, quietMs: duty.quietMs + more })));
  assert.ok(after.overdue >= before.overdue);
  assert.ok(before.problem === undefined || after.problem !== undefined);
});

property("patience lasts for two intervals at least", rhythm, (given) => {
  assert.ok(patienceMs(given, 0) >= 2000 * Math.max(given.intervalSeconds, given.retryIntervalSeconds, 1));
  assert.ok(patienceMs(given, 10) > patienceMs(given, 0));
});

const looks = fc.record({
  start: fc.nat(100),
  looks: fc.array(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 20 }), { maxLength: 20 }),
});

property(
  "a reader gets each id behind its start once, in whatever order they appear",
  looks,
  ({ start, looks: given }) => {
    const cursor = new IdCursor(start);
    /** @type {number[]} */
    const got = [];
    for (const found of given) {
      const fresh = cursor.note(found, 0);
      assert.deepEqual(
        fresh,
        [...fresh].sort((one, other) => one - other),
      );
      got.push(...fresh);
      for (const hole of cursor.holes(0)) assert.ok(hole > start && hole < cursor.last && !got.includes(hole));
    }
    const expected = new Set(given.flat().filter((id) => id > start));
    assert.deepEqual(
      got.sort((one, other) => one - other),
      [...expected].sort((one, other) => one - other),
    );
    assert.equal(cursor.last, Math.max(start, ...given.flat()));
    assert.deepEqual(cursor.holes(10001), [], "no id is waited for for ever");
  },
);

property(
  "a jump of the counter makes no endless list",
  fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { maxLength: 10 }),
  (found) => {
    const cursor = new IdCursor(0);
    for (const id of found) cursor.note([id], 0);
    assert.ok(cursor.holes(0).length <= 2000);
  },
);

const steps = fc.record({
  most: fc.integer({ min: 1, max: 5 }),
  steps: fc.array(fc.tuple(fc.constantFrom("add", "delete"), fc.nat(8))),
});

property("of many ids the latest are known", steps, ({ most, steps: given }) => {
  const recent = new RecentIds(most);
  /** @type {number[]} */
  let model = [];
  for (const [step, id] of given) {
    const was = model.includes(id);
    if (step === "add") {
      assert.equal(recent.add(id), !was);
      if (!was) model = [...model, id].slice(-most);
    } else {
      assert.equal(recent.delete(id), was);
      model = model.filter((other) => other !== id);
    }
  }
});

const value = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('"', "\\", "\n", "}", 'a"} 1\nmonitor_x{'));
const escaped = (/** @type {string} */ text) =>
  text.replace(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`));
const scrape = fc.uniqueArray(fc.record({ id: fc.nat(6), name: value, status: fc.nat(3) }), {
  selector: ({ id }) => id,
  maxLength: 6,
});
/** @param {{id: number, name: string, status: number}[]} list @param {string} node */
const text = (list, node) =>
  [
    ...[
      "# HELP up Up",
      "# TYPE up gauge",
      `up{node="${node}"} 1`,
      "# HELP monitor_status S",
      "# TYPE monitor_status gauge",
    ],
    ...list.map(
      ({ id, name, status }) =>
        `monitor_status{monitor_id="${id}",monitor_name="${escaped(name)}",node="${node}"} ${status}`,
    ),
    "",
  ].join("\n");

property(
  "of several scrapes each monitor is there once, of the first that has it",
  fc.array(scrape, { minLength: 1, maxLength: 4 }),
  (scrapes) => {
    const families = scrapes.map((list, node) => parseFamilies(text(list, String(node))));
    const [own, ...others] = families;
    const merged = parseFamilies(renderFamilies(mergeMonitors(own, others)));
    const { samples } = merged.find((/** @type {any} */ { name }) => name === "monitor_status");
    const first = new Map();
    for (const [node, list] of scrapes.entries())
      for (const { id } of list) if (!first.has(String(id))) first.set(String(id), node);
    assert.deepEqual(samples.map(monitorOf).sort(), [...first.keys()].sort());
    for (const sample of samples) assert.ok(sample.includes(`node="${first.get(monitorOf(sample))}"`));
    assert.deepEqual(
      merged.find((/** @type {any} */ { name }) => name === "up").samples,
      ['up{node="0"} 1'],
      "what is no monitor's is its own",
    );
  },
);

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { planAssignment, leastLoaded } = await load("assignment");

/** @param {number} id @param {string | null} owner @param {object} [more] */
const row = (id, owner, more) => ({ id, owner, active: true, mtime: "1", ...more });

/** @param {...{id: number}} rows */
const table = (...rows) => new Map(rows.map((each) => [each.id, each]));

/** @param {Map<number, object>} rows @param {Map<number, object>} before @param {number[]} running */
const plan = (rows, before, running) => planAssignment(rows, before, new Set(running), "a");

test("at the first look a node starts what it owns and nothing else", () => {
  const rows = table(row(1, "a"), row(2, "b"), row(3, null), row(4, "a", { active: false }));
  assert.deepEqual(plan(rows, new Map(), []), {
    start: [{ id: 1, from: undefined, mtime: "1", knownAt: "", resumed: false, begins: true }],
    stop: [],
    check: [],
  });
});

test("a monitor that comes from another node says from which", () => {
  const { start } = plan(table(row(1, "a")), table(row(1, "b")), []);
  assert.deepEqual(start, [{ id: 1, from: "b", mtime: "1", knownAt: "1", resumed: false, begins: false }]);
});

test("a monitor that was without an owner, or paused, comes from nowhere", () => {
  assert.equal(plan(table(row(1, "a")), table(row(1, null)), []).start[0].from, undefined);
  const [resumed] = plan(table(row(1, "a")), table(row(1, "a", { active: false })), []).start;
  assert.deepEqual(resumed, { id: 1, from: undefined, mtime: "1", knownAt: "1", resumed: true, begins: true });
});

test("a start that did not come about is wanted again", () => {
  const rows = table(row(1, "a"));
  assert.equal(plan(rows, rows, []).start.length, 1);
});

test("each reason to stop is told", () => {
  const rows = table(row(1, "b"), row(2, "a", { active: false }), row(3, null), row(5, "a"));
  assert.deepEqual(plan(rows, rows, [1, 2, 3, 4, 5]).stop, [
    { id: 1, reason: "b runs it now", moved: true },
    { id: 2, reason: "it was paused", moved: false },
    { id: 3, reason: "it belongs to no node", moved: false },
    { id: 4, reason: "it was deleted", moved: false },
  ]);
});

test("a running monitor is compared when its row changed or is new, and only then", () => {
  const rows = table(row(1, "a"), row(2, "a", { mtime: "2" }), row(3, "a"));
  assert.deepEqual(plan(rows, table(row(1, "a"), row(2, "a")), [1, 2, 3]).check, [2, 3]);
});

test("a new monitor goes to the least loaded node, by its id among equals", () => {
  assert.equal(leastLoaded(["c", "b", "a"], new Map([["a", 2]])), "b");
  assert.equal(leastLoaded(["c", "b", "a"], new Map()), "a");
  assert.equal(leastLoaded([], new Map()), undefined);
});

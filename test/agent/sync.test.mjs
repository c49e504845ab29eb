import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { load } from "./support/load.mjs";

const { IdCursor } = await load("sync/id-cursor");
const { Handover } = await load("handover");
const { ForeignStatistics } = await load("sync/foreign-statistics");

/** The timers of the agent do not keep a process alive. @type {NodeJS.Timeout} */
let alive;
before(() => void (alive = setInterval(() => {}, 1000)));
after(() => clearInterval(alive));

test("a cursor gives each id once, in order", () => {
  const cursor = new IdCursor(10);
  assert.deepEqual(cursor.note([12, 11], 0), [11, 12]);
  assert.deepEqual(cursor.note([11, 12, 13], 0), [13]);
  assert.equal(cursor.last, 13);
});

test("an id that appears after greater ones is asked for until it is there", () => {
  const cursor = new IdCursor(10);
  assert.deepEqual(cursor.note([12, 14], 0), [12, 14]);
  assert.deepEqual(cursor.holes(5000), [11, 13]);
  assert.deepEqual(cursor.note([11], 5000), [11]);
  assert.deepEqual(cursor.holes(5000), [13]);
  assert.deepEqual(cursor.holes(10_001), [], "a transaction that was rolled back never gives it");
});

test("a jump of the counter leaves a bounded number of ids to ask for", () => {
  const cursor = new IdCursor(0);
  cursor.note([1_000_000], 0);
  assert.equal(cursor.holes(0).length, 1000);
  cursor.note([2_000_000, 3_000_000], 0);
  assert.equal(cursor.holes(0).length, 2000);
  assert.deepEqual(cursor.note([2_999_999], 0), [2_999_999]);
});

test("a new owner waits for the word of the node that it follows", async () => {
  const handover = new Handover();
  let gone = false;
  const waited = handover.wait(1, "a", "2026-01-01 10:00:05", 5000).then(() => (gone = true));
  handover.noteReleased("b", [1], "2026-01-01 10:00:06");
  handover.noteReleased("a", [1], "2026-01-01 10:00:04");
  await sleep(10);
  assert.equal(gone, false, "neither another node's word nor one of an earlier move counts");
  handover.noteReleased("a", [1], "2026-01-01 10:00:05");
  await waited;
});

test("a word that came before it was waited for counts, unless the node has run the monitor since", async () => {
  const handover = new Handover();
  handover.noteReleased("a", [1, 2, 3], "5");
  await handover.wait(1, "a", "5", 60_000);
  handover.forget(2);
  const begun = Date.now();
  await Promise.all([handover.wait(2, "a", "5", 200), handover.wait(3, "a", "6", 200)]);
  assert.ok(Date.now() - begun >= 190, "the limit was waited for");
  assert.equal(handover.overdue(0).size, 0);
});

test("statistics of other nodes' monitors are kept while they are counted, and read anew otherwise", async () => {
  /** @type {Record<number, {update: (...args: unknown[]) => Promise<void>}>} */
  const list = {};
  /** @type {unknown[][]} */
  const counted = [];
  const fill = (/** @type {number} */ id) =>
    (list[id] ??= { update: async (...args) => void counted.push([id, ...args]) });
  const statistics = new ForeignStatistics({ list }, (/** @type {number} */ id) => id === 9, 3);
  statistics.relayBegins();
  statistics.refresh(1);
  fill(1);
  assert.equal(statistics.has(1), true);
  await statistics.count(1, 1, 20, "now");
  assert.equal(list[1], undefined, "what was read in this moment may hold the beat already");
  statistics.refresh(1);
  fill(1);
  await sleep(2100);
  await statistics.count(1, 1, 20, "now");
  assert.deepEqual(counted, [[1, 1, 20, "now"]]);
  await statistics.count(2, 1, 20, "now");
  statistics.refresh(9);
  fill(9);
  await statistics.count(9, 1, 20, "now");
  assert.equal(counted.length, 1, "neither what is not in memory nor what runs here");
  statistics.relayEnds();
  statistics.relayBegins();
  statistics.refresh(1);
  assert.ok(list[1], "what was read a moment ago is good enough for a page");
  assert.equal(statistics.has(1), false, "but beats may be missing in it");
  for (const id of [2, 3, 4, 5]) {
    statistics.refresh(id);
    fill(id);
  }
  assert.ok(Object.keys(list).length <= 4, "three of them and our own");
});

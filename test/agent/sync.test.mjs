import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { load } from "./support/load.mjs";

const { IdCursor } = await load("sync/id-cursor");
const { Handover } = await load("handover");
const { originsOf } = await load("origins");
const { answerWanted, sayReleased } = await load("sync/receivers");
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
  const waited = handover.wait(1, new Map([["a", "2026-01-01 10:00:05"]]), 5000).then(() => (gone = true));
  handover.noteReleased("b", [1], "2026-01-01 10:00:06");
  handover.noteReleased("a", [1], "2026-01-01 10:00:04");
  await sleep(10);
  assert.equal(gone, false, "neither another node's word nor one of an earlier move counts");
  handover.noteReleased("a", [1], "2026-01-01 10:00:05");
  await waited;
});

test("of several nodes that it follows a new owner waits for each", async () => {
  const handover = new Handover();
  handover.noteReleased("a", [1], "5");
  handover.noteReleased("b", [1], "6");
  let gone = false;
  const origins = new Map(Object.entries({ a: "5", b: "7", c: "8" }));
  const waited = handover.wait(1, origins, 5000).then(() => (gone = true));
  assert.deepEqual(Object.fromEntries(handover.overdue(-1)), { b: [1], c: [1] });
  handover.noteReleased("c", [1], "8");
  await sleep(10);
  assert.deepEqual([gone, Object.fromEntries(handover.overdue(-1))], [false, { b: [1] }]);
  handover.noteReleased("b", [1], "7");
  await waited;
});

test("a new owner follows the nodes that had the monitor since it last looked, also those that it never saw", () => {
  const start = { id: 1, from: "dead", mtime: "9", knownAt: "5", resumed: false };
  const of = (/** @type {object} */ more, /** @type {[string, string][]} */ ...moves) =>
    Object.fromEntries(
      originsOf(
        { ...start, ...more },
        moves.map(([from, at]) => ({ from, at })),
        "me",
      ),
    );
  assert.deepEqual(of({}, ["x", "4"], ["dead", "7"], ["y", "8"]), { dead: "7", y: "8" });
  assert.deepEqual(of({}), { dead: "9" }, "what a user moves is not in the log");
  assert.deepEqual(of({ from: undefined, knownAt: "" }, ["me", "7"], ["y", "8"]), { y: "8" });
});

test("who waits says nothing yet to the next one", async () => {
  /** @type {number[][]} */
  const said = [];
  const handover = new Handover();
  const events = { publish: (/** @type {string} */ _type, /** @type {{ids: number[]}} */ { ids }) => said.push(ids) };
  const agent = { handover, events, config: { nodeId: "b" }, ownership: { seen: "7" } };
  const waited = handover.wait(1, new Map([["a", "5"]]), 5000);
  sayReleased(agent, [1]);
  sayReleased(agent, [1, 2]);
  handover.noteReleased("a", [1], "6");
  await waited;
  sayReleased(agent, [1]);
  assert.deepEqual(said, [[2], [1]]);
});

test("a monitor that comes back while its node still waits has both nodes to be waited for", async () => {
  const handover = new Handover();
  /** @type {string[]} */
  const ended = [];
  const first = handover.wait(1, new Map([["a", "5"]]), 5000).then(() => ended.push("first"));
  const second = handover.wait(1, new Map([["c", "7"]]), 5000).then(() => ended.push("second"));
  await first;
  assert.deepEqual(Object.fromEntries(handover.overdue(-1)), { a: [1], c: [1] });
  handover.noteReleased("c", [1], "7");
  await sleep(10);
  assert.deepEqual(ended, ["first"]);
  handover.noteReleased("a", [1], "6");
  await second;
  assert.equal(handover.isWaiting(1), false);

  void handover.wait(2, new Map([["a", "5"]]), 60_000);
  handover.noteReleased("c", [2], "7");
  handover.noteReleased("a", [2], "4");
  void handover.wait(2, new Map([["c", "7"]]), 60_000);
  assert.deepEqual(Object.fromEntries(handover.overdue(-1)), { a: [2] });
  handover.noteReleased("a", [2], "5");
  assert.equal(handover.isWaiting(2), false);
});

test("a node is waited for no longer because its monitor went and came back", async () => {
  const alive = setTimeout(() => {}, 10_000);
  const handover = new Handover();
  const begun = Date.now();
  void handover.wait(1, new Map([["a", "5"]]), 1600);
  await sleep(1500);
  await handover.wait(1, new Map(), 1600);
  const took = Date.now() - begun;
  assert.ok(took >= 1590 && took < 3000, `${took} ms`);
  await Promise.all([handover.wait(1, new Map([["a", "8"]]), 100), handover.wait(2, new Map(), 60_000)]);
  clearTimeout(alive);
});

test("two nodes that wait for each other do not", async () => {
  /** @type {number[][]} */
  const said = [];
  const handover = new Handover();
  const events = { publish: (/** @type {string} */ _type, /** @type {{ids: number[]}} */ { ids }) => said.push(ids) };
  const parts = { runs: { isBusy: (/** @type {number} */ id) => id === 4 }, starting: new Set([5]) };
  const agent = { ...parts, handover, events, config: { nodeId: "b" }, ownership: { seen: "7" } };
  void handover.wait(1, new Map([["a", "5"]]), 60_000);
  void handover.wait(2, new Map(Object.entries({ a: "5", c: "6" })), 60_000);
  const asker = { node: "a", seen: "5" };
  answerWanted(agent, { node: "b", ids: [1, 2, 3, 4, 5], asker });
  answerWanted(agent, { node: "b", ids: [1, 2], asker: { node: "c", seen: "9" } });
  answerWanted(agent, { node: "b", ids: [1], asker: { node: "a", seen: "4" } });
  answerWanted(agent, { node: "b", ids: [1] });
  answerWanted(agent, { node: "x", ids: [1], asker });
  assert.deepEqual(said, [[1, 3]]);
});

test("a word that came before it was waited for counts, unless the node has run the monitor since", async () => {
  const handover = new Handover();
  handover.noteReleased("a", [1, 2, 3], "5");
  await handover.wait(1, new Map([["a", "5"]]), 60_000);
  handover.forget(2);
  const begun = Date.now();
  const after = (/** @type {string} */ at) => new Map([["a", at]]);
  await Promise.all([handover.wait(2, after("5"), 200), handover.wait(3, after("6"), 200)]);
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

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { load } from "./support/load.mjs";

const { Duties } = await load("duties");

const PAST_MS = 60;

/** Runs by id as far as duties look at them. @param {Record<number, string>} hashes @param {number | null} [timeout] */
function runsOf(hashes, timeout = null) {
  const bean = { type: "http", interval: 20, retryInterval: 30, timeout };
  return { get: (/** @type {number} */ id) => (hashes[id] === undefined ? undefined : { hash: hashes[id], bean }) };
}

/** @param {{list: () => {missingMs: number, quietMs: number}[]}} duties */
const old = (duties) => duties.list().map(({ missingMs, quietMs }) => [missingMs >= PAST_MS, quietMs >= PAST_MS]);

test("a beat begins the time without one anew, and so do other settings", async () => {
  /** @type {Record<number, string>} */
  const hashes = { 1: "a", 2: "a", 3: "a" };
  const duties = new Duties(runsOf(hashes));
  duties.follow(new Set([1, 2, 3]), new Set());
  await sleep(PAST_MS + 5);
  duties.noteBeat(2);
  hashes[3] = "b";
  assert.deepEqual(old(duties), [[false, true], [false, false], [false, false]]); // prettier-ignore
  duties.follow(new Set([1, 2, 3]), new Set());
  assert.deepEqual(old(duties), [[false, true], [false, false], [false, false]]); // prettier-ignore
  assert.deepEqual(duties.list()[0].rhythm, {
    ...{ type: "http", intervalSeconds: 20, retryIntervalSeconds: 30, timeoutSeconds: 0 },
  });
});

test("a monitor that does not start is missing since it came, and not any more when it runs", async () => {
  /** @type {Record<number, string>} */
  const hashes = {};
  const duties = new Duties(runsOf(hashes));
  duties.follow(new Set(), new Set([1]));
  await sleep(PAST_MS + 5);
  duties.follow(new Set(), new Set([1]));
  assert.deepEqual(old(duties), [[true, true]]);
  assert.equal(duties.list()[0].rhythm, undefined);
  hashes[1] = "a";
  assert.deepEqual(old(duties)[0]?.[0], false);
  duties.follow(new Set([1]), new Set());
  assert.deepEqual(old(duties), [[false, false]]);
});

test("what a node has no more is no duty, and after a gap nothing that was before counts", async () => {
  const duties = new Duties(runsOf({ 1: "a", 2: "a" }));
  duties.follow(new Set([1, 2]), new Set([3]));
  duties.follow(new Set([1]), new Set());
  assert.equal(duties.list().length, 1);
  duties.noteBeat(2);
  assert.equal(duties.list().length, 1);
  await sleep(PAST_MS + 5);
  duties.beginAnew();
  duties.follow(new Set([1]), new Set());
  assert.deepEqual(old(duties), [[false, false]]);
});

test("a time-out that Uptime Kuma has filled in, in milliseconds, is none", () => {
  for (const [timeout, wanted] of [
    [16000, 0],
    [0, 0],
    [48, 48],
  ]) {
    // prettier-ignore
    const duties = new Duties(runsOf({ 1: "a" }, timeout));
    duties.follow(new Set([1]), new Set());
    assert.equal(duties.list()[0].rhythm.timeoutSeconds, wanted);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { SLOTS, runQueue } from "../support/queue.mjs";
import { MEASURE_MS, spareMeter } from "../support/spare.mjs";

/**
 * Runs jobs that take as many turns as they say seconds, on two cores.
 * @param {(import("../support/queue.mjs").Job & {name: string})[]} jobs @param {boolean} [isIdle]
 */
async function run(jobs, isIdle = false) {
  /** @type {Map<string, number>} slot by the name of what runs now */
  const running = new Map();
  /** @type {string[][]} what runs whenever one starts */
  const sets = [];
  await runQueue(
    jobs,
    async ({ name, seconds }, slot) => {
      assert.ok(slot >= 0 && slot < SLOTS && ![...running.values()].includes(slot), `slot ${slot}`);
      running.set(name, slot);
      sets.push([...running.keys()]);
      for (let i = 0; i < seconds; i++) await turn();
      running.delete(name);
    },
    { cores: 2, spare: { begin: () => undefined, hasRoom: () => isIdle } },
  );
  return sets;
}

test("the widest that fits starts first, then the longest, and no more than the cores have room for", async () => {
  const sets = await run([
    { name: "short", seconds: 10, cores: 0.5 },
    { name: "long", seconds: 30, cores: 1 },
    { name: "wide", seconds: 20, cores: 1.5 },
    { name: "middle", seconds: 15, cores: 0.5 },
  ]);
  assert.deepEqual(sets, [["wide"], ["wide", "middle"], ["wide", "short"], ["short", "long"]]);
});

test("what is quiet comes last and has only its like beside it, also when it is longest", async () => {
  const sets = await run([
    { name: "half", seconds: 90, cores: 1, quiet: true },
    { name: "other half", seconds: 95, cores: 1, quiet: true },
    { name: "whole", seconds: 99, cores: 2, quiet: true },
    { name: "one", seconds: 3, cores: 0.1 },
    { name: "two", seconds: 2, cores: 0.1 },
  ]);
  assert.deepEqual(sets, [["one"], ["one", "two"], ["whole"], ["other half"], ["other half", "half"]]);
});

test("two of a group never run at once, and others pass them", async () => {
  const sets = await run([
    { name: "first", seconds: 9, cores: 0.1, group: "engine" },
    { name: "second", seconds: 8, cores: 0.1, group: "engine" },
    { name: "other", seconds: 1, cores: 0.1 },
  ]);
  assert.deepEqual(sets, [["first"], ["first", "other"], ["second"]]);
});

test("what needs more cores than there are runs by itself, and many small ones have slots of their own", async () => {
  assert.deepEqual(await run([{ name: "huge", seconds: 1, cores: 9 }]), [["huge"]]);
  const many = Array.from({ length: 3 * SLOTS }, (_, index) => ({
    name: `m${index}`,
    seconds: 1 + (index % 4),
    cores: 0,
  }));
  const sets = await run(many);
  assert.equal(sets.length, many.length);
  assert.equal(Math.max(...sets.map(({ length }) => length)), SLOTS);
});

test("a machine that is idle gets half as much again, but not of what is quiet", async () => {
  const jobs = ["a", "b", "c", "d"].map((name, index) => ({ name, seconds: 10 - index, cores: 1 }));
  const most = (/** @type {string[][]} */ sets) => Math.max(...sets.map(({ length }) => length));
  assert.equal(most(await run(jobs)), 2);
  assert.equal(most(await run(jobs, true)), 3);
  const quiet = jobs.map((job) => ({ ...job, quiet: true }));
  assert.equal(most(await run(quiet, true)), 2);
});

test("it is idle when less than seven tenths of a stretch were busy, which begins anew with each job", () => {
  const now = { at: 0, busy: 0, all: 0 };
  const spare = spareMeter(() => ({ ...now }));
  const pass = (/** @type {number} */ ms, /** @type {number} */ share) => {
    now.at += ms;
    now.all += 2 * ms;
    now.busy += 2 * ms * share;
  };
  pass(MEASURE_MS - 1, 0.1);
  assert.equal(spare.hasRoom(), false);
  pass(1, 0.1);
  assert.equal(spare.hasRoom(), true);
  pass(MEASURE_MS, 0.8);
  assert.equal(spare.hasRoom(), false);
  pass(MEASURE_MS, 0.1);
  spare.begin();
  assert.equal(spare.hasRoom(), false);
  pass(MEASURE_MS, 0.6);
  assert.equal(spare.hasRoom(), true);
});

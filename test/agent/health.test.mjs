import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { healthVerdict } = await load("health");

/** @param {string} phase @param {number} ageMs @param {boolean} [isLost] */
const verdict = (phase, ageMs, isLost = false) => healthVerdict({ phase, ownership: { ageMs }, database: { isLost } });

test("a node is well while its last look at the database is at most five seconds old", () => {
  assert.deepEqual(verdict("ready", 5000), { status: "ok" });
  assert.equal(verdict("ready", 4000, true).status, "ok");
});

test("a node that is not well says why", () => {
  assert.equal(verdict("starting", Infinity).status, "starting");
  assert.equal(verdict("leaving", 0).status, "leaving");
  assert.deepEqual(verdict("ready", 7000, true), {
    status: "database_lost",
    reason: "the database has not answered for 7 s",
  });
  assert.equal(verdict("ready", 7000).status, "stalled");
});

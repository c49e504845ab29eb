import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { healthVerdict, readiness } = await load("health");

const neglected = Array.from({ length: 3 }, () => ({ missingMs: Infinity, quietMs: 0, rhythm: undefined }));

/**
 * @param {string} phase @param {number} ageMs
 * @param {{isLost?: boolean, duties?: object[], status?: string}} [more]
 */
const agentOf = (phase, ageMs, { isLost = false, duties = [], status = "online" } = {}) => {
  return { phase, ownership: { ageMs, status }, database: { isLost }, duties: { list: () => duties } };
};

/** @param {string} phase @param {number} ageMs @param {boolean} [isLost] */
const verdict = (phase, ageMs, isLost = false) => healthVerdict(agentOf(phase, ageMs, { isLost }));

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

test("a node that neglects its monitors is not well, but what it does not know it is not blamed for", () => {
  assert.deepEqual(healthVerdict(agentOf("ready", 100, { duties: neglected })), {
    status: "not_running",
    reason: "3 of 3 monitors of this node do not run",
  });
  assert.equal(healthVerdict(agentOf("ready", 7000, { duties: neglected })).status, "stalled");
});

test("a node is ready when it is well and online", () => {
  assert.deepEqual(readiness(agentOf("ready", 100)), { ready: true, status: "online" });
  assert.deepEqual(readiness(agentOf("ready", 100, { status: "draining" })), {
    ...{ ready: false, status: "draining", reason: "the node is draining" },
  });
  assert.equal(readiness(agentOf("leaving", 100)).status, "leaving");
  assert.equal(readiness(agentOf("ready", 100, { duties: neglected })).ready, false);
});

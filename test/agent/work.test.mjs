import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { judgeWork, patienceMs } = await load("work");

const rhythm = { type: "http", intervalSeconds: 60, retryIntervalSeconds: 60, timeoutSeconds: 48 };
const HOUR = 3_600_000;

const well = { missingMs: 0, quietMs: 60_000, rhythm };
const quiet = { missingMs: 0, quietMs: HOUR, rhythm };
const missing = { missingMs: HOUR, quietMs: HOUR, rhythm: undefined };
const push = { missingMs: 0, quietMs: HOUR, rhythm: { ...rhythm, type: "push" } };

/** @template Item @param {number} count @param {Item} item */
const of = (count, item) => Array.from({ length: count }, () => item);

test("a node that does what it has to has no problem", () => {
  assert.deepEqual(judgeWork([]), { missing: 0, overdue: 0 });
  assert.deepEqual(judgeWork(of(9, well)), { missing: 0, overdue: 0 });
});

test("a monitor has two intervals and its longest check before it is overdue, and more when it is one of many", () => {
  assert.equal(patienceMs(rhythm, 0), (60 + 60 + 48 + 30) * 1000);
  assert.equal(patienceMs({ ...rhythm, retryIntervalSeconds: 300 }, 0), (300 + 300 + 48 + 30) * 1000);
  assert.equal(patienceMs({ ...rhythm, intervalSeconds: 20, retryIntervalSeconds: 20, timeoutSeconds: 0 }, 0), 100_000);
  assert.equal(patienceMs(rhythm, 1000), 198_000 + 50_000);
});

test("more than half overdue is a fault of the node, half is not", () => {
  assert.deepEqual(judgeWork([...of(5, quiet), ...of(5, well)]), { missing: 0, overdue: 5 });
  assert.deepEqual(judgeWork([...of(6, quiet), ...of(4, well)]), {
    ...{ missing: 0, overdue: 6 },
    problem: { status: "overdue", reason: "6 of 10 monitors of this node do not beat" },
  });
});

test("more than half not running is a fault of the node", () => {
  assert.deepEqual(judgeWork([...of(6, missing), ...of(4, well)]), {
    ...{ missing: 6, overdue: 0 },
    problem: { status: "not_running", reason: "6 of 10 monitors of this node do not run" },
  });
  assert.equal(judgeWork([...of(3, missing), ...of(3, quiet), ...of(5, well)]).problem.status, "not_running");
});

test("one monitor alone is never its node's fault", () => {
  assert.equal(judgeWork([quiet]).problem, undefined);
  assert.equal(judgeWork([missing]).problem, undefined);
  assert.equal(judgeWork([quiet, quiet]).problem.status, "overdue");
});

test("a thousand monitors may take their time to start", () => {
  const starting = { missingMs: 90_000, quietMs: 90_000, rhythm: undefined };
  assert.deepEqual(judgeWork(of(1000, starting)), { missing: 0, overdue: 0 });
  assert.equal(judgeWork(of(10, starting)).problem.status, "not_running");
});

test("push monitors beat when they are pushed", () => {
  assert.deepEqual(judgeWork(of(9, push)), { missing: 0, overdue: 0 });
  assert.equal(judgeWork([...of(9, push), ...of(2, quiet)]).problem.status, "overdue");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { startDelayMs } = await load("schedule");

/** @param {object} more */
const delay = (more) =>
  startDelayMs({
    type: "http",
    intervalSeconds: 20,
    retryIntervalSeconds: 5,
    last: undefined,
    together: 1,
    perSecond: 50,
    random: 0.5,
    ...more,
  });

/** @param {number} ageMs @param {number} [status] */
const last = (ageMs, status = 1) => ({ time: "t", status, ageMs });

test("a monitor starts when the next beat after its last one is due", () => {
  assert.equal(delay({ last: last(8000) }), 12000);
});

test("a monitor that is being retried is due after its retry interval", () => {
  assert.equal(delay({ last: last(2000, 2) }), 3000);
  assert.equal(delay({ last: last(2000, 2), retryIntervalSeconds: 0 }), 18000);
});

test("overdue monitors are spread, fifty in a second, but over half an interval at most", () => {
  assert.equal(delay({ last: last(60000), together: 100 }), 1000);
  assert.equal(delay({ last: last(60000), together: 100000 }), 5000);
});

test("a new monitor starts at once", () => {
  assert.equal(delay({ random: 0.999 }) < 20, true);
});

test("a last beat in the future, by a wrong clock, delays by one interval only", () => {
  assert.equal(delay({ last: last(-3600000) }), 20000);
});

test("a push monitor starts at once, because Kuma waits an interval for the first push", () => {
  assert.equal(delay({ type: "push", last: last(1000) }), 0);
});

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { load } from "./support/load.mjs";

const { nextLink, pauseMs, UNKNOWN_LINK } = await load("poll/link");
const { startPolling } = await load("poll/poller");
const { problemOf, noAnswer } = await load("api/problem");

const good = { ok: true, body: {} };
const refused = noAnswer(new TypeError("fetch failed"));
/** @param {number} status @param {string} code @param {string | null} [retryAfter] */
const failed = (status, code, retryAfter = null) => ({
  ok: false,
  problem: problemOf(status, { error: code, message: "A sentence." }, retryAfter),
});

test("the link is lost from the first failure on, says since when, and is live with the next answer", () => {
  const live = nextLink(UNKNOWN_LINK, good, 1000);
  assert.deepEqual(live, { phase: "live", since: undefined, problem: undefined, lastGood: 1000 });
  const lost = nextLink(live, refused, 2000);
  const still = nextLink(lost, failed(503, "not_ready"), 3000);
  assert.deepEqual([lost.phase, lost.since, lost.problem.code], ["lost", 2000, "unreachable"]);
  assert.deepEqual([still.phase, still.since, still.problem.message], ["lost", 2000, "A sentence."]);
  assert.equal(still.lastGood, 1000);
  assert.deepEqual(nextLink(still, good, 4000), { ...live, lastGood: 4000 });
});

test("who may not see the state finds it locked, whatever was before", () => {
  const lost = nextLink(UNKNOWN_LINK, refused, 1000);
  const locked = nextLink(lost, failed(401, "authentication_required"), 2000);
  assert.deepEqual([locked.phase, locked.since], ["locked", 2000]);
  assert.equal(nextLink(lost, failed(403, "forbidden"), 2000).phase, "locked");
});

test("it asks every second, less often in a hidden tab or where it is locked, and as late as it is told", () => {
  const live = nextLink(UNKNOWN_LINK, good, 0);
  assert.equal(pauseMs(live, false, 100), 900);
  assert.equal(pauseMs(live, true, 100), 9900);
  assert.ok(pauseMs(live, false, 3900) > 0);
  assert.equal(pauseMs(nextLink(live, refused, 0), false, 0), 1000);
  assert.equal(pauseMs(nextLink(live, failed(401, "invalid_credentials"), 0), false, 0), 10000);
  assert.equal(pauseMs(nextLink(live, failed(429, "too_many_requests", "5"), 0), false, 0), 5000);
});

test("an answer without the API's form still says its status", () => {
  assert.deepEqual(problemOf(502, "<html>", "x"), {
    ...{ status: 502, code: "http_502", message: "", retryAfter: undefined },
  });
  assert.equal(noAnswer(new DOMException("", "TimeoutError")).problem.code, "timeout");
});

test("there are never two requests at once, and a wake while one is under way starts none", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let open = 0;
  let asked = 0;
  /** @type {() => void} */
  let answer = () => undefined;
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  const poller = startPolling(
    async () => {
      asked += 1;
      open += 1;
      assert.equal(open, 1);
      await new Promise((resolve) => (answer = () => resolve(undefined)));
      open -= 1;
    },
    () => 1000,
  );
  poller.wake();
  assert.equal(asked, 1);
  answer();
  await settle();
  mock.timers.tick(999);
  assert.equal(asked, 1);
  mock.timers.tick(1);
  assert.equal(asked, 2);
  answer();
  await settle();
  poller.wake();
  assert.equal(asked, 3);
  mock.timers.tick(5000);
  assert.equal(asked, 3, "the wake has taken the place of the next request");
  poller.stop();
  answer();
  await settle();
  mock.timers.tick(5000);
  assert.equal(asked, 3);
  mock.timers.reset();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { createFormats } = await load("text/format");
const { en } = await load("text/en");
const { zhTw } = await load("text/zh-tw");
const { tellEvent } = await load("text/sentences");
const { groupBatches } = await load("text/event-groups");
const { announce } = await load("text/announcement");
const { problemText } = await load("text/problem-text");

const formats = createFormats("en");
const chinese = createFormats("zh-TW");

/** @param {string} type @param {object} detail @param {Partial<EventBody>} [more] @returns {EventBody} */
const event = (type, detail, more = {}) => ({
  ...{ id: 1, at: "2026-11-21T10:00:00Z", type, node_id: "node2", actor: "lb-1", detail },
  ...more,
});

test("a length of time has its largest unit, and the next one below a day", () => {
  const lengths = { 0: "0s", 59.9: "59s", 61: "1m", 3600: "1h", 7500: "2h 5m", 90000: "25h", 172800: "2d" };
  for (const [seconds, text] of Object.entries(lengths)) assert.equal(formats.duration(Number(seconds)), text);
  assert.equal(formats.duration(-5), "0s");
  assert.equal(chinese.duration(61), "1 分鐘");
  assert.equal(formats.gap(21040), "21.0s");
});

test("numbers and times are those of the language", () => {
  assert.equal(formats.number(12345), "12,345");
  assert.deepEqual([formats.rate(0.25), formats.rate(12.7)], ["0.3", "13"]);
  assert.equal(formats.percent(44.4), "44%");
  const now = Date.parse("2026-11-21T12:00:00Z");
  assert.match(formats.time("2026-11-21T11:00:05Z", now), /^\d\d:\d\d:05$/);
  assert.match(formats.time("2026-11-01T11:00:05Z", now), /Nov/);
  assert.equal(formats.time("not a time", now), "not a time");
});

test("each type of event is a sentence, with its gap and its reason", () => {
  /** @param {string} type @param {object} detail */
  const say = (type, detail) => tellEvent(event(type, detail), en, formats);
  assert.equal(say("node.offline", { reason: "3 failed checks in a row" }).sentence, "node2 went offline.");
  assert.equal(say("node.offline", { reason: "3 failed checks in a row" }).reason, "3 failed checks in a row");
  const moved = say("failover", { operation: 7, moved: 2, targets: { node10: 1, node3: 1 } });
  assert.equal(moved.sentence, "2 monitors of node2 moved to other nodes.");
  assert.equal(moved.targets, "To node3 (1) and node10 (1)");
  const done = say("failover.done", { operation: 7, moved: 2, late: 1, gap_ms: 4200, reason: "3 failed checks" });
  assert.deepEqual([done.sentence, done.gapMs, done.late], ["The fail-over of node2 is complete.", 4200, 1]);
  assert.equal(done.reason, undefined);
  assert.equal(say("adoption", { moved: 1 }).sentence, "1 monitor without a node got one.");
  assert.equal(say("rebalancing.start", {}).sentence, "Rebalancing has begun.");
});

test("an event that this page does not know is shown as it is", () => {
  for (const type of ["probe.lost", "constructor", "node.constructor", "toString.done"]) {
    const told = tellEvent(event(type, {}), en, formats);
    assert.equal(told.sentence, `${type}: node2`);
  }
  for (const detail of [null, "text", 5, [], { targets: "x", moved: "many" }]) {
    const told = tellEvent(event("failover", /** @type {any} */ (detail)), en, formats);
    assert.equal(told.sentence, "0 monitors of node2 moved to other nodes.");
  }
});

test("every type of event and of operation has its sentence in both languages", () => {
  for (const [text, numbers] of [
    [en, formats],
    [zhTw, chinese],
  ]) {
    for (const type of Object.keys(en.operations.types)) {
      assert.ok(tellEvent(event(type, { moved: 3 }), text, numbers).sentence.includes("3"), type);
      assert.notEqual(tellEvent(event(`${type}.done`, {}), text, numbers).sentence, `${type}.done: node2`);
    }
  }
  assert.equal(tellEvent(event("node.online", {}), zhTw, chinese).sentence, "node2 已在線。");
});

test("the batches of one operation are one event, where the newest of them was", () => {
  const events = [
    event("recovery", { operation: 8, moved: 2, targets: { node2: 2 }, reason: "the home node is online" }, { id: 9 }),
    event("node.online", { reason: "3 good checks in a row" }, { id: 8 }),
    event("recovery", { operation: 8, moved: 6, targets: { node2: 6 } }, { id: 7 }),
    event("recovery", { operation: 5, moved: 1, targets: { node2: 1 } }, { id: 6 }),
  ];
  const told = groupBatches(events);
  assert.deepEqual(
    told.map((/** @type {EventBody} */ one) => one.id),
    [9, 8, 6],
  );
  assert.deepEqual(told[0].detail, {
    ...{ operation: 8, moved: 8, targets: { node2: 8 }, reason: "the home node is online" },
  });
});

test("few changes are announced one by one, many as a number", () => {
  assert.equal(announce([], en, formats), "");
  assert.equal(announce([{ node: "node2", state: "offline" }], en, formats), "node2 is offline.");
  assert.equal(announce([{ node: "node2", state: undefined }], en, formats), "node2 is no longer registered.");
  const many = Array.from({ length: 4 }, (_, index) => ({ node: `node${index}`, state: "offline" }));
  assert.equal(announce(many, en, formats), "4 states have changed.");
});

test("a problem is told in the API's words, where it has some", () => {
  const problem = { status: 409, code: "last_online_node", message: "node1 is the last one.", retryAfter: undefined };
  assert.equal(problemText(problem, zhTw, chinese), "node1 is the last one.");
  assert.equal(problemText({ ...problem, code: "timeout", message: "" }, en, formats), en.problem.timeout);
  assert.match(problemText({ ...problem, code: "http_409", message: "" }, en, formats), /409/);
});

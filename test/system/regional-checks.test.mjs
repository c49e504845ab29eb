// What comes of results that probes send, and what Uptime Kuma is told of it, when something is odd: monitors that somebody
// has paused or deleted, nodes that do not answer, checks that change meanwhile, clocks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "./harness.mjs";

const SECRET = { "X-Cluster-Secret": "s3cret", "Content-Type": "application/json" };
/** Monitors of which every other one is node1's; the fake nodes number those that they are asked to make. */
const MONITORS = 30;
const CHECK = { kind: "tcp", target: { host: "127.0.0.1", port: 9 }, interval: 5, timeout_ms: 1000 };

/** @type {import("./harness.mjs").System} */
let system;
let session = "";
let seq = 0;

before(async () => {
  const env = { CLUSTER_SECRET: "s3cret", NODE_OFFLINE_AFTER: "60" };
  system = await startSystem({ nodes: 2, monitors: MONITORS, env });
  await system.sql("UPDATE monitor SET type = 'push', push_token = CONCAT('token', id)");
  session = (await call("POST", "/lb/probes/register", { probe_id: "p1", region: "eu", version: "1" })).json.session;
});
after(() => system?.close());

/** @param {string} method @param {string} path @param {unknown} [body] */
const call = (method, path, body) =>
  system.get(path, { method, headers: SECRET, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

/** @param {string} name @param {object} [more] */
async function addCheck(name, more = {}) {
  const { status, json, text } = await call("POST", "/lb/probe-checks", { ...CHECK, name, ...more });
  assert.equal(status, 201, text);
  return json;
}

/** @param {number} check_id @param {string} status @param {object} [more] */
async function say(check_id, status, more = {}) {
  seq += 1;
  const result = { seq, check_id, status, age_ms: 0, message: "as told", ...more };
  const answer = await call("POST", "/lb/probes/results", { probe_id: "p1", session, results: [result] });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/** @param {number} id */
const verdictOf = async (id) => (await call("GET", `/lb/probe-checks/${id}`)).json.verdict;

/** @param {number} id @param {string} wanted */
const untilVerdict = (id, wanted) =>
  waitFor(async () => (await verdictOf(id)) === wanted, { what: `${wanted} of check ${id}`, timeoutMs: 10000 });

/** All beats of a monitor so far. @param {number} monitorId */
async function beatsOf(monitorId) {
  const seen = await Promise.all(system.nodes.map((node) => node.seen()));
  return seen.flatMap(({ pushes }) => pushes).filter(({ token }) => token === `token${monitorId}`);
}

/** @param {number} monitorId @param {string} status @param {number} [since] */
const untilBeat = (monitorId, status, since = 0) =>
  waitFor(async () => (await beatsOf(monitorId)).find((beat) => beat.status === status && beat.at >= since), {
    what: `a beat ${status} of monitor ${monitorId}`,
    timeoutMs: 10000,
  });

/** @param {RegExp} pattern */
const logLines = (pattern) =>
  readFileSync(system.lb.log, "utf8")
    .split("\n")
    .filter((line) => pattern.test(line));

test("a message that is cut is still text, and keeps no other check waiting", async () => {
  const one = await addCheck("one");
  const two = await addCheck("two");
  await say(one.id, "down", { message: `${"x".repeat(299)}${"é".repeat(300)}` });
  await say(two.id, "down");
  await untilVerdict(one.id, "down");
  await untilVerdict(two.id, "down");
  await untilBeat(two.monitor_id, "down");
  const [{ msg }] = await beatsOf(one.monitor_id);
  assert.match(String(msg), /^down in 1 of 1 regions: eu: x+\.\.\.$/);
  for (const { id } of [one, two]) await call("DELETE", `/lb/probe-checks/${id}`);
});

test("a paused monitor is left alone without a word, and told again when it is not paused any more", async () => {
  const { id, monitor_id } = await addCheck("paused");
  await system.sql(`UPDATE monitor SET active = 0 WHERE id = ${monitor_id}`);
  const lines = logLines(/cannot be told/).length;
  await say(id, "up");
  await untilVerdict(id, "up");
  await sleep(3000);
  assert.deepEqual(await beatsOf(monitor_id), []);
  assert.equal(logLines(/cannot be told/).length, lines);
  await system.sql(`UPDATE monitor SET active = 1 WHERE id = ${monitor_id}`);
  await say(id, "up");
  await untilBeat(monitor_id, "up");
});

test("a beat whose answer takes long, as with slow notifications, is sent once", async () => {
  const { id, monitor_id } = await addCheck("slow");
  await say(id, "up");
  await untilBeat(monitor_id, "up");
  for (const node of system.nodes) await node.behave({ answer: "slow:9000" });
  await say(id, "down");
  await untilBeat(monitor_id, "down");
  await sleep(7500);
  assert.equal((await beatsOf(monitor_id)).filter(({ status }) => status === "down").length, 1);
  for (const node of system.nodes) await node.behave({ answer: "ok" });
  await call("DELETE", `/lb/probe-checks/${id}`);
});

test("a message with line breaks is one line, and keeps no other result waiting", async () => {
  const { id } = await addCheck("lines");
  await say(id, "down", { message: 'the keyword "a\n\tb" is not in the body' });
  await untilVerdict(id, "down");
  const { votes } = (await call("GET", `/lb/probe-checks/${id}`)).json;
  assert.equal(votes[0].message, 'the keyword "a  b" is not in the body');
  await call("DELETE", `/lb/probe-checks/${id}`);
});

test("a monitor that somebody has deleted is one line in the log, not one a second; PUT makes another", async () => {
  const { id, monitor_id } = await addCheck("deleted");
  await system.sql(`UPDATE monitor SET id = id + 1000 WHERE id = ${monitor_id}`);
  await say(id, "up");
  await untilVerdict(id, "up");
  await sleep(7000);
  assert.equal(logLines(new RegExp(`monitor ${monitor_id} cannot be told`)).length, 1);
  await system.sql(`UPDATE monitor SET id = id - 1000 WHERE id = ${monitor_id} + 1000`);
});

test("what was found of a check before it was changed counts for nothing", async () => {
  const { id } = await addCheck("changed");
  const revisionOf = async () => {
    const { json } = await call("GET", `/lb/probes/assignments?probe=p1&session=${session}`);
    return json.checks.find((/** @type {{id: number}} */ check) => check.id === id).revision;
  };
  const revision = await revisionOf();
  assert.deepEqual(await say(id, "down", { revision }), { accepted: 1, ignored: 0 });
  await untilVerdict(id, "down");
  assert.equal(
    (await call("PUT", `/lb/probe-checks/${id}`, { ...CHECK, name: "changed", timeout_ms: 900 })).status,
    200,
  );
  assert.deepEqual(await say(id, "down", { revision }), { accepted: 0, ignored: 1 });
  await sleep(2000);
  assert.equal(await verdictOf(id), "unknown");
  assert.deepEqual(await say(id, "up", { revision: await revisionOf() }), { accepted: 1, ignored: 0 });
  await untilVerdict(id, "up");
});

test("a clock that is set back makes no vote last longer, and the next result counts", async () => {
  const { id } = await addCheck("clock");
  await say(id, "up");
  await untilVerdict(id, "up");
  await system.sql(`UPDATE probe_vote SET at = NOW(6) + INTERVAL 1 HOUR WHERE check_id = ${id}`);
  await untilVerdict(id, "unknown");
  await say(id, "down");
  await untilVerdict(id, "down");
});

test("a node that takes no beat keeps those of other nodes not waiting, and gets its own when it is back", async () => {
  const checks = [];
  for (const name of ["slow1", "slow2"]) checks.push(await addCheck(name));
  const owners = await system.sql("SELECT id FROM monitor WHERE owner_node = 'node2'");
  const isOfNode2 = ({ monitor_id = 0 }) => owners.trim().split("\n").includes(String(monitor_id));
  const there = checks.find(isOfNode2);
  const here = checks.find((check) => !isOfNode2(check));
  assert.ok(there && here, "one of each node");
  await system.nodes[1]?.behave({ answer: "500" });
  const since = Date.now();
  for (const { id } of checks) await say(id, "down");
  await untilBeat(here.monitor_id, "down", since);
  const tried = async () => (await beatsOf(there.monitor_id)).length >= 2;
  await waitFor(tried, { what: "a second try", timeoutMs: 10000 });
  assert.equal(logLines(new RegExp(`monitor ${there.monitor_id} cannot be told`)).length, 1);
  await system.nodes[1]?.behave({ answer: "ok" });
  const back = Date.now();
  await untilBeat(there.monitor_id, "down", back);
});

test("whether a node has made a monitor or not is unknown when it says nothing: no other node makes a second one", async () => {
  const made = async () => (await system.nodes[1]?.seen())?.counts["POST /api/v1/monitors"] ?? 0;
  const before = await made();
  await system.nodes[0]?.behave({ answer: "close" });
  const { status, json } = await call("POST", "/lb/probe-checks", { ...CHECK, name: "unsure" });
  assert.equal(status, 502);
  assert.match(json.message, /node1: /);
  assert.equal(await made(), before);
  await system.nodes[0]?.behave({ answer: "ok" });
});

test("a list of another shape is refused", async () => {
  for (const results of [{ a: 1 }, { 1: {} }, "x", 7]) {
    assert.equal((await call("POST", "/lb/probes/results", { probe_id: "p1", session, results })).status, 400);
  }
  const regions = Array.from({ length: 50 }, (_, index) => `${index}`.padEnd(64, "r"));
  for (const wrong of [{ eu: true }, [...regions, "eu"]]) {
    assert.equal((await call("POST", "/lb/probe-checks", { ...CHECK, name: "x", regions: wrong })).status, 400);
  }
  assert.deepEqual((await addCheck("many regions", { regions })).regions, regions);
});

// One story on one cluster, told in order: thirty monitors beat, a node is killed and comes back, a node is shut down.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { startLoad } from "../support/http.mjs";
import { anyFailed } from "../support/outcome.mjs";
import { clientAddress, startBeatingCluster } from "./beating-cluster.mjs";
import { gaps, rhythm, storedBeats } from "./beats.mjs";
import { STEADY_MS, thorough } from "./durations.mjs";
import { INTERVAL_S } from "./kuma-client.mjs";
import { startWrk } from "./wrk.mjs";

const EVEN = { node1: 10, node2: 10, node3: 10 };
const DOWN = 0;
const UP = 1;

/** @type {import("./beating-cluster.mjs").BeatingCluster} */
let site;

before(async () => {
  site = await startBeatingCluster({ count: 30 });
});
after(() => site?.close(anyFailed()));

const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Requests until the function that it returns is called; then none may have failed.
 * @param {{diagnostic: (text: string) => void, after: (hook: () => unknown) => void}} t
 */
function startPerfectLoad(t) {
  const url = `${site.cluster.url}/dashboard`;
  const load = startLoad(url, { from: clientAddress });
  const flood = thorough ? startWrk(url) : undefined;
  t.after(() => Promise.all([load.stop(), flood?.stop()]));
  return async () => {
    const { total, failures, slowestMs, nodes } = await load.stop();
    t.diagnostic(`${total} requests, ${failures.length} failed, slowest ${Math.round(slowestMs)} ms`);
    assert.deepEqual(failures, []);
    assert.equal(Object.keys(nodes).length, 3, "each node had a part of them");
    const flooded = await flood?.stop();
    if (flooded === undefined) return;
    t.diagnostic(`${flooded.total} requests of wrk`);
    assert.deepEqual(flooded.failures, []);
  };
}

/**
 * The longest time for which one of these was not checked, in seconds.
 * @param {import("./kuma-client.mjs").Monitor[]} list
 */
function longestGap(list) {
  return Math.max(...list.flatMap(({ path }) => gaps(site.receiver.hitsOf(path)))) / 1000;
}

/** No beat was ever made twice. @param {{diagnostic: (text: string) => void}} t */
async function assertOneRhythm(t) {
  const found = rhythm(await storedBeats(site.cluster));
  t.diagnostic(`all ${found.rows} beats so far: ${found.shortest} to ${found.longest} s apart`);
  assert.equal(found.duplicates, 0);
  return found;
}

test("thirty monitors that are added through the load balancer are spread ten to a node", async () => {
  await site.cluster.untilShares(EVEN, 10000);
});

test("every monitor is checked by its owner alone, once an interval", async (t) => {
  const { cluster, receiver, monitors } = site;
  const owners = await cluster.owners();
  const start = Date.now();
  await sleep(STEADY_MS);
  const wanted = STEADY_MS / 1000 / INTERVAL_S;
  for (const { id, path } of monitors) {
    const hits = receiver.hitsOf(path, start);
    assert.deepEqual([...new Set(hits.map(({ node }) => node))], [owners.get(id)], path);
    assert.ok(Math.abs(hits.length - wanted) <= 1, `${path}: ${hits.length} checks instead of ${wanted}`);
  }
  const stored = async () => {
    const beats = await storedBeats(cluster);
    return monitors.every(({ id, path }) => beats.get(id)?.length === receiver.hitsOf(path).length);
  };
  await waitFor(stored, { what: "as many stored beats as checks", timeoutMs: 5000 });
  const { longest } = await assertOneRhythm(t);
  assert.ok(longest <= INTERVAL_S + 3, `${longest} s without a beat`);
});

test("a node killed under load fails no request, and its monitors beat on elsewhere", async (t) => {
  const { cluster, receiver, monitorsOf, untilChecked } = site;
  const lost = await monitorsOf("node2");
  const stopLoad = startPerfectLoad(t);
  // The worst moment: just before its beats are due.
  const first = await untilChecked(lost.slice(0, 1), Date.now());
  await sleep(first + INTERVAL_S * 1000 - 1000 - Date.now());
  const killed = Date.now();
  await cluster.kill("node2");
  await cluster.untilShares({ node1: 15, node3: 15 });
  t.diagnostic(`${seconds(Date.now() - killed)} from the kill to the last change of an owner`);
  const last = await untilChecked(lost, killed, ["node1", "node3"]);
  t.diagnostic(`${seconds(last - killed)} from the kill to the first beat elsewhere of the last monitor`);
  t.diagnostic(`${longestGap(lost).toFixed(1)} s is the longest time for which one of them was not checked`);
  await stopLoad();
  assert.ok(longestGap(lost) < INTERVAL_S + 15, `${longestGap(lost)} s without a check`);
  assert.deepEqual(receiver.notifications, []);
  await assertOneRhythm(t);
});

test("a node that is started again gets its monitors back, and none beats twice", async (t) => {
  const { cluster, receiver, monitorsOf, untilChecked } = site;
  const started = Date.now();
  await cluster.start("node2");
  await cluster.untilStatus({ node1: "online", node2: "online", node3: "online" });
  t.diagnostic(`${seconds(Date.now() - started)} from its start to online`);
  await cluster.untilShares(EVEN);
  t.diagnostic(`${seconds(Date.now() - started)} from its start to the last monitor at home`);
  const [{ away }] = await cluster.sql("SELECT COUNT(*) AS away FROM monitor WHERE assigned_node IS NOT NULL");
  assert.equal(away, 0);
  const home = Date.now();
  const back = await monitorsOf("node2");
  await untilChecked(back, home, ["node2"]);
  await sleep(INTERVAL_S * 1000);
  for (const { path } of back) {
    const nodes = receiver.hitsOf(path, home).map(({ node }) => node);
    assert.deepEqual([...new Set(nodes.slice(nodes.indexOf("node2")))], ["node2"], path);
  }
  t.diagnostic(`${longestGap(back).toFixed(1)} s is the longest time for which one of them was not checked`);
  await assertOneRhythm(t);
});

test("nobody was alerted while every target was up", async () => {
  assert.deepEqual(site.receiver.notifications, []);
  assert.equal(rhythm(await storedBeats(site.cluster)).notUp, 0);
});

test("a node told to end says offline, and its monitors move within seconds", async (t) => {
  const { cluster, monitorsOf, untilChecked } = site;
  const leaving = await monitorsOf("node3");
  const stopLoad = startPerfectLoad(t);
  await sleep(1000);
  const told = Date.now();
  const ended = cluster.stop("node3");
  const status = "SELECT status FROM node WHERE node_id = 'node3'";
  const offline = async () => (await cluster.sql(status))[0].status === "offline";
  await waitFor(offline, { what: "node3 offline", timeoutMs: 5000, everyMs: 20 });
  t.diagnostic(`${seconds(Date.now() - told)} from SIGTERM to offline`);
  await cluster.untilShares({ node1: 15, node2: 15 }, 10000);
  t.diagnostic(`${seconds(Date.now() - told)} from SIGTERM to the last change of an owner`);
  assert.equal(await ended, true);
  t.diagnostic(`${seconds(Date.now() - told)} from SIGTERM to the end of the process`);
  await untilChecked(leaving, told, ["node1", "node2"]);
  t.diagnostic(`${longestGap(leaving).toFixed(1)} s is the longest time for which one of them was not checked`);
  await stopLoad();
  assert.ok(longestGap(leaving) < INTERVAL_S + 10, `${longestGap(leaving)} s without a check`);
  await assertOneRhythm(t);
});

test("a target that fails after the move is alerted once, and once more when it is well again", async () => {
  const { cluster, receiver } = site;
  const [{ name: path }] = await cluster.sql("SELECT name FROM monitor WHERE assigned_node IS NOT NULL");
  const alerts = () => receiver.notifications.map(({ monitor, status }) => ({ monitor, status }));
  receiver.answer(path, 500);
  await waitFor(() => alerts().length > 0, { what: "the alert", timeoutMs: 2 * INTERVAL_S * 1000 });
  receiver.answer(path, 200);
  await waitFor(() => alerts().length > 1, { what: "the end of the alert", timeoutMs: 2 * INTERVAL_S * 1000 });
  await sleep(2000);
  assert.deepEqual(alerts(), [
    { monitor: path, status: DOWN },
    { monitor: path, status: UP },
  ]);
});

// One story on one cluster, told in order: thirty monitors beat, a node is killed and comes back, a node is shut down.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { logIn, setUp } from "../agent/support/browser.mjs";
import { startLoad } from "../support/http.mjs";
import { gaps, rhythm, storedBeats } from "./beats.mjs";
import { startTestCluster } from "./cluster.mjs";
import { STEADY_MS } from "./durations.mjs";
import { INTERVAL_S, addMonitors, addWebhook } from "./kuma-client.mjs";
import { startReceiver } from "./receiver.mjs";

const MONITORS = 30;
const EVEN = { node1: 10, node2: 10, node3: 10 };
const DOWN = 0;
const UP = 1;

/** @typedef {{id: number, path: string}} Monitor */

/** @type {import("./cluster.mjs").TestCluster} */
let cluster;
/** @type {import("./receiver.mjs").Receiver} */
let receiver;
/** @type {Monitor[]} */
let monitors;

before(async () => {
  cluster = await startTestCluster();
  receiver = await startReceiver(cluster.nodeOfPid);
  await setUp(cluster);
  const socket = await logIn(cluster);
  const notificationId = await addWebhook(socket, receiver);
  monitors = await addMonitors(socket, receiver, { count: MONITORS, notificationId });
  socket.disconnect();
});
after(async () => {
  await receiver?.close();
  await cluster?.close();
});

const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;

/** Clients of different addresses are spread over nodes that run as many monitors. @param {number} client */
const clientAddress = (client) => `127.0.1.${client + 1}`;

/** The monitors that a node owns now. @param {string} nodeId */
async function monitorsOf(nodeId) {
  const owners = await cluster.owners();
  return monitors.filter(({ id }) => owners.get(id) === nodeId);
}

/**
 * Waits until a node has checked each of these since a time.
 * @param {Monitor[]} list @param {number} since @param {(node: string | undefined) => boolean} by
 * @returns {Promise<number>} when the last of them was checked for the first time, milliseconds since 1970
 */
async function untilChecked(list, since, by) {
  const firsts = () =>
    list.map(({ path }) => receiver.hitsOf(path, since).find(({ node }) => by(node))?.at ?? Infinity);
  const all = () => Math.max(...firsts()) < Infinity;
  await waitFor(all, { what: `a check of each of ${list.length} monitors`, timeoutMs: 90000, everyMs: 50 });
  return Math.max(...firsts());
}

/** @param {{diagnostic: (text: string) => void}} t */
async function assertOneRhythm(t) {
  const found = rhythm(await storedBeats(cluster));
  t.diagnostic(`all ${found.rows} beats so far: ${found.shortest} to ${found.longest} s apart`);
  assert.equal(found.duplicates, 0, "beats made twice");
  return found;
}

test("thirty monitors that are added through the load balancer are spread ten to a node", async () => {
  await cluster.untilShares(EVEN, 10000);
  await untilChecked(monitors, 0, (node) => node !== undefined);
});

test("every monitor is checked by its owner alone, once an interval", async (t) => {
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
  const lost = await monitorsOf("node2");
  const load = startLoad(`${cluster.url}/dashboard`, { from: clientAddress });
  await sleep(1000);
  const killed = Date.now();
  await cluster.kill("node2");
  await cluster.untilShares({ node1: 15, node3: 15 });
  t.diagnostic(`${seconds(Date.now() - killed)} from the kill to the last change of an owner`);
  const last = await untilChecked(lost, killed, (node) => node === "node1" || node === "node3");
  t.diagnostic(`${seconds(last - killed)} from the kill to the first beat elsewhere of the last monitor`);
  const longest = Math.max(...lost.flatMap(({ path }) => gaps(receiver.hitsOf(path)))) / 1000;
  t.diagnostic(`${longest.toFixed(1)} s is the longest time for which one of them was not checked`);
  const { total, failures, slowestMs } = await load.stop();
  t.diagnostic(`${total} requests, ${failures.length} failed, the slowest took ${Math.round(slowestMs)} ms`);
  assert.deepEqual(failures, []);
  assert.ok(longest < 2 * INTERVAL_S + 10, `${longest} s without a check`);
  await assertOneRhythm(t);
});

test("a node that is started again gets its monitors back, and none beats twice", async (t) => {
  const started = Date.now();
  await cluster.start("node2");
  await cluster.untilStatus({ node1: "online", node2: "online", node3: "online" });
  t.diagnostic(`${seconds(Date.now() - started)} from its start to online`);
  await cluster.untilShares(EVEN);
  t.diagnostic(`${seconds(Date.now() - started)} from its start to the last monitor at home`);
  const [{ away }] = await cluster.sql("SELECT COUNT(*) AS away FROM monitor WHERE assigned_node IS NOT NULL");
  assert.equal(away, 0);
  const home = Date.now();
  await untilChecked(await monitorsOf("node2"), home, (node) => node === "node2");
  await sleep(INTERVAL_S * 1000);
  for (const { path } of await monitorsOf("node2")) {
    const nodes = receiver.hitsOf(path, home + 2000).map(({ node }) => node);
    assert.deepEqual([...new Set(nodes)], ["node2"], path);
  }
  await assertOneRhythm(t);
});

test("nobody was alerted while every target was up", async () => {
  assert.deepEqual(receiver.notifications, []);
  assert.equal(rhythm(await storedBeats(cluster)).notUp, 0);
});

test("a node told to end says offline, and its monitors move within seconds", async (t) => {
  const leaving = await monitorsOf("node3");
  const load = startLoad(`${cluster.url}/dashboard`, { from: clientAddress });
  const told = Date.now();
  const ended = cluster.stop("node3");
  const offline = async () =>
    (await cluster.sql("SELECT status FROM node WHERE node_id = 'node3'"))[0].status === "offline";
  await waitFor(offline, { what: "node3 offline", timeoutMs: 5000, everyMs: 20 });
  t.diagnostic(`${seconds(Date.now() - told)} from SIGTERM to offline`);
  await cluster.untilShares({ node1: 15, node2: 15 }, 10000);
  t.diagnostic(`${seconds(Date.now() - told)} from SIGTERM to the last change of an owner`);
  await ended;
  t.diagnostic(`${seconds(Date.now() - told)} from SIGTERM to the end of the process`);
  const last = await untilChecked(leaving, told, (node) => node === "node1" || node === "node2");
  t.diagnostic(`${seconds(last - told)} from SIGTERM to the first beat elsewhere of the last monitor`);
  const { total, failures } = await load.stop();
  t.diagnostic(`${total} requests, ${failures.length} failed`);
  assert.deepEqual(failures, []);
  const longest = Math.max(...leaving.flatMap(({ path }) => gaps(receiver.hitsOf(path, told - 25000)))) / 1000;
  t.diagnostic(`${longest.toFixed(1)} s is the longest time for which one of them was not checked`);
  assert.ok(longest < INTERVAL_S + 10, `${longest} s without a check`);
  await assertOneRhythm(t);
});

test("a target that fails after the move is alerted once, and once more when it is well again", async () => {
  const owners = await cluster.owners();
  const [{ path }] = monitors.filter(({ id }) => owners.get(id) !== "node3");
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

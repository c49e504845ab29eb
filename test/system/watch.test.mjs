// The standing connections to the nodes. The periodic check is so rare here that nothing else can notice a dead node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "./harness.mjs";

/** Seconds: longer than the whole file takes. */
const NEVER = "3000";
const ONLINE = { node1: "online", node2: "online", node3: "online" };

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ monitors: 30, env: { HEALTH_CHECK_INTERVAL: NEVER, HEALTH_CHECK_TIMEOUT: "5000" } });
});
after(() => system?.close());

/** @param {number} index */
const node = (index) => /** @type {import("./harness.mjs").FakeNode} */ (system.nodes[index]);

/** What the load balancer says of the connection to a node. @param {string} nodeId */
async function watchOf(nodeId) {
  const { nodes } = (await system.get("/lb/node-status")).json;
  return nodes.find((/** @type {{node_id: string}} */ { node_id }) => node_id === nodeId)?.watch;
}

/** @param {string} nodeId @param {string} state @param {RegExp} [reason] @param {number} [timeoutMs] */
async function untilWatch(nodeId, state, reason = /(?:)/, timeoutMs = 15000) {
  const check = async () => {
    const watch = await watchOf(nodeId);
    if (watch?.state === state && reason.test(watch.reason ?? "")) return true;
    throw new Error(`it is ${JSON.stringify(watch)}`);
  };
  await waitFor(check, { what: `${nodeId} ${state}`, timeoutMs, everyMs: 50 });
}

async function untilAllWatched() {
  for (const { node_id } of system.nodes) await untilWatch(node_id, "watching");
}

async function losses() {
  return (await system.get("/lb/health-status")).json.statistics.watch_losses;
}

/** @param {number} index */
async function checks(index) {
  return (await node(index).seen()).probes.length;
}

/** @param {Record<string, number>} wanted monitors by owner */
async function untilShares(wanted) {
  const check = async () => {
    const rows = await system.sql("SELECT owner_node, COUNT(*) FROM monitor GROUP BY owner_node ORDER BY owner_node");
    const lines = Object.entries(wanted).map(([owner, count]) => `${owner}\t${count}`);
    if (rows.trim() === lines.join("\n")) return true;
    throw new Error(`the monitors are ${rows}`);
  };
  await waitFor(check, { what: `monitors ${JSON.stringify(wanted)}`, timeoutMs: 30000, everyMs: 20 });
}

/** Starts a node that is down, and waits until all is as at the beginning. @param {number} index */
async function restart(index) {
  await node(index).start();
  await system.untilStatus(ONLINE);
  await untilShares({ node1: 10, node2: 10, node3: 10 });
  await untilAllWatched();
}

test("one worker watches each node over one connection", async () => {
  await untilAllWatched();
  await sleep(2000);
  for (const { seen } of system.nodes) assert.equal((await seen()).watchers, 1);
  const watch = await watchOf("node1");
  assert.ok(watch.last_tick_age_seconds < 2.5, JSON.stringify(watch));
  assert.equal(await losses(), 0);
});

test("a node killed without any traffic loses its monitors at once", async (t) => {
  const killed = performance.now();
  await node(1).kill();
  await untilShares({ node1: 15, node3: 15 });
  t.diagnostic(`${((performance.now() - killed) / 1000).toFixed(1)} s from the kill to the last assignment`);
  await untilWatch("node2", "lost", /refused|reset|ended/);
});

test("a node that stays dead is reported once", async () => {
  const before = await losses();
  await sleep(8000);
  assert.equal(await losses(), before);
  assert.equal(before, 1);
});

test("a node that comes back is watched again", async () => {
  await restart(1);
  assert.equal((await node(1).seen()).watchers, 1);
  assert.equal(await losses(), 1);
});

test("a node that stands still is noticed by its silence, and goes on when it does", async (t) => {
  const stopped = performance.now();
  process.kill(node(2).pid, "SIGSTOP");
  await untilShares({ node1: 15, node2: 15 });
  t.diagnostic(`${((performance.now() - stopped) / 1000).toFixed(1)} s from SIGSTOP to the last assignment`);
  process.kill(node(2).pid, "SIGCONT");
  await system.untilStatus(ONLINE);
  await untilShares({ node1: 10, node2: 10, node3: 10 });
  await untilAllWatched();
});

for (const [behaviour, reason] of [
  ["silent", /no sign of life for 3 s/],
  ["garbage", /no tick/],
  ["endless", /too long/],
  ["status:stalled", /stalled/],
  ["id:node7", /it is node node7, not node1/],
  ["close", /the connection ended/],
]) {
  test(`a node whose connection is bad (${behaviour}) but whose check is good is checked once and stays`, async () => {
    const [lost, checked] = [await losses(), await checks(0)];
    await node(0).behave({ watch: String(behaviour) });
    await untilWatch("node1", "lost", /** @type {RegExp} */ (reason));
    await waitFor(async () => (await checks(0)) > checked, { what: "the check", timeoutMs: 5000 });
    await sleep(3000);
    assert.equal(await losses(), lost + 1);
    assert.equal(await checks(0), checked + 1);
    await system.untilStatus(ONLINE, 1000);
    await node(0).behave({ watch: "ok" });
    await untilWatch("node1", "watching");
  });
}

test("a node without the endpoint is neither suspected nor asked again at once", async () => {
  await node(0).kill();
  await system.untilStatus({ node1: "offline" });
  await node(0).start({ watch: "404" });
  await untilWatch("node1", "unsupported", /answers 404/);
  await system.untilStatus(ONLINE);
  const [lost, checked] = [await losses(), await checks(0)];
  await sleep(4000);
  assert.equal(await losses(), lost);
  assert.equal(await checks(0), checked);
  assert.equal((await node(0).seen()).counts["GET /api/v1/watch"], 1);
  assert.match(readFileSync(system.lb.log, "utf8"), /node1 cannot be watched/);
  // Its next question is a minute away: a worker that is new asks at once.
  await node(0).behave({ watch: "ok" });
  await system.lb.reload();
  await untilAllWatched();
});

test("after a reload new workers watch on, nothing is reported and no old worker stays", async () => {
  const before = await losses();
  for (let round = 0; round < 3; round++) {
    await system.lb.reload();
    await sleep(1500);
  }
  const two = () => system.lb.workers().length === 2;
  await waitFor(two, { what: "the end of the old workers", timeoutMs: 5000 });
  for (const { seen } of system.nodes) {
    await waitFor(async () => (await seen()).watchers === 1, { what: "one watcher", timeoutMs: 5000 });
  }
  assert.equal(await losses(), before);
});

test("when the worker that watches is killed another one goes on", async () => {
  for (const pid of system.lb.workers()) {
    process.kill(pid, "SIGKILL");
    await sleep(500);
  }
  const watched = async () =>
    (await Promise.all(system.nodes.map(({ seen }) => seen()))).every((s) => s.watchers === 1);
  await waitFor(watched, { what: "a new watcher of each node", timeoutMs: 10000 });
});

test("the list of nodes is followed: one that goes is let go, one that comes is watched", async () => {
  await system.sql("DELETE FROM node WHERE node_id = 'node3'");
  await waitFor(async () => (await node(2).seen()).watchers === 0, { what: "the end", timeoutMs: 10000 });
  await node(2).kill();
  await node(2).start();
  await system.untilStatus(ONLINE);
  await untilAllWatched();
});

test("nobody outside watches a node or has it look for its monitors", async () => {
  for (const path of ["/api/v1/watch", "/api/v1/watch/", "/API/v1/Watch", "/api/v1//watch?x=1", "/api/v1/%77atch"]) {
    const answer = await system.get(path);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json?.error, "not_found", path);
    assert.equal(answer.headers["x-routed-to"], undefined);
  }
  assert.equal((await system.post("/api/v1/reconcile-monitors")).json?.error, "not_found");
  assert.equal((await system.get("/api/v1/watcher")).json?.url, "/api/v1/watcher");
});

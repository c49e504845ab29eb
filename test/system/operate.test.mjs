import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { startSystem } from "./harness.mjs";
import { ownersOf, untilIdle, untilShares } from "./shares.mjs";

const MONITORS = 60;
const BATCH = 10;
/** A beat of every monitor: those that beat are awaited when they have moved. */
const BEAT = "INSERT INTO heartbeat (monitor_id, status, time) SELECT id, 1, UTC_TIMESTAMP() FROM monitor";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({
    monitors: MONITORS,
    env: { REBALANCE_BATCH: String(BATCH), REBALANCE_QUIET_TIME: "86400", UPTIME_KUMA_NODE_ID: "lb1" },
  });
});
after(() => system?.close());

/** Homes by node: the first monitors to the first node. Nobody beats. @param {Record<string, number>} counts */
async function settle(counts) {
  await untilIdle(system);
  await system.sql("DELETE FROM heartbeat");
  let first = 1;
  for (const [node, count] of Object.entries(counts)) {
    await system.sql(
      `UPDATE monitor SET node_id = '${node}', assigned_node = NULL WHERE id BETWEEN ${first} AND ${first + count - 1}`,
    );
    first += count;
  }
}

/** All monitors beat until the returned function is called, which returns when the last beat is stored. */
function beatUntilRest() {
  const stop = new AbortController();
  const beating = (async () => {
    while (!stop.signal.aborted) {
      await system.sql(BEAT);
      await sleep(500, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return () => {
    stop.abort();
    return beating;
  };
}

/** @typedef {{monitor_id: number, from: string, to: string}} PlannedMove */

/** What the log says that an operation moved. @param {number} id @returns {Promise<PlannedMove[]>} */
async function movesOf(id) {
  const rows = await system.sql(
    `SELECT monitor_id, from_node, to_node FROM cluster_move WHERE operation = ${id} ORDER BY id`,
  );
  return rows
    .trim()
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => row.split("\t"))
    .map(([monitor, from = "", to = ""]) => ({ monitor_id: Number(monitor), from, to }));
}

/** @param {PlannedMove[]} moves */
const byId = (moves) => [...moves].sort((a, b) => a.monitor_id - b.monitor_id);

/** Runs a rebalancing to its end. @param {string} name @returns {Promise<any>} its entry in the history */
async function runToEnd(name) {
  const accepted = await system.post(`/lb/${name}`);
  assert.equal(accepted.status, 202, accepted.text);
  await untilIdle(system);
  const { history } = (await system.get("/lb/rebalancing-status")).json;
  return history.find((/** @type {{id: number}} */ run) => run.id === accepted.json.id);
}

test("without a secret a client from elsewhere may not change the cluster, and the log warns of it once", async () => {
  const far = await system.post("/lb/trigger-rebalancing", { headers: { "X-Forwarded-For": "203.0.113.7" } });
  assert.equal(far.status, 403);
  assert.equal(far.json.error, "forbidden");
  const near = await system.post("/lb/update-loads", { headers: { "X-Forwarded-For": "192.168.1.7" } });
  assert.equal(near.status, 200);
  assert.equal(readFileSync(system.lb.log, "utf8").split("CLUSTER_SECRET is not set").length - 1, 1);
});

test("a rebalancing makes the moves that the dry run listed, in batches, and no others", async () => {
  await settle({ node1: 40, node2: 15, node3: 5 });
  const start = await ownersOf(system);
  const dry = (await system.post("/lb/trigger-rebalancing?dry_run=1")).json;
  assert.equal(dry.total, 20);
  await sleep(1500);
  assert.deepEqual(await ownersOf(system), start);
  assert.equal((await system.get("/lb/rebalancing-status")).json.status, "idle");
  const run = await runToEnd("trigger-rebalancing");
  assert.equal(run.type, "rebalancing");
  assert.equal(run.status, "done");
  assert.equal(run.moved, 20);
  assert.equal(run.total, 20);
  const made = await movesOf(run.id);
  assert.deepEqual(byId(made), byId(dry.moves));
  await untilShares(system, { node1: 20, node2: 20, node3: 20 });
  assert.equal((await system.sql("SELECT COUNT(*) FROM monitor WHERE assigned_node IS NOT NULL")).trim(), "0");
  const batches = await system.sql(
    `SELECT COUNT(*) FROM cluster_event WHERE type = 'rebalancing' AND JSON_VALUE(detail, '$.operation') = ${run.id}`,
  );
  assert.equal(Number(batches), 20 / BATCH);
});

test("there is nothing to do when the nodes are even, and that is done at once", async () => {
  assert.deepEqual((await system.get("/lb/trigger-rebalancing?dry_run=1")).json.moves, []);
  const run = await runToEnd("trigger-rebalancing");
  assert.equal(run.moved, 0);
  assert.equal(run.status, "done");
});

test("a forced one places every monitor anew, as its dry run says", async () => {
  await settle({ node1: 58, node2: 1, node3: 1 });
  const dry = (await system.get("/lb/force-rebalance-all?dry_run=1")).json;
  assert.equal(dry.type, "redistribution");
  const run = await runToEnd("force-rebalance-all");
  assert.deepEqual(byId(await movesOf(run.id)), byId(dry.moves));
  await untilShares(system, { node1: 20, node2: 20, node3: 20 });
  assert.equal((await system.post("/lb/force-rebalance-all?dry_run=1")).json.total, 0);
});

test("the next batch waits until the last one beats, and a second request gets the one that is open", async () => {
  await settle({ node1: 40, node2: 15, node3: 5 });
  await system.sql(BEAT);
  const { id } = (await system.post("/lb/trigger-rebalancing")).json;
  const moved = async () => Number(await system.sql(`SELECT moved FROM cluster_operation WHERE id = ${id}`));
  await waitFor(async () => (await moved()) === BATCH, { what: "the first batch", timeoutMs: 10000 });
  const again = await system.post("/lb/force-rebalance-all");
  assert.equal(again.status, 202);
  assert.equal(again.json.id, id);
  await sleep(3000);
  assert.equal(await moved(), BATCH);
  const status = (await system.get("/lb/rebalancing-status")).json;
  assert.equal(status.status, "running");
  assert.equal(status.progress, BATCH / 20);
  assert.equal(status.id, id);
  assert.ok(status.started_at);
  while ((await moved()) < 20) {
    await system.sql(BEAT);
    await sleep(500);
  }
  await system.sql(BEAT);
  await untilIdle(system);
});

test("what is pinned stays, and so does what is away from its home", async () => {
  await settle({ node1: 60 });
  await system.sql("INSERT INTO cluster_pin (monitor_id) SELECT id FROM monitor WHERE id <= 30");
  await system.sql("UPDATE monitor SET assigned_node = 'node1', node_id = 'node2' WHERE id = 31");
  const dry = (await system.post("/lb/trigger-rebalancing?dry_run=1")).json;
  const run = await runToEnd("trigger-rebalancing");
  assert.equal(run.moved, dry.total);
  const owners = await ownersOf(system);
  for (let id = 1; id <= 31; id += 1) assert.equal(owners.get(String(id)), "node1");
  await untilShares(system, { node1: 31, node2: 15, node3: 14 });
  const explained = (await system.get("/lb/monitors/1/explain")).json;
  assert.equal(explained.rule, "pinned");
  const byHand = (await system.get("/lb/monitors/31/explain")).json;
  assert.equal(byHand.rule, "by_hand");
  assert.match(byHand.explanation, /by hand; its home is node2/);
  await system.sql("DELETE FROM cluster_pin");
});

test("a drained node is emptied in batches, gets no new requests, and has its monitors back when it is ready", async () => {
  await settle({ node1: 20, node2: 20, node3: 20 });
  const drained = await system.post("/lb/nodes/node2/drain");
  assert.equal(drained.status, 202, drained.text);
  assert.equal(drained.json.drained, true);
  await system.untilStatus({ node1: "online", node2: "draining", node3: "online" });
  await untilShares(system, { node1: 30, node3: 30 });
  const before = (await system.nodes[1]?.seen())?.counts["GET /"] ?? 0;
  for (let index = 0; index < 30; index += 1) await system.get("/");
  assert.equal((await system.nodes[1]?.seen())?.counts["GET /"] ?? 0, before);
  const one = (await system.sql("SELECT MIN(id) FROM monitor WHERE node_id = 'node2'")).trim();
  const explained = (await system.get(`/lb/monitors/${one}/explain`)).json;
  assert.equal(explained.rule, "moved");
  assert.match(
    explained.explanation,
    /^node[13] runs it: it was moved from node2 to node[13] by drain \d+ at \S+Z because an operator drains the node/,
  );
  assert.ok(explained.epoch >= 1 && explained.since && explained.moves.length >= 1 && explained.moves.length <= 10);
  assert.equal((await system.post("/lb/nodes/node2/ready")).status, 202);
  await system.untilStatus({ node2: "online" });
  await untilShares(system, { node1: 20, node2: 20, node3: 20 });
  const home = (await system.get(`/lb/monitors/${one}/explain`)).json;
  assert.equal(home.rule, "home");
  assert.match(home.explanation, /by recovery \d+/);
});

test("a drained node that dies and comes back is draining again", async () => {
  await untilIdle(system);
  await system.post("/lb/nodes/node3/drain");
  await system.untilStatus({ node3: "draining" });
  await untilShares(system, { node1: 30, node2: 30 });
  await system.nodes[2]?.kill();
  await system.untilStatus({ node3: "offline" });
  await system.nodes[2]?.start();
  await system.untilStatus({ node3: "draining" });
  assert.ok((await system.get("/lb/node-status")).json.nodes[2].drained_at);
  await untilShares(system, { node1: 30, node2: 30 }, 1000);
});

test("the last online node cannot be drained, one that is offline can", async () => {
  await system.post("/lb/nodes/node2/drain");
  await system.untilStatus({ node1: "online", node2: "draining", node3: "draining" });
  const refused = await system.post("/lb/nodes/node1/drain");
  assert.equal(refused.status, 409);
  assert.equal(refused.json.error, "last_online_node");
  await system.post("/lb/nodes/node2/ready");
  await system.untilStatus({ node2: "online" });
  await system.post("/lb/nodes/node3/ready");
  await system.untilStatus({ node3: "online" });
  await untilShares(system, { node1: 20, node2: 20, node3: 20 });
  await system.nodes[2]?.kill();
  await system.untilStatus({ node3: "offline" });
  const drained = await system.post("/lb/nodes/node3/drain");
  assert.equal(drained.status, 202);
  assert.equal(drained.json.status, "offline");
  await system.nodes[2]?.start();
  await system.untilStatus({ node3: "draining" });
  await system.post("/lb/nodes/node3/ready");
  await system.untilStatus({ node3: "online" });
  await untilShares(system, { node1: 20, node2: 20, node3: 20 });
});

test("a fail-over comes before the rest of a rebalancing, which then goes on without the dead node", async () => {
  await settle({ node1: 48, node2: 6, node3: 6 });
  await system.sql(BEAT);
  const { id } = (await system.post("/lb/trigger-rebalancing")).json;
  const moved = async () => Number(await system.sql(`SELECT moved FROM cluster_operation WHERE id = ${id}`));
  await waitFor(async () => (await moved()) === BATCH, { what: "the first batch", timeoutMs: 10000 });
  await system.nodes[2]?.kill();
  const left = async () => ![...(await ownersOf(system)).values()].includes("node3");
  await waitFor(left, { what: "a fail-over of node3", timeoutMs: 15000, everyMs: 100 });
  assert.equal(await moved(), BATCH);
  const rest = beatUntilRest();
  await untilIdle(system).finally(rest);
  await untilShares(system, { node1: 30, node2: 30 }, 1000);
  const { history } = (await system.get("/lb/rebalancing-status")).json;
  assert.equal(history[0].id, id);
  assert.equal(history[0].status, "done");
  await system.sql("DELETE FROM heartbeat");
  await system.nodes[2]?.start();
  await system.untilStatus({ node3: "online" });
  const home = async () =>
    (await system.sql("SELECT COUNT(*) FROM monitor WHERE assigned_node IS NOT NULL")).trim() === "0";
  await waitFor(home, { what: "all monitors at home", timeoutMs: 30000, everyMs: 100 });
});

test("a second load balancer goes on with a rebalancing when the first is killed in the middle", async () => {
  await settle({ node1: 60 });
  const second = await startLoadBalancer({
    ...{ dir: join(system.dir, "lb2"), port: await freePort(), db: system.db, workers: 1 },
    env: { REBALANCE_BATCH: String(BATCH), REBALANCE_QUIET_TIME: "86400", UPTIME_KUMA_NODE_ID: "lb2" },
  });
  try {
    // Asked of the one that does not lead.
    const { id } = (await request(`${second.url}/lb/trigger-rebalancing`, { method: "POST" })).json;
    const moved = async () => Number(await system.sql(`SELECT moved FROM cluster_operation WHERE id = ${id}`));
    await waitFor(async () => (await moved()) >= BATCH, { what: "a batch", timeoutMs: 15000, everyMs: 50 });
    system.lb.kill();
    const before = await moved();
    assert.ok(before < 40, `${before} of 40 moved already`);
    await untilIdle({ url: second.url });
    const status = (await request(`${second.url}/lb/rebalancing-status`)).json;
    assert.equal(status.history[0].id, id);
    assert.equal(status.history[0].moved, 40);
    await untilShares(system, { node1: 20, node2: 20, node3: 20 });
    const epochs = await system.sql(`SELECT COUNT(DISTINCT epoch) FROM cluster_move WHERE operation = ${id}`);
    assert.equal(Number(epochs), 2);
    const twice = await system.sql(
      `SELECT COUNT(*) - COUNT(DISTINCT monitor_id) FROM cluster_move WHERE operation = ${id}`,
    );
    assert.equal(Number(twice), 0);
  } finally {
    await second.stop();
  }
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { startLoad } from "../support/http.mjs";
import { startSystem } from "./harness.mjs";
import { ownersOf, sharesOf, untilShares as untilSharesOf } from "./shares.mjs";

const MONITORS = 60;

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ monitors: MONITORS });
});
after(() => system?.close());

const owners = () => ownersOf(system);
const shares = () => sharesOf(system);
const untilShares = (
  /** @type {Record<string, number>} */ wanted,
  /** @type {number | undefined} */ timeoutMs = undefined,
) => untilSharesOf(system, wanted, timeoutMs);

test("the monitors of a node that dies move to the others in equal parts, and only those move", async (t) => {
  const start = await owners();
  const load = startLoad(`${system.url}/`);
  await sleep(500);
  const killed = performance.now();
  await system.nodes[1]?.kill();
  await untilShares({ node1: 30, node3: 30 });
  t.diagnostic(`${((performance.now() - killed) / 1000).toFixed(1)} s from the kill to the last assignment`);
  const moved = await owners();
  for (const [id, owner] of start) if (owner !== "node2") assert.equal(moved.get(id), owner);
  await sleep(500);
  const { failures, total } = await load.stop();
  assert.deepEqual(failures, []);
  assert.ok(total > 100);
});

test("a node that is offline gets no request", async () => {
  await system.untilStatus({ node1: "online", node2: "offline", node3: "online" });
  const pinned = await system.get("/", { headers: { Cookie: "KUMA_FIXED_NODE=node2" } });
  assert.equal(pinned.headers["x-routed-via"], "load-balancer");
  assert.match(String(pinned.headers["set-cookie"]), /KUMA_FIXED_NODE=;/);
  const health = (await system.get("/lb/health")).json;
  assert.equal(health.status, "degraded");
});

test("the fail-over is in the history and in the events", async () => {
  const { failover_history } = (await system.get("/lb/health-status")).json;
  assert.ok(failover_history.length >= 1);
  assert.match(JSON.stringify(failover_history), /node2/);
  assert.match(await system.sql("SELECT type, node_id, detail FROM cluster_event"), /node2/);
});

test("a node that comes back is online after three good checks and gets its monitors again", async (t) => {
  const started = performance.now();
  await system.nodes[1]?.start();
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
  await untilShares({ node1: 20, node2: 20, node3: 20 });
  t.diagnostic(`${((performance.now() - started) / 1000).toFixed(1)} s from its start to its last monitor`);
  assert.equal((await system.sql("SELECT COUNT(*) FROM monitor WHERE assigned_node IS NOT NULL")).trim(), "0");
});

test("a node that says it leaves loses its monitors within seconds and its requests at once", async () => {
  const load = startLoad(`${system.url}/`);
  await system.nodes[2]?.stop();
  await untilShares({ node1: 30, node2: 30 }, 8000);
  assert.deepEqual((await load.stop()).failures, []);
  await system.nodes[2]?.start();
  await untilShares({ node1: 20, node2: 20, node3: 20 });
});

test("a node whose check fails twice and then is good again is not called offline", async () => {
  await system.nodes[0]?.behave({ health: "503" });
  const failed = async () => ((await system.nodes[0]?.seen())?.probes.length ?? 0) - count >= 2;
  const count = (await system.nodes[0]?.seen())?.probes.length ?? 0;
  await waitFor(failed, { what: "two failed checks", timeoutMs: 10000, everyMs: 20 });
  await system.nodes[0]?.behave({ health: "ok" });
  await sleep(3000);
  assert.deepEqual(await shares(), { node1: 20, node2: 20, node3: 20 });
});

test("a node that hangs is offline after its timeouts", async () => {
  await system.nodes[0]?.behave({ health: "hang" });
  await untilShares({ node2: 30, node3: 30 });
  await system.nodes[0]?.behave({ health: "ok" });
  await untilShares({ node1: 20, node2: 20, node3: 20 });
});

test("a monitor without a home gets one on the least loaded node", async () => {
  await system.sql("INSERT INTO monitor (name, user_id) VALUES ('imported', 1)");
  const homeless = async () =>
    (await system.sql("SELECT COUNT(*) FROM monitor WHERE owner_node IS NULL")).trim() === "0";
  await waitFor(homeless, { what: "a home for the new monitor", timeoutMs: 15000 });
});

test("when every node fails its check at once, nothing moves and requests still reach the nodes", async () => {
  const start = await owners();
  for (const node of system.nodes) await node.behave({ health: "503" });
  await sleep(8000);
  assert.deepEqual(await owners(), start);
  assert.equal((await system.get("/")).status, 200);
  for (const node of system.nodes) await node.behave({ health: "ok" });
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
});

test("a pinned monitor waits for its node", async () => {
  const before = await shares();
  const [mine] = [...(await owners())].find(([, owner]) => owner === "node2") ?? [];
  await system.sql(`INSERT INTO cluster_pin (monitor_id) VALUES (${mine})`);
  await system.nodes[1]?.kill();
  await waitFor(async () => (await shares())["node2"] === 1, { what: "a fail-over of all but one", timeoutMs: 30000 });
  assert.equal((await owners()).get(String(mine)), "node2");
  await system.nodes[1]?.start();
  await untilShares(before);
  await system.sql("DELETE FROM cluster_pin");
});

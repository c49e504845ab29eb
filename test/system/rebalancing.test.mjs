import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSystem } from "./harness.mjs";
import { ownersOf, untilIdle, untilShares } from "./shares.mjs";

const QUIET_TIME = 3;

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ env: { REBALANCE_QUIET_TIME: String(QUIET_TIME), LOAD_UPDATE_INTERVAL: "1" } });
});
after(() => system?.close());

test("a node that joins gets its share by itself, after a quiet time", async () => {
  await system.nodes[2]?.stop();
  await system.untilStatus({ node3: "offline" });
  await system.sql("DELETE FROM node WHERE node_id = 'node3'");
  const rows = Array.from({ length: 60 }, (_, index) => `('m${index}', 1, 'node${(index % 2) + 1}')`);
  await system.sql(`INSERT INTO monitor (name, user_id, node_id) VALUES ${rows.join(",")}`);
  await sleep((QUIET_TIME + 2) * 1000);
  await untilShares(system, { node1: 30, node2: 30 }, 1000);
  await system.nodes[2]?.start();
  await untilShares(system, { node1: 20, node2: 20, node3: 20 });
  await untilIdle(system);
  const { history } = (await system.get("/lb/rebalancing-status")).json;
  assert.equal(history.length, 1);
  assert.equal(history[0].reason, "node1 runs 30 monitors, node3 0");
  assert.equal(history[0].moved, 20);
  const quiet = await system.sql(
    `SELECT TIMESTAMPDIFF(MICROSECOND, MAX(n.status_since), MAX(o.started_at)) / 1e6 FROM node n, cluster_operation o
     WHERE o.type = 'rebalancing'`,
  );
  assert.ok(Number(quiet) >= QUIET_TIME, quiet);
  assert.equal((await system.sql("SELECT COUNT(*) FROM monitor WHERE assigned_node IS NOT NULL")).trim(), "0");
});

test("nothing moves by itself unless the nodes differ by more than both limits", async () => {
  await system.sql("UPDATE monitor SET node_id = 'node1' WHERE node_id = 'node3' ORDER BY id LIMIT 6");
  const start = await ownersOf(system);
  assert.ok((await system.post("/lb/trigger-rebalancing?dry_run=1")).json.total > 0);
  await sleep((QUIET_TIME + 3) * 1000);
  assert.deepEqual(await ownersOf(system), start);
});

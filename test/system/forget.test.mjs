// Nodes that are gone for good: by hand, and by themselves after NODE_FORGET_AFTER.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "./harness.mjs";
import { untilIdle, untilShares } from "./shares.mjs";

const FORGET_AFTER = 4;

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ monitors: 12, env: { CLUSTER_NODE_COUNT: "2", REBALANCE_QUIET_TIME: "86400" } });
});
after(() => system?.close());

/** @param {string} node */
const forget = (node) => system.get(`/lb/nodes/${node}`, { method: "DELETE" });

/** Homes of all monitors, each once. */
async function homes() {
  return (await system.sql("SELECT DISTINCT node_id FROM monitor ORDER BY node_id")).trim().split("\n");
}

async function lastFarewell() {
  const rows = await system.sql(
    "SELECT node_id, epoch > 0, detail FROM cluster_event WHERE type = 'node.forgotten' ORDER BY id DESC LIMIT 1",
  );
  const [node, hasEpoch, detail = "{}"] = rows.trim().split("\t");
  return { node, hasEpoch, ...JSON.parse(detail) };
}

test("only a node that is offline can be forgotten, and none that monitors wait for", async () => {
  assert.equal((await forget("node3")).json.error, "node_not_offline");
  await system.sql("INSERT INTO cluster_pin (monitor_id) SELECT MIN(id) FROM monitor WHERE node_id = 'node3'");
  await system.nodes[2]?.kill();
  await untilShares(system, { node1: 6, node2: 5, node3: 1 });
  const refused = await forget("node3");
  assert.deepEqual([refused.status, refused.json.error], [409, "monitors_pinned"]);
  await system.sql("DELETE FROM cluster_pin");
  await untilShares(system, { node1: 6, node2: 6 });
});

test("its monitors are at home where they run, and the cluster is whole without it", async () => {
  const before = await system.sql("SELECT id, owner_node FROM monitor ORDER BY id");
  const answer = await forget("node3");
  assert.deepEqual([answer.status, answer.json], [200, { node_id: "node3", settled: 4 }]);
  assert.equal(await system.sql("SELECT id, owner_node FROM monitor ORDER BY id"), before);
  assert.deepEqual(await homes(), ["node1", "node2"]);
  const isWhole = async () => {
    const { status, nodes } = (await system.get("/lb/health")).json;
    return status === "ok" && nodes.length === 2;
  };
  await waitFor(isWhole, { what: "a cluster of two nodes" });
  const { node, hasEpoch, reason, settled } = await lastFarewell();
  assert.deepEqual([node, hasEpoch, reason, settled], ["node3", "1", "an operator asked for it", 4]);
  assert.equal((await forget("node3")).status, 404);
});

test("one that starts again is a new node", async () => {
  await system.nodes[2]?.start();
  await system.untilStatus({ node3: "online" });
  await untilIdle(system);
  await untilShares(system, { node1: 6, node2: 6 });
});

test("with NODE_FORGET_AFTER a node that stays away is forgotten, and one that comes back is not", async () => {
  await system.lb.stop();
  const env = { HEALTH_CHECK_INTERVAL: "1", NODE_FORGET_AFTER: String(FORGET_AFTER), CLUSTER_NODE_COUNT: "2" };
  const lb = await startLoadBalancer({ dir: `${system.dir}/lb2`, port: await freePort(), db: system.db, env });
  try {
    const row = async () => (await system.sql("SELECT status FROM node WHERE node_id = 'node3'")).trim();
    await system.nodes[2]?.stop();
    await waitFor(async () => (await row()) === "offline", { what: "node3 offline" });
    await system.nodes[2]?.start();
    await waitFor(async () => (await row()) === "online", { what: "node3 online again" });
    await system.nodes[2]?.kill();
    await waitFor(async () => (await row()) === "", { what: "node3 forgotten", timeoutMs: 60000 });
    const { node, reason } = await lastFarewell();
    assert.equal(node, "node3");
    assert.match(reason, /^it has been offline for \d+ s$/);
  } finally {
    await lb.stop();
  }
});

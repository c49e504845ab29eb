// The parts of a running cluster are renewed one by one, from the previous release to this tree and back, while monitors
// beat, users are there, and nodes die. No check may be missed or made twice, nobody may be alerted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PREVIOUS, VERSION } from "../support/releases.mjs";
import { playUpdate } from "./rolling.mjs";

const OLD = PREVIOUS.version;
const NEW = VERSION;

test("load balancers first, then the nodes; then all the way back", async (t) => {
  const violations = await playUpdate(t, async ({ check, balancer, node, death, lb1, lb2 }) => {
    assert.deepEqual(await check(), { lb1: OLD, lb2: OLD, node1: OLD, node2: OLD, node3: OLD });
    await balancer(lb1, "new");
    assert.deepEqual(await check(), { lb1: NEW, lb2: OLD, node1: OLD, node2: OLD, node3: OLD });
    await balancer(lb2, "new");
    await death("node3", "new");
    assert.deepEqual(await check(), { lb1: NEW, lb2: NEW, node1: OLD, node2: OLD, node3: NEW });
    await node("node1", "new");
    await node("node2", "new");
    assert.deepEqual(await check(), { lb1: NEW, lb2: NEW, node1: NEW, node2: NEW, node3: NEW });
    for (const nodeId of ["node1", "node2", "node3"]) await node(nodeId, "old");
    await balancer(lb2, "old");
    await balancer(lb1, "old");
    assert.deepEqual(await check(), { lb1: OLD, lb2: OLD, node1: OLD, node2: OLD, node3: OLD });
  });
  assert.deepEqual(violations, {});
});

test("nodes first, then the load balancers; then one of each goes back", async (t) => {
  const violations = await playUpdate(t, async ({ check, balancer, node, death, lb1, lb2 }) => {
    await node("node1", "new");
    assert.deepEqual(await check(), { lb1: OLD, lb2: OLD, node1: NEW, node2: OLD, node3: OLD });
    await death("node1", "new");
    await node("node2", "new");
    await node("node3", "new");
    await balancer(lb2, "new");
    assert.deepEqual(await check(), { lb1: OLD, lb2: NEW, node1: NEW, node2: NEW, node3: NEW });
    await balancer(lb1, "new");
    await node("node2", "old");
    await balancer(lb1, "old");
    assert.deepEqual(await check(), { lb1: OLD, lb2: NEW, node1: NEW, node2: OLD, node3: NEW });
    await death("node3", "new");
    assert.deepEqual(await check(), { lb1: OLD, lb2: NEW, node1: NEW, node2: OLD, node3: NEW });
  });
  assert.deepEqual(violations, {});
});

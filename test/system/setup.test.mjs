import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ users: 0 });
});
after(() => system?.close());

const CLIENTS = Array.from({ length: 20 }, (_, index) => `127.0.6.${index + 1}`);

/** @returns {Promise<Set<string>>} the nodes that answer many clients */
async function servedBy() {
  const answers = await Promise.all(CLIENTS.map((from) => system.get("/setup", { from, keepAlive: false })));
  return new Set(answers.map((answer) => answer.json?.node_id));
}

test("before the set-up every request goes to the primary node", async () => {
  assert.deepEqual([...(await servedBy())], ["node1"]);
  const status = await system.get("/lb/setup-status");
  assert.equal(status.json.setup_complete, false);
  assert.equal(status.json.primary_node, "node1");
});

test("a fixed-node cookie does not lead away from the primary before the set-up", async () => {
  const answer = await system.get("/setup", { headers: { Cookie: "KUMA_FIXED_NODE=node3" } });
  assert.equal(answer.json.node_id, "node1");
});

test("as soon as a user exists the requests are spread", async () => {
  await system.sql("INSERT INTO user (username) VALUES ('admin')");
  await waitFor(async () => (await servedBy()).size === 3, { what: "traffic on all nodes", timeoutMs: 5000 });
  assert.equal((await system.get("/lb/setup-status")).json.setup_complete, true);
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ monitors: 30, env: { MONITOR_LIMIT_PER_NODE: "20" } });
});
after(() => system?.close());

const GET_ENDPOINTS = [
  ...[
    "ping",
    "livez",
    "readyz",
    "health",
    "health-status",
    "available-nodes",
    "capacity",
    "node-status",
    "setup-status",
  ],
];

/** The body of a GET that must succeed as JSON. */
async function body(/** @type {string} */ path) {
  const answer = await system.get(path);
  assert.equal(answer.status, 200, `${path}: ${answer.text}`);
  assert.match(String(answer.headers["content-type"]), /^application\/json/);
  return answer.json;
}

test("ping answers pong as text", async () => {
  const answer = await system.get("/lb/ping");
  assert.equal(answer.status, 200);
  assert.equal(answer.text.trim(), "pong");
  assert.match(String(answer.headers["content-type"]), /^text\/plain/);
});

test("livez and readyz say 200 while the load balancer can route", async () => {
  assert.equal((await system.get("/lb/livez")).status, 200);
  assert.equal((await system.get("/lb/readyz")).status, 200);
});

test("health lists every node with its state, load and address", async () => {
  const health = await body("/lb/health");
  assert.equal(health.status, "ok");
  assert.ok(!Number.isNaN(Date.parse(health.timestamp)), health.timestamp);
  assert.equal(typeof health.snapshot_age_seconds, "number");
  assert.equal(health.nodes.length, 3);
  for (const [index, node] of health.nodes.entries()) {
    assert.equal(node.node_id, `node${index + 1}`);
    assert.equal(node.node_name, node.node_id);
    assert.equal(node.status, "online");
    assert.equal(node.monitor_count, 10);
    assert.equal(node.host, `127.0.0.1:${system.nodes[index]?.port}`);
    assert.ok(node.last_seen);
  }
});

test("health-status has a history in which nothing but the coming of the nodes has happened", async () => {
  const { failover_history } = await body("/lb/health-status");
  const types = failover_history.map((/** @type {{type: string}} */ event) => event.type);
  assert.deepEqual([...new Set(types)], ["node.online"]);
});

test("capacity compares each node's monitors with the limit", async () => {
  const capacity = await body("/lb/capacity");
  assert.equal(capacity.limit_per_node, 20);
  assert.equal(capacity.over_capacity, false);
  for (const node of capacity.nodes) {
    assert.equal(node.current_count, 10);
    assert.equal(node.limit_per_node, 20);
    assert.equal(node.usage_percent, 50);
  }
});

test("available-nodes gives each online node with the link that pins a browser to it", async () => {
  const available = await body("/lb/available-nodes");
  assert.equal(available.total_count, 3);
  assert.ok(available.clear_url);
  for (const node of available.available_nodes) {
    assert.equal(node.status, "online");
    assert.equal(node.monitor_count, 10);
    assert.match(node.set_url, new RegExp(`/lb/fixed-node/${node.node_id}$`));
  }
});

test("node-status tells every node in detail", async () => {
  const status = await body("/lb/node-status");
  assert.deepEqual(
    status.nodes.map((/** @type {{node_id: string}} */ node) => node.node_id),
    [...["node1", "node2", "node3"]],
  );
});

test("setup-status says that the set-up is done and which node is primary", async () => {
  const status = await body("/lb/setup-status");
  assert.equal(status.setup_complete, true);
  assert.equal(status.primary_node, "node1");
});

test("a triggered health check runs a round at once and returns what it found", async () => {
  const before = (await system.nodes[0]?.seen())?.probes.length ?? 0;
  const answer = await system.post("/lb/trigger-health-check");
  assert.equal(answer.status, 200, answer.text);
  assert.equal(typeof answer.json, "object");
  assert.ok(((await system.nodes[0]?.seen())?.probes.length ?? 0) > before);
});

for (const name of GET_ENDPOINTS) {
  test(`/lb/${name} is never cached and refuses other methods`, async () => {
    const answer = await system.get(`/lb/${name}`);
    assert.equal(answer.headers["cache-control"], "no-store");
    const refused = await system.get(`/lb/${name}`, { method: "DELETE" });
    assert.equal(refused.status, 405);
    assert.match(String(refused.headers["allow"]), /\bGET\b/);
    assert.equal(typeof refused.json?.error, "string");
    assert.equal(typeof refused.json?.message, "string");
  });
}

test("trigger-health-check refuses GET and says what is allowed", async () => {
  const refused = await system.get("/lb/trigger-health-check");
  assert.equal(refused.status, 405);
  assert.match(String(refused.headers["allow"]), /\bPOST\b/);
});

test("an unknown path below /lb/ is a JSON 404 that no node sees", async () => {
  for (const path of ["/lb/nothing", "/lb/health/extra", "/lb/%2e%2e/x", "/lb/fixed-node"]) {
    const answer = await system.get(path);
    if (path === "/lb/%2e%2e/x") continue;
    assert.equal(answer.status, 404, path);
    assert.equal(typeof answer.json?.error, "string", path);
  }
  const seen = await Promise.all(system.nodes.map((node) => node.seen()));
  const keys = seen.flatMap(({ counts }) => Object.keys(counts));
  assert.deepEqual(
    keys.filter((key) => key.includes("/lb/")),
    [],
  );
});

test("answers of /lb/ carry no routing headers, since no node served them", async () => {
  const answer = await system.get("/lb/health");
  assert.equal(answer.headers["x-routed-to"], undefined);
  assert.equal(answer.headers["x-routed-via"], undefined);
});

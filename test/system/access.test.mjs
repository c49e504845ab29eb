import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "./harness.mjs";
import { untilIdle } from "./shares.mjs";

const SECRET = { "X-Cluster-Secret": "s3cret" };
const CHANGES = [
  ...["trigger-health-check", "trigger-rebalancing", "force-rebalance-all", "update-loads"],
  ...["nodes/node2/drain", "nodes/node2/ready"],
];

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ nodes: 2, monitors: 4, env: { CLUSTER_SECRET: "s3cret" } });
});
after(() => system?.close());

for (const name of CHANGES) {
  test(`${name} takes the cluster's secret`, async () => {
    const refused = await system.post(`/lb/${name}`);
    assert.equal(refused.status, 401);
    assert.equal(refused.json.error, "authentication_required");
    assert.ok(refused.headers["www-authenticate"]);
    const wrong = await system.post(`/lb/${name}`, { headers: { Authorization: "Bearer wrong" } });
    assert.equal(wrong.json.error, "invalid_credentials");
    const foreign = await system.post(`/lb/${name}`, { headers: { ...SECRET, Origin: "http://evil.example" } });
    assert.equal(foreign.status, 403);
    assert.equal(foreign.json.error, "foreign_origin");
    /** @type {Record<string, string>[]} */
    const rightful = [SECRET, { Authorization: "Bearer s3cret" }, { ...SECRET, Origin: system.url }];
    for (const headers of rightful) {
      const accepted = await system.post(`/lb/${name}`, { headers });
      assert.ok([200, 202].includes(accepted.status), `${accepted.status} ${accepted.text}`);
    }
  });
}

test("a HEAD changes nothing, and other methods are refused with those that are allowed", async () => {
  for (const name of ["trigger-rebalancing", "force-rebalance-all", "update-loads"]) {
    const head = await system.get(`/lb/${name}`, { method: "HEAD", headers: SECRET });
    assert.equal(head.status, 405);
    assert.equal(head.headers["allow"], "GET, POST");
  }
  const drain = await system.get("/lb/nodes/node2/drain", { headers: SECRET });
  assert.equal(drain.status, 405);
  assert.equal(drain.headers["allow"], "POST");
  const events = await system.post("/lb/events", { headers: SECRET });
  assert.equal(events.headers["allow"], "GET, HEAD");
});

test("what is not there is a 404, what cannot be read a 400", async () => {
  for (const action of ["drain", "ready"]) {
    const unknown = await system.post(`/lb/nodes/node9/${action}`, { headers: SECRET });
    assert.equal(unknown.status, 404);
    assert.equal(unknown.json.error, "node_not_found");
  }
  const odd = await system.post(`/lb/nodes/${encodeURIComponent("x' OR '1'='1")}/drain`, { headers: SECRET });
  assert.equal(odd.status, 404);
  assert.equal((await system.get("/lb/monitors/99/explain", { headers: SECRET })).json.error, "monitor_not_found");
  for (const path of ["monitors/x/explain", "monitors/0/explain", "monitors/1e3/explain", "events?since=-1"]) {
    const answer = await system.get(`/lb/${path}`, { headers: SECRET });
    assert.equal(answer.status, 400, path);
    assert.equal(answer.json.error, "invalid_parameter");
  }
  for (const query of ["limit=0", "limit=1001", "limit=x", "limit", "since=1&since=2"]) {
    assert.equal((await system.get(`/lb/events?${query}`)).status, 400, query);
  }
  const flag = await system.post("/lb/trigger-rebalancing?dry_run=maybe", { headers: SECRET });
  assert.equal(flag.status, 400);
  // Slashes that follow each other are one: the second is the node "drain".
  for (const path of ["nodes/node2", "nodes//drain"]) {
    const { status, headers } = await system.post(`/lb/${path}`, { headers: SECRET });
    assert.deepEqual([status, headers.allow], [405, "DELETE"], path);
  }
  for (const path of ["nodes", "nodes/node2/drain/x", "monitors//explain"]) {
    assert.equal((await system.post(`/lb/${path}`, { headers: SECRET })).status, 404, path);
  }
});

test("events are listed from an id on, oldest first, without what nodes tell each other", async () => {
  await system.sql("INSERT INTO cluster_event (type, actor) VALUES ('kuma.list', 'node1')");
  await untilIdle(system);
  const all = (await system.get("/lb/events")).json;
  assert.ok(all.events.length >= 3);
  const ids = all.events.map((/** @type {{id: number}} */ event) => event.id);
  assert.deepEqual(
    ids,
    [...ids].sort((/** @type {number} */ a, /** @type {number} */ b) => a - b),
  );
  const types = new Set(all.events.map((/** @type {{type: string}} */ event) => event.type));
  assert.ok(types.has("node.online") && types.has("rebalancing.done"), [...types].join());
  assert.ok(!types.has("kuma.list"));
  assert.equal(all.next_since, ids.at(-1));
  const page = (await system.get(`/lb/events?since=${ids[0]}&limit=2`)).json;
  assert.deepEqual(
    page.events.map((/** @type {{id: number}} */ event) => event.id),
    ids.slice(1, 3),
  );
  const none = (await system.get(`/lb/events?since=${ids.at(-1) + 1000}`)).json;
  assert.deepEqual(none, { events: [], next_since: ids.at(-1) + 1000 });
});

test("update-loads answers the loads as they are now", async () => {
  await system.sql("UPDATE monitor SET node_id = 'node1', assigned_node = NULL");
  const { nodes } = (await system.post("/lb/update-loads", { headers: SECRET })).json;
  assert.deepEqual(
    nodes.map((/** @type {any} */ node) => [node.node_id, node.monitor_count, node.checks_per_second]),
    [
      ["node1", 4, 0.2],
      ["node2", 0, 0],
    ],
  );
});

test("a monitor that waits for its node says so", async () => {
  await system.nodes[1]?.kill();
  await system.untilStatus({ node2: "offline" });
  // Pinned first: without a pin the leader gives it to another node at once.
  await system.sql("INSERT INTO cluster_pin (monitor_id) VALUES (4)");
  await system.sql("UPDATE monitor SET node_id = 'node2', assigned_node = NULL WHERE id = 4");
  // The worker that answers may hear of the node's end a moment after the one that was asked before.
  const { explanation } = await waitFor(
    async () => {
      const { json } = await system.get("/lb/monitors/4/explain", { headers: SECRET });
      return json.rule === "waiting" && json;
    },
    { what: "a monitor that waits", timeoutMs: 5000 },
  );
  assert.equal(explanation, "It is pinned to node2, which is offline: it waits for that node.");
  const faults = (await system.get("/lb/fault-detection-status")).json;
  assert.equal(faults.suspects[0].node_id, "node2");
  assert.equal(faults.is_leader, true);
  assert.ok(faults.counters.failed_checks >= 3);
});

test("with a secret there is no warning about its absence", () => {
  assert.doesNotMatch(readFileSync(system.lb.log, "utf8"), /CLUSTER_SECRET is not set/);
});

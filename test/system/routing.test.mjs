import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openWebSocket } from "../support/websocket.mjs";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ monitors: 9 });
});
after(() => system?.close());

const CLIENTS = Array.from({ length: 40 }, (_, index) => `127.0.1.${index + 1}`);

/** The nodes that answer requests of many client addresses. */
async function nodesFor(path = "/", headers = {}) {
  const answers = await Promise.all(CLIENTS.map((from) => system.get(path, { from, headers, keepAlive: false })));
  return new Set(answers.map((answer) => answer.json?.node_id));
}

test("a response says which node served it and by which rule", async () => {
  const answer = await system.get("/dashboard?tab=1");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["x-routed-via"], "load-balancer");
  assert.equal(answer.headers["x-routed-to"], `uptime-kuma-${answer.json.node_id}`);
  assert.equal(answer.json.url, "/dashboard?tab=1");
});

test("what a node says of the routing itself is left out", async () => {
  const answer = await system.get("/routed");
  assert.equal(answer.headers["x-routed-via"], "load-balancer");
  assert.equal(answer.headers["x-routed-to"], `uptime-kuma-${answer.json.node_id}`);
});

test("the path /socket.io without a slash is the node's, too", async () => {
  const answer = await system.post("/socket.io?x=1", { body: "" });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.url, "/socket.io?x=1");
});

test("nodes with equal load share the clients", async () => {
  assert.deepEqual([...(await nodesFor())].sort(), ["node1", "node2", "node3"]);
});

test("the same client stays on the same node while loads are equal", async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => system.get("/", { from: "127.0.2.7" })));
  assert.equal(new Set(answers.map((answer) => answer.json.node_id)).size, 1);
});

test("the node with the fewest active monitors gets the requests, paused monitors do not count", async () => {
  await system.sql("UPDATE monitor SET active = 0 WHERE node_id = 'node2' LIMIT 1");
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.deepEqual([...(await nodesFor())], ["node2"]);
  await system.sql("UPDATE monitor SET active = 1");
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.equal((await nodesFor()).size, 3);
});

test("a socket.io session stays with the node that its id names, from any client address", async () => {
  for (const { node_id } of system.nodes) {
    const nodes = await nodesFor(`/socket.io/?EIO=4&transport=polling&sid=${node_id}.abc123`);
    assert.deepEqual([...nodes], [node_id]);
  }
});

test("a new socket.io session is usable through the load balancer at once", async () => {
  for (const from of CLIENTS.slice(0, 10)) {
    const opened = await system.get("/socket.io/?EIO=4&transport=polling", { from });
    const { sid } = opened.json;
    const next = await system.get(`/socket.io/?EIO=4&transport=polling&sid=${sid}`, { from: "127.0.3.1" });
    assert.equal(next.status, 200);
  }
});

test("the cookie kuma_node routes a session whose id has no node's name", async () => {
  const nodes = await nodesFor("/socket.io/?EIO=4&transport=polling&sid=abc123", { Cookie: "kuma_node=node3" });
  assert.equal(nodes.size, 1);
  const counts = (await system.nodes[2].seen()).counts;
  assert.ok(counts["GET /socket.io/"] >= CLIENTS.length);
});

test("a session id of an unknown node is served by some node rather than refused", async () => {
  const answer = await system.get("/socket.io/?EIO=4&transport=polling&sid=node9.abc");
  assert.equal(answer.json?.message, "Session ID unknown");
});

test("the cookie KUMA_FIXED_NODE pins a browser to its node", async () => {
  const headers = { Cookie: "other=1; KUMA_FIXED_NODE=node2" };
  const answers = await Promise.all(CLIENTS.slice(0, 10).map((from) => system.get("/", { from, headers })));
  for (const answer of answers) {
    assert.equal(answer.json.node_id, "node2");
    assert.equal(answer.headers["x-routed-via"], "fixed-node");
    assert.equal(answer.headers["x-routed-to"], "uptime-kuma-node2");
  }
});

for (const value of ["node9", "node2'%20OR%20'1'='1", "", "../../etc", "x".repeat(2000)]) {
  test(`a fixed-node cookie of value ${JSON.stringify(value.slice(0, 30))} is cleared or ignored`, async () => {
    const answer = await system.get("/", { headers: { Cookie: `KUMA_FIXED_NODE=${value}` } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["x-routed-via"], "load-balancer");
    if (value !== "") assert.match(String(answer.headers["set-cookie"]), /KUMA_FIXED_NODE=;.*Max-Age=0/);
  });
}

test("a push goes to the node that runs its monitor", async () => {
  await system.sql("UPDATE monitor SET push_token = 'tok3', type = 'push' WHERE node_id = 'node3' LIMIT 1");
  assert.deepEqual([...(await nodesFor("/api/push/tok3?status=up"))], ["node3"]);
});

test("a push with an unknown token is answered by some node", async () => {
  assert.equal((await system.get("/api/push/unknown")).status, 200);
});

test("a node sees the browser's Host with its port, and who asked for what by which protocol", async () => {
  const host = "status.example.org:8443";
  const { headers } = (await system.get("/", { headers: { Host: host }, from: "127.0.4.4", keepAlive: false })).json;
  assert.equal(headers.host, host);
  assert.equal(headers["x-real-ip"], "127.0.4.4");
  assert.match(headers["x-forwarded-for"], /127\.0\.4\.4$/);
  assert.equal(headers["x-forwarded-host"], host);
  assert.equal(headers["x-forwarded-proto"], "http");
});

test("a client cannot pass for a node", async () => {
  for (const path of ["/metrics", "/api/push/unknown"]) {
    const { headers } = (await system.get(path, { headers: { "X-Cluster-Hop": "node1" } })).json;
    assert.equal(headers["x-cluster-hop"], undefined, path);
  }
});

test("an upload of 50 MB arrives whole", async () => {
  const answer = await system.post("/upload", { body: new Uint8Array(50 << 20) });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.body_length, 50 << 20);
});

test("connections to the nodes are kept open and used again", async () => {
  const opened = async () => {
    const seen = await Promise.all(system.nodes.map((node) => node.seen()));
    return seen.reduce((total, { connections }) => total + connections, 0);
  };
  const before = await opened();
  for (let i = 0; i < 100; i++) await system.get("/");
  assert.ok((await opened()) - before < 20);
});

test("an offer to speak another protocol goes to no node, which would hang up on it", async () => {
  const offer = { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "AAMAAABk" };
  for (const path of ["/dashboard", "/assets/x.js", "//socket.io/"]) {
    const { status, headers } = await system.get(path, { headers: offer, keepAlive: false });
    assert.deepEqual([status, headers["x-routed-to"] === undefined], [200, false], path);
  }
});

test("a WebSocket goes through, both ways, with its Origin and Host", async () => {
  const headers = { Host: "kuma.example.org:8084", Origin: "http://kuma.example.org:8084" };
  const socket = await openWebSocket(`${system.url}/socket.io/?transport=websocket&sid=node2.x`, headers);
  const greeting = JSON.parse(await socket.next());
  assert.equal(greeting.node_id, "node2");
  assert.equal(greeting.headers.host, headers.Host);
  assert.equal(greeting.headers.origin, headers.Origin);
  for (const text of ["hello", "x".repeat(30000)]) {
    socket.send(text);
    assert.equal(await socket.next(), text);
  }
  socket.close();
});

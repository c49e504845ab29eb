import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  // Slow checks: what is tested here must not wait for a node to be called offline.
  system = await startSystem({ monitors: 9, env: { HEALTH_CHECK_FALL: "100" } });
});
after(() => system?.close());
afterEach(async () => {
  for (const node of system.nodes) await node.behave({ answer: "ok", health: "ok" });
  await new Promise((resolve) => setTimeout(resolve, 3000));
});

const PINNED = { Cookie: "KUMA_FIXED_NODE=node2" };

/** How many requests of this kind reached each node. */
async function reached(/** @type {string} */ key) {
  const seen = await Promise.all(system.nodes.map((node) => node.seen()));
  return seen.map(({ counts }) => counts[key] ?? 0);
}

test("a dead node costs no request: another one answers, whatever the method", async () => {
  await system.nodes[1].kill();
  for (const method of ["GET", "HEAD", "PUT", "POST", "DELETE"]) {
    const answer = await system.get("/after-kill", { method, headers: PINNED });
    assert.equal(answer.status, 200, method);
    assert.notEqual(answer.headers["x-routed-to"], "uptime-kuma-node2", method);
    assert.equal(answer.headers["x-routed-via"], "load-balancer", method);
  }
  await system.nodes[1].start();
});

test("a failed node is passed over for a while: its clients do not try it each time", async () => {
  await system.nodes[1].behave({ answer: "503" });
  // One after the other: requests under way at the same time cannot know of each other's failure.
  for (let i = 0; i < 20; i++) await system.get("/skip", { from: "127.0.5.5" });
  await system.nodes[1].behave({ answer: "ok" });
  assert.ok((await reached("GET /skip"))[1] <= 4);
});

for (const status of ["502", "503", "504"]) {
  test(`a GET that a node answers by ${status} is asked again elsewhere`, async () => {
    await system.nodes[1].behave({ answer: status });
    const answer = await system.get(`/retry-${status}`, { headers: PINNED });
    assert.equal(answer.status, 200);
    assert.notEqual(answer.json.node_id, "node2");
    assert.equal(answer.headers["x-routed-to"], `uptime-kuma-${answer.json.node_id}`);
  });
}

test("a POST that a node answers by 503 is not sent twice", async () => {
  await system.nodes[1].behave({ answer: "503" });
  const answer = await system.post("/post-503", { headers: PINNED, body: "once" });
  assert.equal(answer.status, 503);
  assert.deepEqual(await reached("POST /post-503"), [0, 1, 0]);
});

test("a POST whose connection breaks after it was sent is not sent twice", async () => {
  await system.nodes[1].behave({ answer: "close" });
  const answer = await system.post("/post-close", { headers: PINNED, body: "once" });
  assert.equal(answer.status, 502);
  assert.equal(answer.json.error, "node_failed");
  // The page is the load balancer's own.
  assert.equal(answer.headers["x-routed-to"], undefined);
  assert.equal(answer.headers["x-routed-via"], undefined);
  assert.deepEqual(await reached("POST /post-close"), [0, 1, 0]);
});

test("a GET whose connection breaks before the answer is asked again elsewhere", async () => {
  await system.nodes[1].behave({ answer: "close" });
  const answer = await system.get("/get-close", { headers: PINNED });
  assert.equal(answer.status, 200);
});

test("an answer of 500 or 404 is the node's own and is passed on", async () => {
  for (const status of [500, 404]) {
    const answer = await system.get(`/status/${status}`, { headers: PINNED });
    assert.equal(answer.status, status);
    assert.equal(answer.json.node_id, "node2");
  }
});

test("when every node answers 503, the client gets a 503 after each was asked once", async () => {
  for (const node of system.nodes) await node.behave({ answer: "503" });
  const answer = await system.get("/all-503");
  assert.equal(answer.status, 503);
  assert.deepEqual(await reached("GET /all-503"), [1, 1, 1]);
});

test("an answer that takes seconds is waited for", async () => {
  const answer = await system.get("/slow?ms=6000");
  assert.equal(answer.status, 200);
});

test("who comes online while a request waits for the only node may take it over", async () => {
  const [first, second, third] = system.nodes;
  await Promise.all([second.stop(), third.stop()]);
  await system.untilStatus({ node1: "online", node2: "offline", node3: "offline" });
  process.kill(first.pid, "SIGSTOP");
  const waiting = system.get("/waits");
  await second.start();
  await system.untilStatus({ node1: "online", node2: "online", node3: "offline" });
  await first.kill();
  const { status, json, headers } = await waiting;
  assert.deepEqual([status, json.node_id, headers["x-routed-to"]], [200, "node2", "uptime-kuma-node2"]);
  await Promise.all([first.start(), third.start()]);
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
});

test("a request that one node has broken off and no other takes is not called unsent", async () => {
  const [first, second, third] = system.nodes;
  await Promise.all([second.kill(), third.kill()]);
  await first.behave({ answer: "close" });
  const answer = await system.get("/broken-off", { headers: { Cookie: "KUMA_FIXED_NODE=node1" } });
  assert.deepEqual([answer.status, answer.json.error], [502, "node_failed"]);
  await Promise.all([second.start(), third.start()]);
});

test("nodes that are offline are not asked, and the answer says what those online have done", async () => {
  const [first, second, third] = system.nodes;
  await third.stop();
  await system.untilStatus({ node1: "online", node2: "online", node3: "offline" });
  await third.start({ health: "503" });
  await system.untilStatus({ node3: "offline" });
  for (const node of [first, second]) await node.behave({ answer: "503" });
  const unwell = await system.get("/unwell");
  assert.deepEqual([unwell.status, unwell.json.error], [503, "node_failed"]);
  for (const node of [first, second]) await node.behave({ answer: "close" });
  const broken = await system.get("/broken");
  assert.deepEqual([broken.status, broken.json.error], [502, "node_failed"]);
  assert.deepEqual(
    [await reached("GET /unwell"), await reached("GET /broken")],
    [
      [1, 1, 0],
      [1, 1, 0],
    ],
  );
});

test("when no node takes a connection, any method gets a 503: nothing was carried out", async () => {
  for (const node of system.nodes) await node.kill();
  // Idle connections to them are noticed to be closed: a request on one of those would have been sent.
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const method of ["GET", "POST"]) {
    const answer = await system.get("/all-dead", { method });
    assert.equal(answer.status, 503, method);
    assert.equal(answer.json.error, "no_node_available");
    assert.ok(Number(answer.headers["retry-after"]) > 0);
    assert.equal(answer.headers["x-routed-to"], undefined);
  }
  for (const node of system.nodes) await node.start();
});

test("a node whose name cannot be resolved counts as tried: the last node's own 503 is passed on", async () => {
  await system.sql("UPDATE node SET host = 'no-such-host.invalid:3001' WHERE node_id = 'node2'");
  for (const index of [0, 2]) await system.nodes[index].behave({ answer: "503" });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const answer = await system.get("/unresolved", { headers: PINNED });
  assert.equal(answer.status, 503);
  assert.equal(answer.json.status, "unhealthy");
  assert.equal(answer.headers["x-routed-to"], `uptime-kuma-${answer.json.node_id}`);
});

// Two hundred nodes, each at an address of its own, in one process.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "./harness.mjs";

const COUNT = 200;
const NEVER = "3000";

/** @type {import("./harness.mjs").System} */
let system;
/** Watchers by node. @type {Map<string, import("node:http").ServerResponse>} */
const watchers = new Map();
let connections = 0;

/** @type {import("node:http").RequestListener} */
function answer(request, response) {
  const node_id = `at-${request.socket.localAddress}`;
  response.setHeader("Content-Type", "application/x-ndjson");
  const body = `${JSON.stringify({ tick: 1, node_id, status: "ok" })}\n`;
  if (request.url !== "/api/v1/watch") return void response.end(body);
  connections += 1;
  watchers.set(node_id, response);
  response.on("close", () => watchers.get(node_id) === response && watchers.delete(node_id));
  response.write(body);
  const timer = setInterval(() => response.write(body), 1000);
  response.on("close", () => clearInterval(timer));
}

// Every address of 127.0.0.0/8 is this machine.
const addresses = Array.from({ length: COUNT }, (_, index) => `127.1.0.${index + 1}`);
const servers = addresses.map(() => createServer(answer));

before(async () => {
  system = await startSystem({ nodes: 1, env: { HEALTH_CHECK_INTERVAL: NEVER, NODE_OFFLINE_AFTER: NEVER } });
  const port = await freePort();
  const listening = servers.map((server, index) => {
    return new Promise((resolve) => void server.listen(port, addresses[index], () => resolve(undefined)));
  });
  await Promise.all(listening);
  const rows = addresses.map((address) => {
    return `('at-${address}', 'at-${address}', '${address}:${port}', 'online', NOW(6), NOW(6))`;
  });
  await system.sql(
    `INSERT INTO node (node_id, node_name, host, status, last_seen, status_since) VALUES ${rows.join(",")}`,
  );
});
after(async () => {
  await system?.close();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

async function losses() {
  return (await system.get("/lb/health-status")).json.statistics.watch_losses;
}

test("each of two hundred nodes is watched over one connection", async () => {
  await waitFor(() => watchers.size === COUNT, { what: "a watcher of each", timeoutMs: 20000 });
  await sleep(5000);
  assert.equal(connections, COUNT);
  assert.equal(await losses(), 0);
  const { nodes } = (await system.get("/lb/node-status")).json;
  const states = nodes.map((/** @type {{watch: {state: string}}} */ { watch }) => watch.state);
  assert.deepEqual([...new Set(states)], ["watching"]);
});

test("a reload moves all connections to a new worker and leaves no old one", async () => {
  await system.lb.reload();
  const moved = () => connections === 2 * COUNT && watchers.size === COUNT;
  await waitFor(moved, { what: "new watchers", timeoutMs: 20000 });
  await waitFor(() => system.lb.workers().length === 2, { what: "the end of the old workers", timeoutMs: 5000 });
  await sleep(2000);
  assert.equal(await losses(), 0);
});

test("the one whose connection ends is noticed, the others go on", async () => {
  const node_id = "at-127.1.0.77";
  watchers.get(node_id)?.destroy();
  await waitFor(async () => (await losses()) === 1, { what: "the loss", timeoutMs: 3000 });
  await waitFor(() => watchers.has(node_id), { what: "its next watcher", timeoutMs: 5000 });
  assert.equal(connections, 2 * COUNT + 1);
});

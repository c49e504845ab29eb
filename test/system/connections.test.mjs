// A load balancer whose connections are all taken, as by more open pages than worker_connections lets in.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { openWebSocket } from "../support/websocket.mjs";
import { startSystem } from "./harness.mjs";
import { untilShares } from "./shares.mjs";

const CONNECTIONS = 64;
/** Longer than a lease lasts, and than a node may fail before it is taken offline. */
const HOLD_MS = 20000;

/** @type {import("./harness.mjs").System} */
let system;
/** @type {Set<Awaited<ReturnType<typeof openWebSocket>>>} */
const pages = new Set();

before(async () => {
  system = await startSystem({ nodes: 3, monitors: 9, events: `worker_connections ${CONNECTIONS};` });
  await untilShares(system, { node1: 3, node2: 3, node3: 3 }, 60000);
});
after(async () => {
  for (const page of pages) page.close();
  await system?.close();
});

/** Opens a page and keeps it; false when the load balancer has no room. */
async function open() {
  try {
    const page = await openWebSocket(`${system.url}/socket.io/?EIO=4&transport=websocket`);
    pages.add(page);
    void page.closed.then(() => pages.delete(page));
    return true;
  } catch {
    return false;
  }
}

/** Takes what is free again and again. @param {number} forMs */
async function crowd(forMs) {
  let refused = 0;
  for (const until = Date.now() + forMs; Date.now() < until;) {
    const opened = await Promise.all(Array.from({ length: 10 }, open));
    refused += opened.filter((isOpen) => !isOpen).length;
    await sleep(100);
  }
  return refused;
}

const statuses = async () => (await system.sql("SELECT node_id, status FROM node ORDER BY node_id")).trim();
const events = async () => (await system.sql("SELECT type, node_id FROM cluster_event ORDER BY id")).trim();

test("while no connection is left, no healthy node is taken for dead", async () => {
  const [before, log] = [await statuses(), await events()];
  const refused = await crowd(HOLD_MS);
  assert.ok(refused > 20, `${refused} pages were refused`);
  assert.equal(await statuses(), before);
  assert.equal(await events(), log);
});

test("once they are free again all is as before, without a restart", async () => {
  for (const page of pages) page.close();
  await waitFor(async () => (await system.get("/page", { keepAlive: false })).status === 200, { what: "an answer" });
  await system.nodes[1].kill();
  await system.untilStatus({ node1: "online", node2: "offline", node3: "online" });
  await untilShares(system, { node1: 5, node3: 4 });
  await system.nodes[1].start();
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" }, 60000);
  await untilShares(system, { node1: 3, node2: 3, node3: 3 }, 60000);
});

test("the log names the cause, and counts nothing of that time against a node", () => {
  const lines = readFileSync(system.lb.log, "utf8").split("\n");
  assert.ok(lines.some((line) => line.includes(`${CONNECTIONS} worker_connections are not enough`)));
  assert.ok(lines.some((line) => line.includes("node2: online -> offline: 3 failed checks in a row")));
  const bad = lines.filter((line) => /\[(crit|emerg)\]|stack traceback|attempt to /.test(line));
  assert.deepEqual(bad.slice(0, 10), []);
});

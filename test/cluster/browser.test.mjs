import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { ask } from "../agent/support/browser.mjs";
import { USER } from "../agent/support/cluster.mjs";
import { anyFailed } from "../support/outcome.mjs";
import {
  addMonitorByHand,
  logInByHand,
  openBrowser,
  openMonitorByHand,
  screenshot,
  setUpByHand,
  untilUp,
} from "./browser.mjs";
import { count, startTestCluster } from "./cluster.mjs";
import { connectFrom, disconnectAll, nodeOf } from "./kuma-client.mjs";
import { startReceiver } from "./receiver.mjs";

const CLIENTS = 50;

/** @type {import("./cluster.mjs").TestCluster} */
let cluster;
/** @type {import("./receiver.mjs").Receiver} */
let receiver;
/** @type {import("./browser.mjs").Browser} */
let browser;
/** @type {string} */
let pictures;

before(async () => {
  cluster = await startTestCluster();
  receiver = await startReceiver(cluster.nodeOfPid);
  browser = await openBrowser();
  pictures = mkdtempSync(join(tmpdir(), "pictures-"));
});
after(async () => {
  await disconnectAll();
  await browser?.close(pictures);
  await receiver?.close();
  await cluster?.close(anyFailed());
});

/** Addresses of clients that do not share one. */
const addresses = Array.from({ length: CLIENTS }, (_, index) => `127.0.1.${index + 1}`);

/** The nodes to which these clients are sent, and how many each. */
async function routedTo() {
  const answers = await Promise.all(addresses.map((from) => cluster.get("/dashboard", { from, keepAlive: false })));
  for (const { status } of answers) assert.equal(status, 200);
  return count(answers.map(({ headers }) => String(headers["x-routed-to"])));
}

test("until the set-up is done every client is sent to the primary node", async () => {
  assert.deepEqual(await routedTo(), { "uptime-kuma-node1": CLIENTS });
  const { json } = await cluster.get("/lb/setup-status");
  assert.deepEqual(json, { setup_complete: false, routing_mode: "primary", primary_node: "node1" });
});

test("a person sets up an empty cluster in the browser", async (t) => {
  const page = await browser.newVisitor();
  await setUpByHand(page, cluster.url, USER);
  await screenshot(page, pictures, "set-up");
  t.diagnostic(`Uptime Kuma ${cluster.version}; pictures in ${pictures}`);
  await waitFor(async () => (await cluster.get("/lb/setup-status")).json.setup_complete, { what: "the end of set-up" });
  await page.context().close();
});

test("after the set-up clients are spread over all nodes", async (t) => {
  const spread = await routedTo();
  t.diagnostic(`${CLIENTS} clients: ${JSON.stringify(spread)}`);
  assert.equal(Object.keys(spread).length, 3);
});

test("a person logs in, adds a monitor and sees its first beat", async (t) => {
  const page = await browser.newVisitor();
  await logInByHand(page, cluster.url, USER);
  await screenshot(page, pictures, "log-in");
  const id = await addMonitorByHand(page, cluster.url, { name: "first", target: `${receiver.url}/first` });
  const saved = Date.now();
  await untilUp(page);
  await screenshot(page, pictures, "first-beat");
  t.diagnostic(`the page says Up ${Date.now() - saved} ms after the monitor was saved`);
  assert.equal(receiver.hitsOf("/first").length, 1);
  assert.equal(receiver.hitsOf("/first")[0].node, (await cluster.owners()).get(id));
  await page.context().close();
});

test("two people at two nodes see each other's work at once", async (t) => {
  const names = ["node2", "node3"];
  const [one, other] = await Promise.all(names.map((node) => browser.newVisitor({ url: cluster.url, node })));
  for (const page of [one, other]) await logInByHand(page, cluster.url, USER);
  const id = await addMonitorByHand(one, cluster.url, { name: "shared", target: `${receiver.url}/shared` });
  const saved = Date.now();
  await openMonitorByHand(other, "shared");
  await Promise.all([untilUp(one), untilUp(other)]);
  t.diagnostic(
    `added at node2, run by ${(await cluster.owners()).get(id)}, seen up at node3 ${Date.now() - saved} ms later`,
  );
  await screenshot(other, pictures, "seen-at-another-node");
  // The owner finds the target gone at the next two beats, since the page has a monitor tried again; both pages say so.
  receiver.answer("/shared", 500);
  const badge = (/** @type {import("./browser.mjs").Page} */ page) =>
    page
      .locator(".badge:visible", { hasText: /^Down$/ })
      .first()
      .waitFor({ timeout: 60000 });
  await Promise.all([badge(one), badge(other)]);
  await screenshot(other, pictures, "down-at-another-node");
  for (const page of [one, other]) await page.context().close();
});

test("no answer that the browser got was a server error", () => {
  assert.deepEqual(browser.serverErrors, []);
});

test("fifty clients with socket.io's default transports connect, upgrade and are answered", async (t) => {
  const started = Date.now();
  const sockets = await Promise.all(addresses.map((from) => connectFrom(cluster.url, { from })));
  t.diagnostic(`connected in ${Date.now() - started} ms: ${JSON.stringify(count(sockets.map(nodeOf)))}`);
  const upgraded = () => sockets.every((socket) => socket.io.engine.transport.name === "websocket");
  await waitFor(upgraded, { what: "the upgrade of all to WebSocket", timeoutMs: 10000 });
  // The token of one log-in is good for all; Kuma takes twenty log-ins a minute and node.
  const { token } = await ask(sockets[0], "login", { ...USER, token: "" });
  const answers = await Promise.all(sockets.map((socket) => ask(socket, "loginByToken", token)));
  assert.deepEqual(count(answers.map(({ ok }) => String(ok))), { true: CLIENTS });
  for (const socket of sockets) socket.disconnect();
});

test("fifty clients that only know long polling stay with their node", async (t) => {
  const open = (/** @type {string} */ from) => connectFrom(cluster.url, { from, transports: ["polling"] });
  const sockets = await Promise.all(addresses.map(open));
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(sockets.map((socket) => ask(socket, "needSetup")));
    assert.deepEqual(count(answers.map(String)), { false: CLIENTS });
  }
  assert.ok(sockets.every((socket) => socket.connected && socket.io.engine.transport.name === "polling"));
  // Whichever node it is at: the two monitors run on two of the three.
  const { token } = await ask(sockets[0], "login", { ...USER, token: "" });
  const shown = new Set();
  for (const socket of sockets.slice(0, 6)) {
    assert.equal((await ask(socket, "loginByToken", token)).ok, true);
    socket.on("heartbeat", () => shown.add(socket.id));
  }
  await waitFor(() => shown.size === 6, { what: "beats at every one of them", timeoutMs: 45000 });
  t.diagnostic(JSON.stringify(count(sockets.map(nodeOf))));
  for (const socket of sockets) socket.disconnect();
});

test("when a node dies its clients are back at other nodes within five seconds", async (t) => {
  const open = (/** @type {string} */ from) => connectFrom(cluster.url, { from, reconnection: true });
  const sockets = await Promise.all(addresses.map(open));
  const dying = nodeOf(/** @type {import("socket.io-client").Socket} */ (sockets[0]));
  const lost = sockets.filter((socket) => nodeOf(socket) === dying);
  await waitFor(() => sockets.every((socket) => socket.io.engine.transport.name === "websocket"), {
    what: "the upgrade",
  });
  const back = Promise.all(lost.map((socket) => new Promise((resolve) => socket.once("connect", () => resolve(true)))));
  const killed = Date.now();
  await cluster.kill(dying);
  await Promise.race([
    back,
    sleep(5000, undefined, { ref: false }).then(() => assert.fail("they are not back after 5 s")),
  ]);
  t.diagnostic(`${lost.length} of ${sockets.length} clients are back after ${Date.now() - killed} ms`);
  const answers = await Promise.all(sockets.map((socket) => ask(socket, "needSetup")));
  assert.deepEqual(count(answers.map(String)), { false: CLIENTS });
  assert.ok(sockets.every((socket) => nodeOf(socket) !== dying));
  for (const socket of sockets) socket.disconnect();
});

// The answers by which a node is watched, of real nodes: /api/v1/watch, /api/v1/ready, and /api/v1/health when a node
// does not do its work.
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, waitFor } from "../../local/processes.mjs";
import { send } from "./support/api.mjs";
import { setUp } from "./support/browser.mjs";
import { health, startCluster } from "./support/cluster.mjs";
import { addMonitors } from "./support/monitors.mjs";

const MOST_WATCHERS = 32;

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;

before(async () => {
  cluster = await startCluster({ nodes: 2 });
  await setUp(cluster.nodes[0]);
});

after(() => cluster?.close());

/**
 * Opens the standing connection.
 * @param {{url: string}} node
 * @returns {Promise<{status: number, headers: import("node:http").IncomingHttpHeaders, ticks: any[], ended: boolean,
 *   close: () => void}>}
 */
function watch(node) {
  return new Promise((resolve, reject) => {
    const request = get(`${node.url}/api/v1/watch`, { agent: false }, (response) => {
      const { statusCode: status = 0, headers } = response;
      const watching = {
        status,
        headers,
        ticks: /** @type {any[]} */ ([]),
        ended: false,
        close: () => request.destroy(),
      };
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        const lines = (text + chunk).split("\n");
        text = lines.pop() ?? "";
        watching.ticks.push(...lines.map((line) => JSON.parse(line)));
      });
      response.on("end", () => (watching.ended = true)).on("error", () => undefined);
      resolve(watching);
    });
    request.on("error", reject);
  });
}

test("a watcher gets a line at once and one each second", async () => {
  const [node] = cluster.nodes;
  const watching = await watch(node);
  assert.equal(watching.status, 200);
  assert.equal(watching.headers["content-type"], "application/x-ndjson");
  assert.equal(watching.headers["x-accel-buffering"], "no");
  assert.equal(watching.headers["transfer-encoding"], "chunked");
  await waitFor(() => watching.ticks.length > 0, { what: "the first line", timeoutMs: 900, everyMs: 10 });
  await sleep(5000);
  watching.close();
  const { boot_id } = await health(node);
  assert.ok(watching.ticks.length >= 5 && watching.ticks.length <= 7, `${watching.ticks.length} lines in five seconds`);
  for (const [index, { tick, ...line }] of watching.ticks.entries()) {
    assert.equal(tick, watching.ticks[0].tick + index);
    assert.deepEqual(line, { node_id: "node1", boot_id, status: "ok" });
  }
});

test("HEAD of the endless answer ends", async () => {
  const answer = await send(cluster.nodes[0], "HEAD", "/watch");
  assert.deepEqual([answer.status, answer.text], [200, ""]);
});

test("a node takes so many watchers and no more, until one goes", async () => {
  const [node] = cluster.nodes;
  const watching = await Promise.all(Array.from({ length: MOST_WATCHERS }, () => watch(node)));
  assert.deepEqual([...new Set(watching.map(({ status }) => status))], [200]);
  const refused = await send(node, "GET", "/watch");
  assert.equal(refused.status, 503, refused.text);
  assert.equal(refused.json.error, "too_many_watchers");
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  watching[0]?.close();
  const again = async () => {
    const one = await watch(node);
    one.close();
    return one.status === 200;
  };
  await waitFor(again, { what: "a free place", timeoutMs: 3000 });
  for (const { close } of watching) close();
});

test("a node is ready while load balancers have it online", async () => {
  const [node] = cluster.nodes;
  assert.deepEqual((await send(node, "GET", "/ready")).json, { ready: true, status: "online" });
  for (const status of ["draining", "recovering", "offline"]) {
    await cluster.sql(`UPDATE node SET status = '${status}' WHERE node_id = 'node1'`);
    const told = async () => {
      const answer = await send(node, "GET", "/ready");
      return answer.status === 503 && answer.json.status === status ? answer.json : undefined;
    };
    const body = await waitFor(told, { what: status, timeoutMs: 3000, everyMs: 50 });
    assert.deepEqual(body, { ready: false, status, reason: `the node is ${status}` });
  }
  await cluster.sql("UPDATE node SET status = 'online' WHERE node_id = 'node1'");
  const ready = async () => (await send(node, "GET", "/ready")).status === 200;
  await waitFor(ready, { what: "the node to be ready", timeoutMs: 3000 });
});

test("a node that answers but does not run its monitors, or whose monitors do not beat, is not well", async (t) => {
  const [beating, starting] = cluster.nodes;
  await addMonitors(cluster, { count: 3, home: "node1" });
  const beats = async () =>
    Number((await cluster.sql("SELECT COUNT(DISTINCT monitor_id) FROM heartbeat"))[0]?.[0]) === 3;
  await waitFor(beats, { what: "a beat of each", timeoutMs: 15000 });
  // Without the table nothing beats and nothing new can start, and yet the database is there.
  await cluster.sql("RENAME TABLE heartbeat TO elsewhere");
  const since = Date.now();
  await addMonitors(cluster, { count: 3, home: "node2", prefix: "n" });
  for (const [node, status] of /** @type {const} */ ([
    [starting, "not_running"],
    [beating, "overdue"],
  ])) {
    const seen = async () => (await health(node)).status === status;
    await waitFor(seen, { what: status, timeoutMs: 120000, everyMs: 250 });
    t.diagnostic(`${status} after ${Math.round((Date.now() - since) / 1000)} s`);
    assert.equal((await send(node, "GET", "/health")).status, 503);
    assert.equal((await send(node, "GET", "/ready")).json.status, status);
  }
  assert.ok(Date.now() - since > 59000, "not before its time");
  // Most of them are enough; the others follow.
  const reason = async () => (await health(beating)).reason === "3 of 3 monitors of this node do not beat";
  await waitFor(reason, { what: "the last of them", timeoutMs: 15000 });
  assert.equal(/** @type {any} */ (await health(beating)).monitors_overdue, 3);
  await cluster.sql("RENAME TABLE elsewhere TO heartbeat");
  for (const node of cluster.nodes) {
    const well = async () => (await health(node)).status === "ok";
    await waitFor(well, { what: `${node.node_id} to be well again`, timeoutMs: 30000 });
  }
});

test("nodes are not blamed for the beats of a time in which they stood still or had no database", async () => {
  const [standing, alone] = cluster.nodes;
  process.kill(standing.pid, "SIGSTOP");
  await cluster.db.kill();
  await sleep(75000);
  assert.equal((await health(alone)).status, "database_lost");
  await cluster.restartDatabase();
  process.kill(standing.pid, "SIGCONT");
  const excused = ["ok", "stalled", "database_lost"];
  for (let round = 0; round < 100; round++) {
    for (const node of cluster.nodes) {
      const { status } = await health(node);
      assert.ok(excused.includes(status), `${node.node_id} is ${status}`);
    }
    await sleep(50);
  }
  for (const node of cluster.nodes) assert.equal((await health(node)).status, "ok");
});

test("a node that is told to end says so, ends the connection, and is not held up by it", async () => {
  const [node] = cluster.nodes;
  const watching = await watch(node);
  await sleep(1500);
  const told = Date.now();
  await node.stop();
  assert.ok(!isAlive(node.pid));
  assert.ok(Date.now() - told < 10000, `${Date.now() - told} ms`);
  assert.equal(watching.ended, true);
  assert.equal(watching.ticks.at(-1).status, "leaving");
});

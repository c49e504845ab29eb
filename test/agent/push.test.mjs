import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { setUp } from "./support/browser.mjs";
import { health, startCluster, untilSql } from "./support/cluster.mjs";
import { startFakePeer } from "./support/fake-peer.mjs";
import { assign, beats } from "./support/monitors.mjs";

const INTERVAL_S = 4;

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;
/** @type {Awaited<ReturnType<typeof startFakePeer>>} */
let peer;
let hasStatistics = false;

before(async () => {
  cluster = await startCluster({ nodes: 2 });
  await setUp(cluster.nodes[0]);
  peer = await startFakePeer(cluster, "peer");
  const tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'stat_daily'";
  hasStatistics = (await cluster.sql(tables))[0][0] === "1";
});

after(async () => {
  await peer?.close();
  await cluster?.close();
});

beforeEach(() => void peer.requests.splice(0));

/** Adds a push monitor whose token is its name. @param {string} name @param {string} home @param {number} [interval] */
async function addPush(name, home, interval = 600) {
  await cluster.sql(`INSERT INTO monitor (name, type, \`interval\`, user_id, method, accepted_statuscodes_json, push_token, node_id)
    VALUES ('${name}', 'push', ${interval}, 1, 'GET', '["200-299"]', '${name}', '${home}')`);
  const id = Number((await cluster.sql(`SELECT id FROM monitor WHERE name = '${name}'`))[0][0]);
  const index = cluster.nodes.findIndex((node) => node.node_id === home);
  if (index >= 0) await untilRunning(index, 1);
  return id;
}

/** @param {number} index @param {number} count */
function untilRunning(index, count) {
  const runs = async () => (await health(cluster.nodes[index])).monitors_running >= count;
  return waitFor(runs, { what: `${count} monitors on node${index + 1}`, timeoutMs: 5000 });
}

/** @param {number} node @param {string} token @param {RequestInit & {query?: string}} [options] */
function push(node, token, { query = "status=up&msg=OK&ping=7", ...options } = {}) {
  const signal = AbortSignal.timeout(15000);
  return fetch(`${cluster.nodes[node].url}/api/push/${token}?${query}`, { signal, ...options });
}

/** The statistics have each stored beat of the monitor once. @param {number} id */
async function assertCounted(id) {
  if (!hasStatistics) return;
  const rows = (await beats(cluster, id)).length;
  await untilSql(cluster, `SELECT SUM(up + down) FROM stat_daily WHERE monitor_id = ${id}`, String(rows), 3000);
}

test("beats that are pushed to any node are stored and counted once, by the owner", async () => {
  const id = await addPush("spread", "node1");
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all([push(0, "spread"), push(1, "spread")]);
    for (const answer of answers) assert.deepEqual([answer.status, await answer.json()], [200, { ok: true }]);
  }
  const list = await beats(cluster, id);
  assert.equal(list.length, 20);
  assert.ok(list.every((beat) => beat.status === 1));
  assert.deepEqual(await cluster.sql(`SELECT DISTINCT msg, ping FROM heartbeat WHERE monitor_id = ${id}`), [
    ["OK", "7"],
  ]);
  await assertCounted(id);
});

test("the owner gets the request as it came, once, and its answer goes to the client", async () => {
  await addPush("asked", "peer");
  peer.answers((_request, response) => void response.writeHead(418, { "X-Of-Peer": "yes" }).end('{"ok":"peer"}'));
  const headers = { "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "User-Agent": "cron" };
  for (const method of ["GET", "POST", "PUT", "DELETE"]) {
    const body = ["POST", "PUT"].includes(method) ? { body: "x=1" } : {};
    const answer = await push(0, "asked", { method, headers, query: "status=down&msg=a%20b", ...body });
    assert.deepEqual([answer.status, await answer.text()], [418, '{"ok":"peer"}']);
    assert.equal(answer.headers.get("x-of-peer"), "yes");
    assert.equal(answer.headers.get("x-powered-by"), null);
  }
  assert.deepEqual(
    peer.requests.map(({ method, url }) => `${method} ${url}`),
    ["GET", "POST", "PUT", "DELETE"].map((method) => `${method} /api/push/asked?status=down&msg=a%20b`),
  );
  for (const { headers: sent } of peer.requests) {
    assert.equal(sent["x-cluster-hop"], "node1");
    assert.match(String(sent["x-forwarded-for"]), /^203\.0\.113\.7, 127\.0\.0\.1$/);
    assert.equal(sent["x-forwarded-proto"], "https");
    assert.equal(sent["user-agent"], "cron");
  }
});

test("a beat that another node sent is stored where it arrives", async () => {
  const id = await addPush("hopped", "peer");
  const answer = await push(1, "hopped", { headers: { "X-Cluster-Hop": "node1" } });
  assert.equal(answer.status, 200);
  assert.equal(peer.requests.length, 0);
  assert.equal((await beats(cluster, id)).length, 1);
  await assertCounted(id);
});

test("an unknown token and a paused monitor are answered by Kuma", async () => {
  const id = await addPush("paused", "peer");
  await cluster.sql(`UPDATE monitor SET active = 0 WHERE id = ${id}`);
  for (const token of ["paused", "unknown"]) {
    const answer = await push(0, token);
    assert.deepEqual([answer.status, (await answer.json()).msg], [404, "Monitor not found or not active."]);
  }
  assert.equal(peer.requests.length, 0);
});

test("an owner that has taken a beat may need longer for its answer", async () => {
  const id = await addPush("slow", "peer");
  peer.answers((_request, response) => {
    response.writeProcessing();
    setTimeout(() => response.end('{"ok":true}'), 6500);
  });
  const answer = await push(0, "slow");
  assert.deepEqual([answer.status, await answer.json()], [200, { ok: true }]);
  assert.equal((await beats(cluster, id)).length, 0, "it is the owner's to store");
});

test("beats of an owner that does not take them, is gone or offline are stored and counted here", async () => {
  const id = await addPush("orphan", "peer");
  peer.answers(() => undefined);
  const begun = Date.now();
  assert.equal((await push(0, "orphan")).status, 200);
  const waited = Date.now() - begun;
  assert.ok(waited >= 4900 && waited < 7000, `after ${waited} ms`);
  peer.answers((request) => void request.socket.destroy());
  for (const node of [1, 0, 1]) assert.equal((await push(node, "orphan")).status, 200);
  const asked = peer.requests.length;
  await cluster.sql("UPDATE node SET status = 'offline' WHERE node_id = 'peer'");
  for (const node of [0, 1, 0]) assert.equal((await push(node, "orphan")).status, 200);
  assert.equal(peer.requests.length, asked, "an offline node is not asked");
  assert.equal((await beats(cluster, id)).length, 7);
  await assertCounted(id);

  await assign(cluster, [id], "node2");
  for (const node of [0, 1, 0]) assert.equal((await push(node, "orphan")).status, 200);
  assert.equal((await beats(cluster, id)).length, 10);
  await assertCounted(id);
});

test("an owner that stood still does not store the beat that another node has stored meanwhile", async () => {
  const id = await addPush("stopped", "node1");
  const [stopped] = cluster.nodes;
  process.kill(stopped.pid, "SIGSTOP");
  try {
    assert.equal((await push(1, "stopped")).status, 200);
  } finally {
    process.kill(stopped.pid, "SIGCONT");
  }
  await waitFor(async () => (await health(stopped)).status === "ok", { what: "its return" });
  await sleep(500);
  assert.equal((await beats(cluster, id)).length, 1);
});

test("a push monitor that is moved while it is pushed is never down, and in silence once", async () => {
  const id = await addPush("moved", "node1", INTERVAL_S);
  let pushes = 0;
  let moving = true;
  const pushing = (async () => {
    while (moving) {
      assert.equal((await push(pushes % 2, "moved")).status, 200);
      pushes++;
      await sleep(200);
    }
  })();
  for (const node of ["node2", "node1", "node2", null, "node2"]) {
    await sleep(2500);
    await assign(cluster, [id], node);
  }
  // Timers of the owners before would be due by now.
  await sleep(INTERVAL_S * 1000 + 1500);
  moving = false;
  await pushing;
  const list = await beats(cluster, id);
  assert.deepEqual([list.length, list.filter((beat) => beat.status !== 1).length], [pushes, 0]);
  await assertCounted(id);

  await sleep(INTERVAL_S * 2000 + 2500);
  const silent = (await beats(cluster, id)).slice(pushes);
  assert.ok(silent.length >= 1 && silent.every((beat) => beat.status === 0));
  assert.equal(silent.filter((beat) => beat.important).length, 1, "one DOWN");
  await assertCounted(id);
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { setUp } from "./support/browser.mjs";
import { USER, health, startCluster, untilSql } from "./support/cluster.mjs";
import { startFakePeer } from "./support/fake-peer.mjs";
import { addMonitors, assign } from "./support/monitors.mjs";

const INTERVAL_S = 3;
const AUTHORIZATION = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString("base64")}`;

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;
/** @type {{id: number, path: string}[]} */
let monitors;

before(async () => {
  cluster = await startCluster({ nodes: 2 });
  await setUp(cluster.nodes[0]);
  cluster.nodes.push(await cluster.node("node3", { env: { CLUSTER_METRICS_MERGE: "0" } }));
  await cluster.nodes[2].ready();
  await cluster.sql("UPDATE node SET status = 'online'");
  monitors = await addMonitors(cluster, { count: 6, interval: INTERVAL_S, home: (index) => `node${(index % 3) + 1}` });
  // A check of these is often under way when they are moved, paused or edited.
  for (const { path } of monitors.slice(3)) cluster.target.behave(path, { delayMs: 1000 });
  await untilSql(cluster, "SELECT COUNT(DISTINCT monitor_id) FROM heartbeat", "6");
});

after(() => cluster?.close());

/** @param {number} node @param {Record<string, string>} [headers] */
async function scrape(node, headers = {}) {
  const answer = await fetch(`${cluster.nodes[node].url}/metrics`, {
    headers: { Authorization: AUTHORIZATION, ...headers },
    signal: AbortSignal.timeout(8000),
  });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

/** The names of the monitors in a text, one for each status. @param {string} text */
function shown(text) {
  return [...text.matchAll(/^monitor_status\{.*?monitor_name="([^"]*)"/gm)].map(([, name]) => name).sort();
}

/** What the node shows of its own. @param {number} node */
async function own(node) {
  return shown((await scrape(node, { "X-Cluster-Hop": "test" })).text);
}

/** What the node shows of all when every other one has answered it in time. @param {number} node */
async function merged(node) {
  const complete = async () => {
    const { text } = await scrape(node);
    if (/^kuma_cluster_scrape_peer_up\{.*\} 0$/m.test(text)) throw new Error("a node did not answer another in time");
    return { names: shown(text) };
  };
  return (await waitFor(complete, { what: `a whole scrape of node${node + 1}` })).names;
}

/** Waits until a scrape of each node that merges shows these, and stays so. @param {string[]} names */
async function untilShown(names) {
  const scrapes = async () => Promise.all([0, 1].map(merged));
  const right = async () => (await scrapes()).every((found) => found.join() === names.join());
  await waitFor(right, { what: names.join(), timeoutMs: 12000, everyMs: 300 }).catch(async (error) => {
    throw new Error(`shown is ${JSON.stringify(await scrapes())}`, { cause: error });
  });
  // A check that was under way has ended then.
  await sleep(1500);
  for (const found of await scrapes()) assert.deepEqual(found, names);
  const single = await Promise.all([0, 1, 2].map(own));
  assert.deepEqual(single.flat().sort(), names, "no monitor is shown by two nodes");
}

/** The rules of the text format. @param {string} text */
function assertValid(text) {
  const finished = new Set();
  const series = new Set();
  const comments = new Set();
  let current = "";
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [, kind, commented] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
    const sample = /^(\w+)(?:\{.*\})? \S+$/.exec(line)?.[1];
    const name = commented ?? (sample?.startsWith(current) ? current : sample);
    assert.ok(name !== undefined, `no line of the format: ${line}`);
    if (name !== current) finished.add(current);
    current = name;
    assert.ok(!finished.has(name), `${name} is in two groups`);
    const key = commented === undefined ? line.replace(/ \S+$/, "") : `${kind} ${commented}`;
    assert.ok(!(commented === undefined ? series : comments).has(key), `twice: ${key}`);
    (commented === undefined ? series : comments).add(key);
  }
  assert.ok(text.endsWith("\n"));
}

test("a scrape of any node shows each monitor of the cluster once, in a valid text", async () => {
  await untilShown(["m1", "m2", "m3", "m4", "m5", "m6"]);
  for (const node of [0, 1]) {
    const { status, type, text } = await scrape(node);
    assert.deepEqual([status, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
    assertValid(text);
    const others = cluster.nodes.filter((_node, index) => index !== node).map((other) => other.node_id);
    for (const other of others)
      assert.match(text, new RegExp(`^kuma_cluster_scrape_peer_up\\{node="${other}"\\} 1$`, "m"));
    assert.equal(text.match(/^kuma_cluster_scrape_peer_up\{/gm)?.length, 2);
  }
});

test("a node with CLUSTER_METRICS_MERGE=0 shows its own monitors only, to others as well", async () => {
  assert.deepEqual(shown((await scrape(2)).text), ["m3", "m6"]);
  assert.doesNotMatch((await scrape(2)).text, /kuma_cluster_scrape_peer_up/);
});

test("without the right password there are no metrics, and no other node is asked", async () => {
  const peer = await startFakePeer(cluster, "peer");
  try {
    for (const headers of [{ Authorization: "" }, { Authorization: "Basic YWRtaW46eA==" }]) {
      const { status, text } = await scrape(0, headers);
      assert.equal(status, 401);
      assert.doesNotMatch(text, /monitor_/);
    }
    assert.equal(peer.requests.length, 0);
    await scrape(0);
    const [{ url, headers }] = peer.requests;
    assert.deepEqual([url, headers["x-cluster-hop"], headers.authorization], ["/metrics", "node1", AUTHORIZATION]);
    await scrape(0, { "X-Cluster-Hop": "node2" });
    assert.equal(peer.requests.length, 1, "a node that is asked by another one asks nobody");
  } finally {
    await peer.close();
  }
});

test("a node that does not answer in time, refuses or is gone is said to be missing", async () => {
  const peer = await startFakePeer(cluster, "peer2");
  const missing = /^kuma_cluster_scrape_peer_up\{node="peer2"\} 0$/m;
  try {
    peer.answers(() => undefined);
    const begun = Date.now();
    const { text } = await scrape(0);
    assert.ok(Date.now() - begun < 4000);
    assert.match(text, missing);
    assert.deepEqual(shown(text), ["m1", "m2", "m3", "m4", "m5", "m6"]);
    assertValid(text);
    peer.answers((_request, response) => void response.writeHead(401).end('monitor_status{monitor_name="x"} 1'));
    assert.match((await scrape(0)).text, missing);
  } finally {
    await peer.close();
  }
  assert.match((await scrape(0)).text, missing);
  await cluster.sql("DELETE FROM node WHERE node_id LIKE 'peer%'");
});

test("monitors that are moved, renamed, paused and deleted while they are checked are shown once or not at all", async () => {
  const ids = monitors.map(({ id }) => id);
  await assign(cluster, ids, "node2");
  await waitFor(async () => (await own(1)).length === 6, { what: "the move", timeoutMs: 8000 });
  await untilShown(["m1", "m2", "m3", "m4", "m5", "m6"]);
  assert.deepEqual(await own(0), []);
  await assign(cluster, ids, null);
  await sleep(2000);
  await assign(cluster, ids.slice(0, 5), "node1");
  await cluster.sql(`UPDATE monitor SET name = CONCAT('n', SUBSTRING(name, 2)) WHERE id IN (${ids[2]}, ${ids[3]})`);
  await untilShown(["m1", "m2", "m5", "m6", "n3", "n4"]);
  await cluster.sql(`UPDATE monitor SET active = 0 WHERE id IN (${ids[0]}, ${ids[4]})`);
  await cluster.sql(`DELETE FROM monitor WHERE id IN (${ids[1]}, ${ids[5]})`);
  await untilShown(["n3", "n4"]);
  await cluster.sql(`UPDATE monitor SET active = 1 WHERE id = ${ids[4]}`);
  await untilShown(["m5", "n3", "n4"]);
});

test("a monitor that moves is shown by its new owner before the next check", async () => {
  const [{ id }] = await addMonitors(cluster, { count: 1, interval: 600, home: "node1", prefix: "rare" });
  await untilSql(cluster, `SELECT COUNT(*) FROM heartbeat WHERE monitor_id = ${id}`, "1");
  const series = async (/** @type {number} */ node) =>
    (await scrape(node, { "X-Cluster-Hop": "test" })).text.match(/^monitor_(status|response_time)\{.*"rare1".*/gm);
  const before = await waitFor(() => series(0), { what: "its first beat" });
  await assign(cluster, [id], "node2");
  await waitFor(() => series(1), { what: "it on its new node", timeoutMs: 4000 });
  assert.deepEqual(await series(1), before);
  await waitFor(async () => (await series(0)) === null, { what: "its end on the old one", timeoutMs: 4000 });
  await cluster.sql(`UPDATE monitor SET active = 0 WHERE id = ${id}`);
  await waitFor(async () => (await series(1)) === null, { what: "its end" });
  assert.equal(cluster.target.times("/rare1").length, 1);
});

test("a push monitor is shown by its owner, also when a beat was stored elsewhere", async () => {
  await cluster.sql(`DELETE FROM monitor; INSERT INTO monitor (name, type, \`interval\`, user_id, method, accepted_statuscodes_json,
    push_token, node_id) VALUES ('push', 'push', 600, 1, 'GET', '["200-299"]', 'token', 'node1')`);
  const counts = async () => (await Promise.all(cluster.nodes.map(health))).map((body) => body.monitors_running);
  await waitFor(async () => (await counts()).join() === "1,0,0", { what: "its start" });
  const push = (/** @type {number} */ node, headers = {}) =>
    fetch(`${cluster.nodes[node].url}/api/push/token`, { headers });
  assert.equal((await push(1)).status, 200);
  assert.equal((await push(1, { "X-Cluster-Hop": "node1" })).status, 200);
  await untilShown(["push"]);
  await cluster.sql("UPDATE monitor SET assigned_node = 'node2'");
  await waitFor(async () => (await counts()).join() === "0,1,0", { what: "its move" });
  assert.equal((await push(0)).status, 200);
  await untilShown(["push"]);
  assert.deepEqual(await own(0), []);
});

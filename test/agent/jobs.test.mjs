// What Kuma does in each process, and a cluster needs once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { waitFor } from "../../local/processes.mjs";
import { ask, logIn, setUp } from "./support/browser.mjs";
import { health, startCluster, untilSql } from "./support/cluster.mjs";

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;

before(async () => {
  const modules = ["../../agent/dist/register.js", "support/jobs.cjs"];
  const paths = modules.map((file) => fileURLToPath(new URL(file, import.meta.url)));
  const NODE_OPTIONS = paths.map((path) => `--require ${JSON.stringify(path)}`).join(" ");
  cluster = await startCluster({ nodes: 3, env: { NODE_OPTIONS, NODE_HEARTBEAT_INTERVAL: "2" } });
  await setUp(cluster.nodes[0]);
});

after(() => cluster?.close());

const logs = () => cluster.nodes.map((node) => readFileSync(node.log, "utf8"));
const count = (/** @type {string} */ line) => logs().filter((log) => log.includes(line)).length;

test("old data is cleared by one node", async () => {
  await cluster.sql(`INSERT INTO monitor (name, type, user_id, active, method, accepted_statuscodes_json, node_id)
    VALUES ('old', 'http', 1, 0, 'GET', '["200-299"]', 'node1')`);
  await cluster.sql("INSERT INTO heartbeat (monitor_id, status, time) SELECT id, 1, '2015-01-01' FROM monitor");
  for (const node of cluster.nodes) process.kill(node.pid, "SIGUSR2");
  await untilSql(cluster, "SELECT COUNT(*) FROM heartbeat", "0");
  await waitFor(() => count("another node clears old data") === 2, { what: "the word of the other two" });
  assert.equal(count("this node clears old data"), 1);
  for (const node of cluster.nodes) process.kill(node.pid, "SIGUSR2");
  await waitFor(() => count("another node clears old data") === 3, { what: "the word of all" });
  assert.equal(count("this node clears old data"), 1, "not a second time on the same day");
});

test("one node asks for updates", async () => {
  const turns = await cluster.sql("SELECT holder, epoch FROM cluster_lease WHERE name = 'job:check-version'");
  assert.equal(turns.length, 1);
  assert.equal(turns[0][1], "1", "the others found it taken");
});

test("keys that Kuma makes when they are first asked for are the same at every node", async (t) => {
  const browsers = await Promise.all(cluster.nodes.map((node) => logIn(node)));
  try {
    const answers = await Promise.all(
      browsers.map((browser) =>
        ask(browser, "getWebpushVapidPublicKey").catch(() => "this version of Uptime Kuma has no web push"),
      ),
    );
    if (typeof answers[0] === "string") return t.skip(answers[0]);
    const keys = answers.map((answer) => answer.msg);
    assert.equal(new Set(keys).size, 1, keys.join(" "));
    assert.ok(keys[0].length > 40);
  } finally {
    for (const browser of browsers) browser.disconnect();
  }
  return undefined;
});

test("a node of another version is seen and told", async () => {
  await cluster.sql(`INSERT INTO node (node_id, host, status, version, agent_version)
    VALUES ('old', '127.0.0.1:9', 'online', '1.9.9', '0.0.1')`);
  const skew = "old runs Uptime Kuma 1.9.9 with agent 0.0.1";
  const seen = async () => (await health(cluster.nodes[2])).version_skew.includes(skew);
  await waitFor(seen, { what: "the other version in the node's health", timeoutMs: 8000 });
  await waitFor(() => count(`WARN: ${skew}`) === 3, { what: "a line in every log", timeoutMs: 8000 });
  await cluster.sql("DELETE FROM node WHERE node_id = 'old'");
});

// More monitors on other nodes than a node keeps statistics of.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, connect, logIn, setUp } from "./support/browser.mjs";
import { startCluster, untilSql } from "./support/cluster.mjs";
import { addMonitors } from "./support/monitors.mjs";
import { watch } from "./support/watch.mjs";

const MONITORS = 40;

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;

before(async () => {
  cluster = await startCluster({ nodes: 2, env: { CLUSTER_STATISTICS_CACHE: "10" } });
  await setUp(cluster.nodes[0]);
  await addMonitors(cluster, { count: MONITORS, interval: 2, home: "node1" });
  await untilSql(cluster, "SELECT COUNT(DISTINCT monitor_id) FROM heartbeat", String(MONITORS), 20000);
});

after(() => cluster?.close());

test("log-ins are answered while all of them beat", async () => {
  const socket = await connect(cluster.nodes[1]);
  const { ok, token } = await ask(socket, "login", { username: "admin", password: "Correct-Horse-7", token: "" });
  assert.equal(ok, true);
  socket.disconnect();
  for (let round = 0; round < 8; round++) {
    const again = await connect(cluster.nodes[round % 2]);
    assert.equal((await ask(again, "loginByToken", token)).ok, true);
    again.disconnect();
  }
});

test("the page gets beats and uptimes of every monitor", async (t) => {
  if ((await cluster.sql("SHOW TABLES LIKE 'stat_daily'")).length === 0) return t.skip("no statistics in this version");
  const socket = await logIn(cluster.nodes[1]);
  const seen = watch(socket);
  const ids = (/** @type {string} */ event, /** @type {(first: any) => number} */ idOf) =>
    new Set(seen.of(event).map(({ args }) => idOf(args[0])));
  const deadline = Date.now() + 15_000;
  const all = () =>
    ids("heartbeat", (beat) => beat.monitorID).size === MONITORS && ids("uptime", Number).size === MONITORS;
  while (!all() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(ids("heartbeat", (beat) => beat.monitorID).size, MONITORS);
  assert.equal(ids("uptime", Number).size, MONITORS);
  socket.disconnect();
  return undefined;
});

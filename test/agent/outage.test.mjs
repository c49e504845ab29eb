import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { setUp } from "./support/browser.mjs";
import { health, startCluster, untilSql } from "./support/cluster.mjs";
import { addMonitors } from "./support/monitors.mjs";

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;

before(async () => {
  cluster = await startCluster({ nodes: 2 });
  await setUp(cluster.nodes[0]);
  const home = (/** @type {number} */ index) => `node${(index % 2) + 1}`;
  const monitors = await addMonitors(cluster, { count: 12, interval: 3, home, notify: true });
  // A check of these is often under way when the database goes.
  for (const { path } of monitors.slice(6)) cluster.target.behave(path, { delayMs: 1500 });
  await untilSql(cluster, "SELECT COUNT(DISTINCT monitor_id) FROM heartbeat", "12");
});

after(() => cluster?.close());

/** Every monitor has a beat that is younger than two seconds. */
function untilAllBeat() {
  const recent = "SELECT COUNT(DISTINCT monitor_id) FROM heartbeat WHERE time > UTC_TIMESTAMP() - INTERVAL 6 SECOND";
  return untilSql(cluster, recent, "12", 20000);
}

async function assertNoFalseAlarm() {
  assert.deepEqual(await cluster.sql("SELECT * FROM heartbeat WHERE status <> 1"), []);
  assert.deepEqual(cluster.target.notifications, []);
}

test("nodes live through a restart of the database and say nothing false", async () => {
  await cluster.db.kill();
  const lost = async () =>
    (await Promise.all(cluster.nodes.map(health))).every((body) => body.status === "database_lost");
  await waitFor(lost, { what: "both nodes to say database_lost", timeoutMs: 10000 });
  // What the liveness probe in k8s/ asks: nobody is to restart nodes for this.
  for (const { url } of cluster.nodes) assert.equal((await fetch(`${url}/api/v1/openapi.json`)).status, 200);
  await sleep(9000);
  await cluster.restartDatabase();
  const well = async () => (await Promise.all(cluster.nodes.map(health))).every((body) => body.status === "ok");
  await waitFor(well, { what: "both nodes to be well", timeoutMs: 5000 });
  await sleep(3000);
  await untilAllBeat();
  await assertNoFalseAlarm();
  for (const node of cluster.nodes) {
    const log = readFileSync(node.log, "utf8");
    assert.equal(log.match(/ERROR: database lost: /g)?.length, 1, "said once");
    assert.match(log, /database is back after 1\d s/);
  }
});

test("a database that stands still makes no monitor fail", async () => {
  process.kill(cluster.db.pid, "SIGSTOP");
  await sleep(8000);
  process.kill(cluster.db.pid, "SIGCONT");
  await sleep(5000);
  await untilAllBeat();
  await assertNoFalseAlarm();
});

test("a check whose statement is cut off says nothing about its target", async () => {
  // Each check first asks for maintenances; those questions are held up, then cut off.
  const lock = cluster.db.sql("LOCK TABLES monitor_maintenance WRITE; DO SLEEP(5)", cluster.db.name);
  const waiting =
    "FROM information_schema.processlist WHERE info LIKE '%FROM monitor_maintenance%' AND command = 'Query' AND state LIKE 'Waiting%'";
  await waitFor(async () => Number((await cluster.sql(`SELECT COUNT(*) ${waiting}`))[0][0]) >= 6, {
    what: "held up checks",
  });
  const cut = await cluster.sql(`SELECT id ${waiting}`);
  await cluster.db.sql(cut.map(([id]) => `KILL CONNECTION ${id};`).join(""));
  await lock;
  await sleep(4000);
  await untilAllBeat();
  await assertNoFalseAlarm();
  const logs = cluster.nodes.map((node) => readFileSync(node.log, "utf8")).join("");
  assert.match(logs, /the check is void, the database was lost/);
});

// What all nodes go through together: a database that is away, and reloads of the load balancer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { logIn } from "../agent/support/browser.mjs";
import { startLoad } from "../support/http.mjs";
import { anyFailed } from "../support/outcome.mjs";
import { clientAddress, startBeatingCluster } from "./beating-cluster.mjs";
import { rhythm, storedBeats } from "./beats.mjs";
import { OUTAGE_MS } from "./durations.mjs";
import { INTERVAL_S } from "./kuma-client.mjs";

const CHECK_INTERVAL_S = 2;
const RELOADS = 10;
// nginx gives connections that stay open 30 s.
const DRAIN_LIMIT_MS = 40000;
const ONLINE = { node1: "online", node2: "online", node3: "online" };

/** @type {import("./beating-cluster.mjs").BeatingCluster} */
let site;

before(async () => {
  site = await startBeatingCluster({ count: 12, lbEnv: { HEALTH_CHECK_INTERVAL: String(CHECK_INTERVAL_S) } });
});
after(() => site?.close(anyFailed()));

/** How many checks of nodes the load balancer has made. @returns {Promise<number>} */
async function checks() {
  return (await site.cluster.get("/lb/health-status")).json.statistics.checks;
}

/** @param {{diagnostic: (text: string) => void}} t @param {number} start @param {number} checksBefore at that time */
async function assertCheckedOnceAnInterval(t, start, checksBefore) {
  const intervals = (Date.now() - start) / 1000 / CHECK_INTERVAL_S;
  const perInterval = ((await checks()) - checksBefore) / intervals;
  t.diagnostic(`${perInterval.toFixed(1)} checks of 3 nodes an interval`);
  assert.ok(perInterval > 2 && perInterval < 4, `${perInterval} checks an interval`);
}

/** Pids of everything but the database. */
function processes() {
  const { cluster } = site;
  return [cluster.state().lb.pid, ...cluster.workers(), ...cluster.nodeOfPid().keys()].sort();
}

test("while MariaDB is away requests are routed, no process ends and no monitor is called down", async (t) => {
  const { cluster, monitors, untilChecked } = site;
  const running = processes();
  const load = startLoad(`${cluster.url}/dashboard`, { from: clientAddress });
  t.after(load.stop);
  // What is routed by during the outage is as old as the outage: it should know of all monitors.
  await sleep(3000);
  await cluster.stopDatabase();
  const stopped = Date.now();
  await sleep(OUTAGE_MS / 2);
  const { status, json } = await cluster.get("/lb/health");
  assert.equal(status, 200);
  assert.equal(json.database.status, "unreachable");
  await sleep(stopped + OUTAGE_MS - Date.now());
  await cluster.startDatabase();
  const back = Date.now();
  t.diagnostic(`MariaDB was away for ${((back - stopped) / 1000).toFixed(1)} s`);
  await untilChecked(monitors, back);
  t.diagnostic(`each monitor was checked within ${((Date.now() - back) / 1000).toFixed(1)} s after that`);
  const { total, failures, slowestMs, nodes } = await load.stop();
  t.diagnostic(
    `${total} requests ${JSON.stringify(nodes)}, ${failures.length} failed, slowest ${Math.round(slowestMs)} ms`,
  );
  assert.deepEqual(failures, []);
  assert.equal(Object.keys(nodes).length, 3, "each node had a part of them");
  assert.deepEqual(processes(), running);
  await cluster.untilStatus(ONLINE, 15000);
});

test("after the outage every monitor beats in its old rhythm, and nobody was alerted", async (t) => {
  const { cluster, receiver, monitors } = site;
  const from = Date.now() - INTERVAL_S * 1000;
  await sleep(INTERVAL_S * 1000);
  const beats = await storedBeats(cluster);
  const { duplicates, notUp, longest } = rhythm(beats);
  t.diagnostic(`the longest time without a stored beat was ${longest} s`);
  assert.equal(duplicates, 0);
  assert.equal(notUp, 0);
  assert.deepEqual(receiver.notifications, []);
  assert.equal([...beats.values()].filter((list) => list.some(({ at }) => at * 1000 >= from)).length, monitors.length);
  await cluster.untilShares({ node1: 4, node2: 4, node3: 4 }, 5000);
});

test("ten reloads of nginx under load fail no request and leave no old worker", async (t) => {
  const { cluster } = site;
  const before = cluster.workers();
  const [start, checksBefore] = [Date.now(), await checks()];
  const user = await logIn(cluster);
  const kept = startLoad(`${cluster.url}/dashboard`, { from: clientAddress });
  const single = startLoad(`${cluster.url}/dashboard`, { keepAlive: false, pauseMs: 20 });
  t.after(() => Promise.all([kept.stop(), single.stop(), user.disconnect()]));
  for (let i = 0; i < RELOADS; i++) {
    await cluster.reload();
    await sleep(1500);
  }
  for (const [kind, load] of Object.entries({ "kept connections": kept, "a connection each": single })) {
    const { total, failures, repeated } = await load.stop();
    t.diagnostic(`${kind}: ${total} requests, ${failures.length} failed, ${repeated} sent again`);
    assert.deepEqual(failures, []);
  }
  const reloaded = Date.now();
  const count = () => cluster.workers().length;
  t.diagnostic(`${count()} workers right after the last reload, one of them with a user's WebSocket`);
  const only = () => count() === before.length && cluster.workers().every((pid) => !before.includes(pid));
  await waitFor(only, { what: "the end of the old workers", timeoutMs: DRAIN_LIMIT_MS, everyMs: 100 });
  t.diagnostic(`only new ones ${((Date.now() - reloaded) / 1000).toFixed(1)} s later`);
  await assertCheckedOnceAnInterval(t, start, checksBefore);
});

test("after the reloads each node is still checked once an interval", async (t) => {
  const [start, checksBefore] = [Date.now(), await checks()];
  await sleep(8 * CHECK_INTERVAL_S * 1000);
  await assertCheckedOnceAnInterval(t, start, checksBefore);
  await site.cluster.untilStatus(ONLINE, 5000);
});

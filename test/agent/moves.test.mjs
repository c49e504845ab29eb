import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, waitFor } from "../../local/processes.mjs";
import { ask, connect, logIn, newMonitor, setUp } from "./support/browser.mjs";
import { USER, health, startCluster, untilSql } from "./support/cluster.mjs";
import { addMonitors, assign, beats, gaps } from "./support/monitors.mjs";

const INTERVAL_S = 4;
// Beats are stored in whole seconds.
const LEAST_GAP_S = INTERVAL_S - 1;

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;
/** @type {{id: number, path: string}[]} */
let monitors;

before(async () => {
  cluster = await startCluster({ nodes: 2 });
  await setUp(cluster.nodes[0]);
  monitors = await addMonitors(cluster, { count: 8, interval: INTERVAL_S, home: "node1", notify: true });
  // A check of these is often under way when they are moved.
  for (const { path } of monitors.slice(4)) cluster.target.behave(path, { delayMs: 1200 });
  await untilSql(cluster, "SELECT COUNT(DISTINCT monitor_id) FROM heartbeat", "8");
});

after(() => cluster?.close());

const ids = () => monitors.map((monitor) => monitor.id);

/** @param {number} index @param {string} status */
async function setStatus(index, status) {
  await cluster.sql(`UPDATE node SET status = '${status}' WHERE node_id = 'node${index + 1}'`);
}

/**
 * No monitor has beaten twice in one interval, nor been left out for longer than `most` seconds, since `from`.
 * @param {number} from seconds since 1970 @param {number} most
 */
async function assertRhythm(from, most) {
  for (const { id, path } of monitors) {
    const list = gaps((await beats(cluster, id)).filter((beat) => beat.at >= from));
    assert.ok(Math.min(...list) >= LEAST_GAP_S, `${path} beats twice in one interval: ${list}`);
    assert.ok(Math.max(...list) <= most, `${path} is left out: ${list}`);
  }
}

test("monitors that are moved while both nodes live keep the rhythm of their beats", async () => {
  const from = Date.now() / 1000 - INTERVAL_S;
  // No multiple of the interval, so that a move finds the monitors at every stage.
  for (const [owner, waitMs] of /** @type {[string | null, number][]} */ ([
    ["node2", 4500],
    [null, 6200],
    ["node2", 5100],
    [null, 5600],
  ])) {
    await assign(cluster, ids(), owner);
    await sleep(waitMs);
  }
  // A check under way comes to its end at the old owner. 2.0.0-dev.0 counts the interval from the answer on: 1.2 s.
  await assertRhythm(from, INTERVAL_S + 3);
  assert.equal(cluster.target.notifications.length, 0);
});

test("a monitor that moves on before its last node has looked beats once", async () => {
  const taking = cluster.nodes[1];
  await cluster.sql("INSERT INTO node (node_id, host, status) VALUES ('node3', '127.0.0.1:1', 'offline')");
  await assign(cluster, ids(), "node3");
  await sleep(INTERVAL_S * 1000);
  const from = Date.now() / 1000;
  // Longer than a beat of theirs could be late for another reason.
  for (const { path } of monitors) cluster.target.behave(path, { delayMs: 2500 });
  const before = cluster.target.hits.length;
  process.kill(taking.pid, "SIGSTOP");
  try {
    await assign(cluster, ids(), "node1");
    await waitFor(() => cluster.target.hits.length >= before + monitors.length, { what: "their checks" });
    await assign(cluster, ids(), "node2");
  } finally {
    process.kill(taking.pid, "SIGCONT");
  }
  await sleep(INTERVAL_S * 2000);
  await assertRhythm(from, INTERVAL_S + 4);
  for (const [index, { path }] of monitors.entries()) cluster.target.behave(path, index < 4 ? {} : { delayMs: 1200 });
  await cluster.sql("DELETE FROM node WHERE node_id = 'node3'");
  await assign(cluster, ids(), null);
  await waitFor(async () => (await health(cluster.nodes[0])).monitors_running === 8, { what: "the return" });
  await waitFor(async () => (await health(taking)).monitors_running === 0, { what: "the farewell" });
});

test("after the moves the statistics count each beat once", async (context) => {
  const [[tables]] = await cluster.sql(
    "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'stat_daily'",
  );
  if (tables === "0") return context.skip("this Kuma has no statistics");
  const difference = "SELECT (SELECT SUM(up + down) FROM stat_daily) - (SELECT COUNT(*) FROM heartbeat)";
  await untilSql(cluster, difference, "0", 10000);
});

test("after the moves only the owner shows the monitors among its metrics", async () => {
  const Authorization = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString("base64")}`;
  const counts = await Promise.all(
    cluster.nodes.map(async ({ url }) => {
      // As a node that asks another one for its own.
      const answer = await fetch(`${url}/metrics`, { headers: { Authorization, "X-Cluster-Hop": "test" } });
      assert.equal(answer.status, 200);
      return (await answer.text()).match(/^monitor_status\{/gm)?.length ?? 0;
    }),
  );
  assert.deepEqual(counts, [8, 0]);
});

test("a monitor that is moved between two retries goes down after as many of them", async (context) => {
  const columns = await cluster.sql("SHOW COLUMNS FROM heartbeat LIKE 'retries'");
  if (columns.length === 0) return context.skip("this Kuma counts retries in memory only");
  const [retried] = await addMonitors(cluster, { count: 1, interval: 3, home: "node1", retries: 3, prefix: "retried" });
  await untilSql(cluster, `SELECT COUNT(*) > 0 FROM heartbeat WHERE monitor_id = ${retried.id} AND status = 1`, "1");
  cluster.target.behave(retried.path, { status: 500 });
  const pending = `SELECT COUNT(*) FROM heartbeat WHERE monitor_id = ${retried.id} AND status = 2`;
  for (const [count, owner] of /** @type {[string, string | null][]} */ ([
    ["1", "node2"],
    ["2", null],
  ])) {
    await untilSql(cluster, pending, count);
    await assign(cluster, [retried.id], owner);
  }
  const down = `SELECT COUNT(*) > 0 FROM heartbeat WHERE monitor_id = ${retried.id} AND status = 0`;
  await untilSql(cluster, down, "1", 20000);
  assert.deepEqual(await cluster.sql(pending), [["3"]]);
  await cluster.sql(`DELETE FROM monitor WHERE id = ${retried.id}`);
  return undefined;
});

test("a monitor that a user edits at the node that it moves to is not checked beside the check under way", async () => {
  const [edited] = await addMonitors(cluster, { count: 1, interval: INTERVAL_S, home: "node1", prefix: "edited" });
  const checks = () => cluster.target.times(edited.path).length;
  const browser = await logIn(cluster.nodes[1]);
  cluster.target.behave(edited.path, { delayMs: 2500 });
  const before = checks();
  await waitFor(() => checks() > before, { what: "its check", everyMs: 10 });
  await assign(cluster, [edited.id], "node2");
  // Kuma 2.0 takes no shorter one from its users.
  const settings = { name: "edited1", url: cluster.target.url + edited.path, interval: 20 };
  const { ok, msg } = await ask(browser, "editMonitor", { ...newMonitor(settings), id: edited.id });
  assert.equal(ok, true, msg);
  browser.disconnect();
  await waitFor(async () => (await health(cluster.nodes[1])).monitors_running === 1, { what: "its start" });
  await sleep(2000);
  assert.equal(checks(), before + 1, "the one that was under way");
  await untilSql(cluster, `SELECT COUNT(*) FROM heartbeat WHERE monitor_id = ${edited.id}`, String(before + 1));
  await cluster.sql(`DELETE FROM monitor WHERE id = ${edited.id}`);
});

test("a push monitor that is moved leaves no timer behind that calls it down", async () => {
  await cluster.sql(`INSERT INTO monitor (name, type, \`interval\`, user_id, method, accepted_statuscodes_json, push_token, node_id)
    VALUES ('push', 'push', ${INTERVAL_S}, 1, 'GET', '["200-299"]', 'token', 'node1')`);
  const id = Number((await cluster.sql("SELECT id FROM monitor WHERE name = 'push'"))[0][0]);
  await waitFor(async () => (await health(cluster.nodes[0])).monitors_running === 9, { what: "its start" });
  await assign(cluster, [id], "node2");
  const threeBeats = async () => (await beats(cluster, id)).length >= 3;
  await waitFor(threeBeats, { what: "beats that nobody pushed", timeoutMs: INTERVAL_S * 10000 });
  const list = await beats(cluster, id);
  assert.ok(list.every((beat) => beat.status === 0));
  assert.ok(Math.min(...gaps(list)) >= LEAST_GAP_S, `two nodes miss the push: ${gaps(list)}`);
  await cluster.sql(`DELETE FROM monitor WHERE id = ${id}`);
});

test("an owner that stood still stores and sends nothing when it goes on", async () => {
  const [stopped, taking] = cluster.nodes;
  const from = Date.now() / 1000 - INTERVAL_S;
  process.kill(stopped.pid, "SIGSTOP");
  try {
    await setStatus(0, "offline");
    await assign(cluster, ids(), "node2");
    await waitFor(async () => (await health(taking)).monitors_running === 8, { what: "the take-over" });
    for (const { path } of monitors) cluster.target.behave(path, { status: 500 });
    const downs = () => cluster.target.notifications.length >= 8;
    await waitFor(downs, { what: "a notification of each monitor", timeoutMs: 15000 });
    // Its checks are overdue by more than one interval then.
    await sleep(INTERVAL_S * 2500);
  } finally {
    process.kill(stopped.pid, "SIGCONT");
  }
  await sleep(6000);
  await assertRhythm(from, INTERVAL_S * 2 + 1);
  assert.equal(cluster.target.notifications.length, 8, "one for each monitor");
  const body = await health(stopped);
  assert.ok(body.checks_fenced > 0, "its checks were held back");
  assert.equal(body.monitors_running, 0);
  const important = await cluster.sql("SELECT monitor_id FROM heartbeat WHERE status = 0 AND important = 1");
  assert.equal(important.length, 8);
});

test("nor does one that is taken for dead only when it has gone on already", async () => {
  const [taking, stopped] = cluster.nodes;
  await setStatus(0, "online");
  const from = Date.now() / 1000 - INTERVAL_S;
  // Some of the checks that are due when it goes on end between the move and its next look at the database.
  for (const [index, { path }] of monitors.entries()) {
    cluster.target.behave(path, { status: 500, delayMs: 1030 + index * 60 });
  }
  process.kill(stopped.pid, "SIGSTOP");
  try {
    await sleep(INTERVAL_S * 1500);
  } finally {
    process.kill(stopped.pid, "SIGCONT");
  }
  await sleep(1000);
  await setStatus(1, "offline");
  await assign(cluster, ids(), "node1");
  await waitFor(async () => (await health(taking)).monitors_running === 8, { what: "the take-over" });
  await sleep(INTERVAL_S * 2000);
  await assertRhythm(from, INTERVAL_S * 3 + 3);
  assert.equal(cluster.target.notifications.length, 8);
  await setStatus(1, "online");
});

test("after a crash the monitors go on elsewhere, and come home without a second beat or a notification", async () => {
  for (const { path } of monitors) cluster.target.behave(path, {});
  await setStatus(0, "online");
  await assign(cluster, ids(), null);
  await waitFor(async () => (await health(cluster.nodes[0])).monitors_running === 8, { what: "the return" });
  await waitFor(() => cluster.target.notifications.length >= 16, { what: "the end of the fault", timeoutMs: 15000 });
  // Kuma notifies before it stores: a crash between the two repeats the notification.
  await untilSql(cluster, "SELECT COUNT(*) FROM heartbeat WHERE status = 1 AND important = 1", "16");
  const from = Date.now() / 1000 - INTERVAL_S;

  const { port, stop } = cluster.nodes[0];
  await stop("SIGKILL");
  await sleep(3000);
  await setStatus(0, "offline");
  await assign(cluster, ids(), "node2");
  await waitFor(async () => (await health(cluster.nodes[1])).monitors_running === 8, { what: "the take-over" });
  cluster.nodes[0] = await cluster.node("node1", { port });
  await cluster.nodes[0].ready();
  const said = readFileSync(cluster.nodes[0].log, "utf8").split("Welcome to Uptime Kuma\n").at(-1) ?? "";
  assert.doesNotMatch(said, /waiting for/, "it does not wait for the process that was killed");
  assert.deepEqual(await cluster.sql("SELECT status FROM node WHERE node_id = 'node1'"), [["recovering"]]);

  await setStatus(0, "online");
  await assign(cluster, ids(), null);
  await waitFor(async () => (await health(cluster.nodes[0])).monitors_running === 8, { what: "the return" });
  await sleep(INTERVAL_S * 2000);
  await assertRhythm(from, INTERVAL_S * 2 + 3);
  assert.equal(cluster.target.notifications.length, 16, "nothing changed for the targets");
});

test("a node that is told to end says offline within a second and stops its monitors", async () => {
  const [leaving] = cluster.nodes;
  const browser = await connect(leaving);
  process.kill(leaving.pid, "SIGTERM");
  await untilSql(cluster, "SELECT status FROM node WHERE node_id = 'node1'", "offline", 1000);
  await waitFor(() => !browser.connected, { what: "the end of the browser's session", timeoutMs: 1000 });
  const [[late]] = await cluster.sql("SELECT COUNT(*) FROM heartbeat WHERE time > UTC_TIMESTAMP() + INTERVAL 1 SECOND");
  assert.equal(late, "0");
  await assign(cluster, ids(), "node2");
  await waitFor(async () => (await health(cluster.nodes[1])).monitors_running === 8, { what: "the take-over" });
  await waitFor(() => !isAlive(leaving.pid), { what: "the end of the process", timeoutMs: 8000 });
});

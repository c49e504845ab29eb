import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { logIn, setUp } from "./support/browser.mjs";
import { startCluster } from "./support/cluster.mjs";
import { addMonitors, assign } from "./support/monitors.mjs";
import { percentile, watch } from "./support/watch.mjs";

const WATCH_MS = 12_000;

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;
/** @type {{id: number, path: string}[]} */
let monitors;
/** @type {import("socket.io-client").Socket[]} */
const sockets = [];

before(async () => {
  cluster = await startCluster({ nodes: 2 });
  await setUp(cluster.nodes[0]);
  monitors = await addMonitors(cluster, { count: 6, interval: 2, home: (index) => `node${(index % 2) + 1}` });
});

after(async () => {
  for (const socket of sockets) socket.disconnect();
  await cluster?.close();
});

async function openBrowsers() {
  const browsers = await Promise.all(cluster.nodes.map((node) => logIn(node)));
  sockets.push(...browsers);
  return browsers;
}

/** Live beats of the node itself carry milliseconds, stored ones do not. @param {any} beat */
const keyOf = (beat) => `${beat.monitorID} ${beat.time.slice(0, 19)}`;

test("a browser at any node sees every beat of every node once, within a second", async (t) => {
  const watches = (await openBrowsers()).map(watch);
  await waitFor(() => watches[0].of("heartbeat").length >= 6, { what: "the first beats", timeoutMs: 15000 });
  const begun = Date.now();
  await sleep(WATCH_MS);
  // A move in between: the beats change the way they come, but none is missed or doubled.
  await assign(cluster, [monitors[0].id, monitors[1].id], "node2");
  await sleep(WATCH_MS);
  const ended = Date.now() - 2000;
  for (const { stop } of watches) stop();
  const lists = watches.flatMap(({ of }) => [...of("monitorList"), ...of("updateMonitorIntoList")]);
  const sent = lists.filter(({ at }) => at >= begun);
  assert.deepEqual(sent, [], "a move changes nothing that lists show");
  const [first, second] = watches.map(({ of }) => of("heartbeat"));
  for (const shown of [first, second]) {
    const keys = shown.map(({ args }) => keyOf(args[0]));
    assert.equal(new Set(keys).size, keys.length, "none is shown twice");
  }
  const seenBySecond = new Map(second.map(({ args, at }) => [keyOf(args[0]), at]));
  const common = first.filter(({ at }) => at >= begun && at <= ended);
  assert.ok(common.length >= 50, `${common.length} beats`);
  const missing = common.filter(({ args }) => !seenBySecond.has(keyOf(args[0])));
  assert.deepEqual(missing, []);
  const delays = common.map(({ args, at }) => Math.abs(at - Number(seenBySecond.get(keyOf(args[0])))));
  const [p50, p95] = [percentile(delays, 0.5), percentile(delays, 0.95)];
  t.diagnostic(`${delays.length} beats, between the two browsers p50 ${p50} ms, p95 ${p95} ms`);
  assert.ok(p95 < 1000, `p95 is ${p95} ms`);
  const stored = await cluster.sql(
    `SELECT COUNT(*) FROM heartbeat WHERE UNIX_TIMESTAMP(time) BETWEEN ${begun / 1000} AND ${ended / 1000}`,
  );
  assert.ok(Math.abs(Number(stored[0][0]) - common.length) <= 6, `${stored[0][0]} stored, ${common.length} seen`);
});

test("averages and uptimes of another node's monitors are the owner's", async (t) => {
  const watches = sockets.map(watch);
  await cluster.sql("UPDATE monitor SET assigned_node = NULL");
  cluster.target.behave("/m1", { status: 500 });
  const columns = await cluster.sql("SHOW TABLES LIKE 'stat_daily'");
  if (columns.length === 0) return t.skip("this version of Uptime Kuma computes them from the beats, for SQLite only");
  const uptimeOf = (/** @type {ReturnType<typeof watch>} */ { of }, /** @type {number} */ id) =>
    of("uptime")
      .filter(({ args }) => args[0] === id && args[1] === 24)
      .at(-1)?.args[2];
  const falls = () => watches.every((seen) => Number(uptimeOf(seen, monitors[0].id) ?? 1) < 1);
  await waitFor(falls, { what: "the fall of the uptime in both browsers", timeoutMs: 10000 });
  await sleep(6000);
  for (const { id } of monitors) {
    const [one, other] = watches.map((seen) => Number(uptimeOf(seen, id)));
    assert.ok(Math.abs(one - other) < 0.06, `monitor ${id}: ${one} and ${other}`);
  }
  cluster.target.behave("/m1", { status: 200 });
  for (const { stop } of watches) stop();
  return undefined;
});

test("a beat that is in the list of a new browser does not come a second time", async () => {
  for (let round = 0; round < 6; round++) {
    const { io } = await import("socket.io-client");
    const socket = io(cluster.nodes[1].url, { transports: ["websocket"], forceNew: true, reconnection: false });
    const seen = watch(socket);
    await seen.until("info");
    await socket.timeout(20000).emitWithAck("login", { username: "admin", password: "Correct-Horse-7", token: "" });
    await sleep(1500);
    const rows = seen
      .of("heartbeatList")
      .flatMap(({ args: [monitorID, list] }) =>
        list.map((/** @type {any} */ row) => keyOf({ monitorID, time: row.time })),
      );
    const listed = new Set(rows);
    const twice = seen.of("heartbeat").filter(({ args }) => listed.has(keyOf(args[0])));
    assert.deepEqual(twice, []);
    socket.disconnect();
  }
});

test("beats of transactions that end in another order than they began are all seen", async () => {
  await cluster.sql("INSERT INTO node (node_id, host, status) VALUES ('ghost', '127.0.0.1:9', 'offline')");
  const ghosts = await addMonitors(cluster, { count: 4, interval: 3600, home: "ghost", prefix: "ghost" });
  const seen = watch(sockets[1]);
  const writers = Array.from({ length: 12 }, async (_, writer) => {
    for (let round = 0; round < 8; round++) {
      const rows = ghosts.map(({ id }) => `(${id}, 1, UTC_TIMESTAMP(), 1, 'w${writer} r${round} m${id}', 0, 60)`);
      await cluster.sql(`BEGIN; INSERT INTO heartbeat (monitor_id, status, time, ping, msg, important, duration)
        VALUES ${rows.join(",")}; DO SLEEP(${(writer % 4) * 0.4}); COMMIT`);
    }
  });
  await Promise.all(writers);
  const all = 12 * 8 * ghosts.length;
  const texts = () => seen.of("heartbeat").flatMap(({ args }) => (/^w\d+ r/.test(args[0].msg) ? [args[0].msg] : []));
  await waitFor(() => texts().length >= all, { what: `all ${all} beats`, timeoutMs: 15000 });
  await sleep(1500);
  assert.equal(texts().length, all);
  assert.equal(new Set(texts()).size, all);
  seen.stop();
  await cluster.sql("DELETE FROM monitor WHERE name LIKE 'ghost%'; DELETE FROM node WHERE node_id = 'ghost'");
});

test("no beats are read while no browser is connected, and all are seen again afterwards", async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await sleep(12_000);
  await cluster.db.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1");
  await sleep(3000);
  await cluster.db.sql("SET GLOBAL general_log = 0");
  const asked = await cluster.db.sql(
    "SELECT COUNT(*) FROM mysql.general_log WHERE argument LIKE 'SELECT heartbeat.*, monitor.user_id%'",
  );
  assert.equal(asked.trim(), "0");
  const watches = (await openBrowsers()).map(watch);
  const foreign = (/** @type {any} */ beat) => beat.monitorID === monitors[0].id;
  await watches[1].until("heartbeat", foreign);
});

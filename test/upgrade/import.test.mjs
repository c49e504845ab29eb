// A single Uptime Kuma on SQLite becomes a cluster, in the order of the guide: what a user has there is all there after it.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createPool } from "mysql2/promise";
import { ensureKuma } from "../../local/kuma.mjs";
import { ask, connect, newMonitor } from "../agent/support/browser.mjs";
import { USER } from "../agent/support/cluster.mjs";
import { startTestCluster } from "../cluster/cluster.mjs";
import { INTERVAL_S, ICON_BYTES } from "../cluster/kuma-client.mjs";
import { startReceiver } from "../cluster/receiver.mjs";
import { request } from "../support/http.mjs";
import { anyFailed } from "../support/outcome.mjs";
import { waitFor } from "../../local/processes.mjs";
import { assertSameRows, runImporter } from "./importer.mjs";
import { driverAccess, livedInKuma } from "./single-kuma.mjs";
import { openSqlite } from "./sqlite-file.mjs";

const NODES = ["node1", "node2", "node3"];
const MANY = 200000;

/** @type {string} */
let folder;
/** @type {string} */
let kumaDir;
/** @type {import("./single-kuma.mjs").DriverAccess} */
let access;
/** @type {import("../cluster/receiver.mjs").Receiver} */
let receiver;
/** @type {Awaited<ReturnType<typeof livedInKuma>>} */
let single;
/** @type {import("../cluster/cluster.mjs").TestCluster} */
let cluster;
/** @type {import("mysql2/promise").Pool} */
let pool;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "import-"));
  kumaDir = await ensureKuma();
  access = await driverAccess(kumaDir);
  receiver = await startReceiver(() => new Map(cluster?.nodeOfPid() ?? []));
  // It is killed: its latest rows are in the write-ahead log alone.
  single = await livedInKuma({ kumaDir, access, receiver, dir: join(folder, "single"), signal: "SIGKILL" });
  cluster = await startTestCluster();
  const { host, port, user, password, name: database } = cluster.state().db;
  pool = createPool({ host, port, user, password, database, dateStrings: true, connectionLimit: 1 });
});

after(async () => {
  await pool?.end();
  await cluster?.close(anyFailed());
  await receiver?.close();
  if (!anyFailed()) rmSync(folder, { recursive: true, force: true });
});

/** @param {string} text @returns {Promise<any[]>} with dates as text */
const sql = async (text) => /** @type {any[]} */ ((await pool.query(text))[0]);

/** @param {string[]} args @param {RegExp} [killWhen] */
const importer = (args, killWhen) => runImporter({ kumaDir, env: access.env, db: cluster.state().db, args, killWhen });

/** Nothing was imported, for that reason. @param {string[]} args @param {RegExp} reason */
async function assertRefused(args, reason) {
  const { code, said } = await importer(args);
  assert.match(said, reason);
  assert.equal(code, 1, said);
  const [{ users }] = await sql("SELECT (SELECT COUNT(*) FROM user) + (SELECT COUNT(*) FROM heartbeat) AS users");
  assert.equal(Number(users), 0);
}

let copies = 0;

/** A copy of the single Kuma's folder, changed. @param {string[]} statements */
async function changedCopy(...statements) {
  const copy = join(folder, `copy${++copies}`);
  cpSync(join(folder, "single", "data"), copy, { recursive: true });
  const database = await openSqlite(access.driver, join(copy, "kuma.db"));
  await database.all("PRAGMA foreign_keys = OFF");
  for (const statement of statements) await database.all(statement);
  await database.close();
  return copy;
}

/** To read from: whoever closes the file last ends its write-ahead log. */
async function readableCopy() {
  return { driver: access.driver, file: join(await changedCopy(), "kuma.db") };
}

test("nothing is imported while nodes run", async () => {
  await assertRefused([single.file], /these nodes run.*node1, node2, node3\. Stop all nodes first/);
  for (const nodeId of NODES) await cluster.stop(nodeId);
});

test("what is no database of this version of Uptime Kuma is refused by one sentence", async () => {
  await assertRefused([], /usage: /);
  await assertRefused([join(folder, "nothing.db")], /there is no /);
  const text = join(folder, "text.db");
  writeFileSync(text, "not a database\n".repeat(100));
  await assertRefused([text], /text\.db is not a SQLite database/);
  const damaged = await changedCopy("PRAGMA wal_checkpoint(TRUNCATE)");
  truncateSync(join(damaged, "kuma.db"), 40000);
  await assertRefused([damaged], /kuma\.db is damaged: /);
  const first = await changedCopy("DROP TABLE knex_migrations");
  await assertRefused([first], /is of Uptime Kuma 1\.x: start it once with the official image/);
  const other = await changedCopy("DROP TABLE heartbeat");
  await assertRefused([other], /not one of Uptime Kuma/);
  const newer = await changedCopy("INSERT INTO knex_migrations (name, batch) VALUES ('2999-01-01-new.js', 1)");
  await assertRefused([newer], /1 migrations that they do not know \(2999-01-01-new\.js\)\. Upgrade the nodes first/);
  await sql("INSERT INTO knex_migrations (name, batch) VALUES ('2998-01-01-known.js', 1)");
  await assertRefused([single.file], /it lacks 1 of their migrations \(2998-01-01-known\.js\)/);
  await sql("DELETE FROM knex_migrations WHERE name = '2998-01-01-known.js'");
});

test("a value that MariaDB cannot hold is named, and nothing is imported", async () => {
  const long = await changedCopy(`UPDATE monitor SET name = '${"ü".repeat(151)}' WHERE name = '/m2'`);
  await assertRefused([long], /monitor\.name of the row \d+ does not fit: it is longer than the 150 characters/);
  const twins = await changedCopy(
    "INSERT INTO status_page (slug, title, icon, theme) VALUES ('PUBLIC', 'x', '', 'auto')",
  );
  await assertRefused([twins], /refuses a row of status_page: Duplicate entry 'PUBLIC'.* capital and small letters/);
});

test("an import that is killed leaves nothing, and rows without a parent are left out", async (t) => {
  const beats = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})
    INSERT INTO heartbeat (monitor_id, status, msg, time, ping, duration, important, down_count)
    SELECT (SELECT MIN(id) FROM monitor), 1, '200 - OK', datetime('2020-01-01', '+' || i || ' minutes'), i % 300, 60, 0, 0 FROM n`;
  const orphan = "INSERT INTO heartbeat (monitor_id, status, time) VALUES (987654, 1, '2020-01-01 00:00:00')";
  const many = await changedCopy(beats, orphan);
  const killed = await importer([many], /heartbeat: 50000 rows so far/);
  assert.equal(killed.code, null, killed.said);
  const left = await sql("SELECT (SELECT COUNT(*) FROM user) + (SELECT COUNT(*) FROM monitor) AS rows_left");
  assert.equal(Number(left[0].rows_left), 0);
  // What a killed import held expires after 15 s.
  const { code, said, seconds, peakMb } = await importer([many]);
  assert.equal(code, 0, said);
  t.diagnostic(
    `${MANY} beats and the rest: ${seconds.toFixed(1)} s, of which up to 15 s of waiting; ${peakMb} MB at most`,
  );
  assert.match(said, /heartbeat: 1 rows of things that are gone are left out/);
  assert.ok((await sql("SELECT COUNT(*) AS count FROM heartbeat"))[0].count > MANY);
  await assertRefusedWhenFull();
  await emptyAgain();
});

async function assertRefusedWhenFull() {
  const { code, said } = await importer([single.file]);
  assert.equal(code, 1);
  assert.match(said, /the cluster's database is not empty: it has 1 users and \d+ monitors/);
}

/** As after the first start of the cluster. */
async function emptyAgain() {
  const tables = await sql(`SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
    AND TABLE_NAME NOT LIKE 'knex%' AND TABLE_NAME NOT LIKE 'cluster%' AND TABLE_NAME NOT IN ('node', 'setting')`);
  await sql("SET foreign_key_checks = 0");
  for (const { name } of tables) await sql(`DELETE FROM \`${name}\``);
  await sql("SET foreign_key_checks = 1");
}

test("without history everything else is there", async () => {
  const { code, said } = await importer(["--without-history", single.file]);
  assert.equal(code, 0, said);
  assert.equal((await sql("SELECT COUNT(*) AS count FROM heartbeat"))[0].count, 0);
  await assertSameRows({ ...(await readableCopy()), sql, tables: ["user", "monitor", "setting"] });
  await emptyAgain();
});

test("every row of every table comes along, and the monitors get homes", async (t) => {
  const { code, said, seconds } = await importer([single.file]);
  assert.equal(code, 0, said);
  assert.match(said, /with its write-ahead log/);
  t.diagnostic(`${seconds.toFixed(1)} s`);
  for (const line of said.split("\n").filter((text) => /left out|imported:/.test(text))) t.diagnostic(line);
  const { driver, file } = await readableCopy();
  const source = await openSqlite(driver, file);
  const names = await source.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  await source.close();
  const theirs = new Set(names.map(({ name }) => name));
  const ours = await sql("SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()");
  const tables = ours.map(({ name }) => String(name)).filter((name) => theirs.has(name) && !name.startsWith("knex"));
  for (const table of [
    "user",
    "monitor",
    "heartbeat",
    "tag",
    "monitor_tag",
    "notification",
    "maintenance",
    "proxy",
    "api_key",
  ])
    assert.ok(tables.includes(table), table);
  await assertSameRows({ driver, file, sql, tables });
  const homes = await sql("SELECT node_id, COUNT(*) AS count FROM monitor GROUP BY node_id ORDER BY node_id");
  assert.deepEqual(
    homes.map(({ node_id }) => node_id),
    NODES,
  );
  assert.ok(homes.every(({ count }) => count >= 3));
});

test("the cluster goes on with it: the same log-in with 2FA, pages, key, beats and statistics", async () => {
  const [{ last }] = await sql("SELECT MAX(id) AS last FROM heartbeat");
  const [{ highest }] = await sql("SELECT MAX(id) AS highest FROM monitor");
  const since = Date.now();
  for (const nodeId of NODES) await cluster.start(nodeId);
  await cluster.untilStatus({ node1: "online", node2: "online", node3: "online" });
  const socket = await connect({ url: cluster.url });
  const without = await ask(socket, "login", { ...USER, token: "" });
  assert.equal(without.tokenRequired, true, JSON.stringify(without));
  const answer = await ask(socket, "login", { ...USER, token: single.token() });
  assert.equal(answer.ok, true, JSON.stringify(answer));
  for (const { path } of single.monitors) {
    const checked = () => receiver.hitsOf(path, since).length > 0;
    await waitFor(checked, { what: `a check of ${path}`, timeoutMs: 3 * INTERVAL_S * 1000 });
  }
  const stored = async () =>
    (await sql(`SELECT COUNT(DISTINCT monitor_id) AS count FROM heartbeat WHERE id > ${last}`))[0].count;
  await waitFor(async () => (await stored()) >= single.monitors.length, { what: "their beats", timeoutMs: 20000 });
  const page = await request(`${cluster.url}/api/status-page/${single.slug}`);
  assert.equal(page.json.config.slug, single.slug);
  for (const { url } of cluster.state().nodes) {
    const icon = await fetch(`${url}${page.json.config.icon}`);
    assert.deepEqual(Buffer.from(await icon.arrayBuffer()), ICON_BYTES, url);
    const basic = `Basic ${Buffer.from(`:${single.key}`).toString("base64")}`;
    const metrics = await request(`${url}/metrics`, { headers: { Authorization: basic } });
    assert.equal(metrics.status, 200, url);
    assert.match(metrics.text, /monitor_status\{.*"\/m1"/);
  }
  const added = await ask(socket, "add", newMonitor({ type: "push", name: "next", pushToken: "zyxwvutsrqponmlk" }));
  assert.ok(added.monitorID > highest, JSON.stringify(added));
  socket.disconnect();
  assert.deepEqual(receiver.notifications, []);
});

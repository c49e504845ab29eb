import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import mysql from "mysql2/promise";
import { startMariadb } from "../../local/mariadb.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { load } from "./support/load.mjs";

const { acquireLease } = await load("lease");
const { Database } = await load("database");
const { createClusterTables, databaseLimitation } = await load("schema");

const dir = mkdtempSync(join(tmpdir(), "kl-"));
/** @type {import("../../local/mariadb.mjs").Mariadb} */
let db;
/** @type {any} */
let database;

before(async () => {
  db = await startMariadb({ dir, port: await freePort(), password: "secret", createDatabase: false });
  const config = { type: "mariadb", hostname: db.host, port: db.port, username: db.user, password: db.password };
  database = await Database.open(mysql, config, db.name);
});

after(async () => {
  await db?.kill();
  rmSync(dir, { recursive: true, force: true });
});

const never = () => assert.fail("the lease was lost");

test("tables are made by several nodes at once, and a second time without a change", async () => {
  assert.equal(await databaseLimitation(database), undefined);
  await Promise.all([1, 2, 3].map(() => createClusterTables(database)));
  await createClusterTables(database);
  const tables = "SELECT GROUP_CONCAT(table_name ORDER BY table_name) FROM information_schema.tables";
  const expected = ["event", "file", "lease", "move", "operation", "pin", "schema"].map((name) => `cluster_${name}`);
  assert.equal(await db.sql(`${tables} WHERE table_schema = 'kuma'`), `${[...expected, "node"].join(",")}\n`);
});

test("the database's session is in UTC", async () => {
  const rows = await database.query("SELECT @@time_zone AS zone");
  assert.deepEqual(rows, [{ zone: "+00:00" }]);
});

test("one holds the lease at a time, and each new holder raises the epoch", async () => {
  const held = { now: 0, most: 0 };
  const work = async (/** @type {string} */ holder) => {
    const lease = await acquireLease(database, "work", holder, never);
    held.most = Math.max(held.most, ++held.now);
    await sleep(50);
    held.now--;
    await lease.release();
  };
  await Promise.all(["a", "b", "c"].map(work));
  assert.equal(held.most, 1);
  assert.equal(await db.sql("SELECT epoch, session, holder FROM cluster_lease WHERE name = 'work'", "kuma"), "3\t\t\n");
});

test("a lease that is not renewed is taken over after fifteen seconds, and the loser is told", async () => {
  /** @type {string[]} */
  const lost = [];
  const first = await acquireLease(database, "late", "a", (/** @type {string} */ reason) => lost.push(reason));
  await db.sql("UPDATE cluster_lease SET renewed_at = NOW(6) - INTERVAL 16 SECOND WHERE name = 'late'", "kuma");
  const second = await acquireLease(database, "late", "b", never);
  await waitFor(() => lost.length > 0, { what: "the loss", timeoutMs: 5000 });
  assert.deepEqual(lost, ["the late lease is lost: another node took it"]);
  await first.release();
  assert.equal(await db.sql("SELECT holder FROM cluster_lease WHERE name = 'late'", "kuma"), "b\n");
  await second.release();
});

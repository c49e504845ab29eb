// The rule for sql/: what a release makes, the programs of the release before it can go on to use, so that a rolling update
// and a step back work. Both schemas are made by a real MariaDB and compared.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startMariadb } from "../../local/mariadb.mjs";
import { freePort } from "../../local/ports.mjs";
import { previousFiles, previousText } from "../support/releases.mjs";
import { clusterTables } from "../support/tables.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What Uptime Kuma makes before the cluster adds its columns, as far as they need it. */
const MONITOR = "CREATE TABLE monitor (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, active BOOLEAN, `interval` INT);";

/** @type {string} */
let dir;
/** @type {import("../../local/mariadb.mjs").Mariadb} */
let mariadb;
/** @type {string} */
let earlier;
/** @type {string} */
let now;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), "schema-"));
  mariadb = await startMariadb({ dir, port: await freePort(), password: "secret" });
  const previous = previousFiles("sql").filter((file) => file.endsWith(".sql"));
  earlier = previous.map(previousText).join("\n");
  now = clusterTables();
  for (const [name, text] of Object.entries({ old: earlier, fresh: now, upgraded: earlier + now })) {
    await mariadb.sql(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
    await mariadb.sql(MONITOR + text, name);
  }
});
after(async () => {
  await mariadb?.stop();
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
});

/** @param {string} database @param {string} columns @param {string} table @param {string} [where] of information_schema */
async function read(database, columns, table, where = "1") {
  const text = await mariadb.sql(`SELECT ${columns} FROM information_schema.${table}
    WHERE TABLE_SCHEMA = '${database}' AND ${where} ORDER BY 1`);
  return text.trimEnd().split("\n");
}

const COLUMN = `CONCAT_WS(' ', CONCAT(TABLE_NAME, '.', COLUMN_NAME), COLUMN_TYPE, COLLATION_NAME, IF(IS_NULLABLE = 'YES', 'NULL', 'NOT NULL'),
  CONCAT('DEFAULT ', COLUMN_DEFAULT), NULLIF(EXTRA, ''), GENERATION_EXPRESSION)`;
const INDEX = "CONCAT_WS(' ', TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME)";

test("no table or column of the release before is dropped, retyped or made stricter", async () => {
  const columns = await read("fresh", COLUMN, "COLUMNS");
  for (const column of await read("old", COLUMN, "COLUMNS"))
    assert.ok(columns.includes(column), `gone or changed: ${column}`);
});

test("a row that the release before writes is complete: new columns of its tables have a value of their own", async () => {
  const tables = await read("old", "TABLE_NAME", "TABLES");
  const known = new Set(await read("old", "CONCAT(TABLE_NAME, '.', COLUMN_NAME)", "COLUMNS"));
  const demanding = "IS_NULLABLE = 'NO' AND COLUMN_DEFAULT IS NULL AND EXTRA NOT LIKE '%auto_increment%'";
  const found = await read("fresh", "CONCAT(TABLE_NAME, '.', COLUMN_NAME)", "COLUMNS", demanding);
  const added = found.filter((column) => !known.has(column) && tables.includes(column.split(".")[0]));
  assert.deepEqual(added, []);
});

test("no new unique key refuses what it writes, and none that it relies on is gone", async () => {
  const tables = await read("old", "TABLE_NAME", "TABLES");
  const keysOf = async (/** @type {string} */ name) =>
    (await read(name, INDEX, "STATISTICS", "NON_UNIQUE = 0")).filter((key) => tables.includes(key.split(" ")[0]));
  assert.deepEqual(await keysOf("fresh"), await keysOf("old"));
});

test("an updated database has what a new one has", async () => {
  assert.deepEqual(await read("upgraded", COLUMN, "COLUMNS"), await read("fresh", COLUMN, "COLUMNS"));
  assert.deepEqual(await read("upgraded", INDEX, "STATISTICS"), await read("fresh", INDEX, "STATISTICS"));
});

test("another schema has another number", () => {
  const statements = (/** @type {string} */ text) => text.replace(/^--.*$/gm, "").replace(/\s+/g, " ");
  const { version, oldest_compatible } = JSON.parse(readFileSync(`${root}sql/version.json`, "utf8"));
  const previous = previousFiles("sql").includes("sql/version.json")
    ? JSON.parse(previousText("sql/version.json")).version
    : 1;
  assert.equal(version, statements(now) === statements(earlier) ? previous : previous + 1);
  assert.ok(oldest_compatible <= previous, "the release before works on it");
});

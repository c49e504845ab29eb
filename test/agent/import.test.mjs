// The pure parts of the importer: what SQLite may hold in any column, and what becomes of it in MariaDB.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { convert, cutText } = await load("import/values");
const { versionDifference } = await load("import/source");
const { makePlan } = await load("import/plan");
const { readArguments, databaseFromEnvironment } = await load("import/arguments");

/** @param {string} type @param {object} [more] */
const column = (type, more) => ({
  ...{ name: "c", type, unsigned: false, nullable: true, fallback: null, characters: null, bytes: null, ...more },
});

/** @param {unknown} value @param {string} type @param {object} [more] */
const converted = (value, type, more) => convert(value, column(type, more), false);

test("times of every kind that SQLite may hold become times in UTC", () => {
  assert.equal(converted("2024-03-31 02:30:00.123", "datetime"), "2024-03-31 02:30:00.123");
  assert.equal(converted("2024-03-31T02:30:00.000Z", "datetime"), "2024-03-31 02:30:00.000");
  assert.equal(converted("2024-03-31 02:30", "datetime"), "2024-03-31 02:30");
  assert.equal(converted("2024-03-31T02:30:00+02:00", "datetime"), "2024-03-31 00:30:00.000");
  assert.equal(converted("2024-03-31", "datetime"), "2024-03-31 00:00:00");
  assert.equal(converted(1711852200000, "datetime"), "2024-03-31 02:30:00.000");
  assert.equal(converted(1711852200, "datetime"), "2024-03-31 02:30:00.000");
  assert.equal(converted("", "datetime"), null);
  assert.throws(() => converted("yesterday", "datetime"), /"yesterday" is no time/);
  assert.equal(converted("02:30", "time"), "02:30");
});

test("numbers and booleans are numbers, within the bounds of their column", () => {
  assert.equal(converted("true", "tinyint"), 1);
  assert.equal(converted("False", "tinyint"), 0);
  assert.equal(converted("42", "int"), 42);
  assert.equal(converted(1.5, "double"), 1.5);
  assert.equal(converted("", "int"), null);
  assert.equal(converted("", "int", { nullable: false, fallback: "7" }), 7);
  assert.equal(converted(65535, "smallint", { unsigned: true }), 65535);
  assert.throws(() => converted(65535, "smallint"), /65535 is not from -32768 to 32767/);
  assert.throws(() => converted(-1, "int", { unsigned: true }), /-1 is not from 0/);
  assert.throws(() => converted("many", "int"), /"many" is no number/);
});

test("texts keep every character, and one that is too long is refused or, where it may be, cut between two", () => {
  const short = { characters: 4 };
  assert.equal(converted("🛒🛒🛒🛒", "varchar", short), "🛒🛒🛒🛒");
  assert.throws(() => converted("12345", "varchar", short), /longer than the 4 characters/);
  assert.equal(convert("🛒2345", column("varchar", short), true), "🛒234");
  const text = column("text", { bytes: 12 });
  assert.equal(convert("äöüäöü", text, false), "äöüäöü");
  const cut = convert("äöüäöüß", text, true);
  assert.ok("äöüäöüß".startsWith(cut) && Buffer.byteLength(cut) <= 12, cut);
  assert.equal(cutText("🛒🛒🛒🛒", text), "🛒🛒");
  assert.equal(converted(12.5, "varchar", { characters: 10 }), "12.5");
  assert.equal(converted(Buffer.from("ü"), "longtext"), "ü");
  assert.deepEqual(converted(Buffer.from([0, 255]), "blob"), Buffer.from([0, 255]));
});

test("a column that must have a value gets its own, or the row is refused", () => {
  assert.equal(converted(null, "varchar"), null);
  assert.equal(converted(null, "varchar", { nullable: false, fallback: "'it''s'" }), "it's");
  assert.throws(() => converted(null, "varchar", { nullable: false }), /it has no value/);
});

test("another version is told by the migrations, whichever side is behind", () => {
  assert.equal(versionDifference(["a", "b"], ["b", "a"], "2.5.3"), undefined);
  assert.match(versionDifference(["a", "c"], ["a", "b"], "2.5.3"), /1 migrations that they do not know \(c\)/);
  assert.match(
    versionDifference(["a"], ["a", "b"], "2.5.3"),
    /than the nodes' Uptime Kuma 2\.5\.3: it lacks 1 .*\(b\)/,
  );
});

test("only Uptime Kuma's own tables and columns are copied, whatever else the file names", () => {
  const names = (/** @type {string[]} */ ...columns) => new Map(columns.map((name) => [name, name]));
  const source = new Map([
    ["user", names("id", "name")],
    ["beat", names("id", "user_id", "gone")],
    ["node", names("node_id")],
    ["cluster_lease", names("name")],
    ["knex_migrations", names("id", "name")],
    ["heartbeat", names("id")],
    ['odd"table', names("id")],
  ]);
  const targetTable = (
    /** @type {string} */ name,
    /** @type {string[]} */ columns,
    /** @type {object[]} */ references = [],
  ) => ({
    ...{ name, references, columns: columns.map((each) => ({ ...column("int"), name: each })) },
  });
  const reference = { column: "user_id", parent: "user", parentColumn: "id", rule: "SET NULL" };
  const targets = [
    ...[targetTable("user", ["id", "name", "extra"]), targetTable("beat", ["id", "user_id"], [reference])],
    ...[targetTable("node", ["node_id"]), targetTable("cluster_lease", ["name"]), targetTable("heartbeat", ["id"])],
    targetTable("knex_migrations", ["id", "name"]),
  ];
  const plan = makePlan(source, targets, false);
  assert.deepEqual(
    plan.tables.map((/** @type {any} */ { name }) => name),
    ["user", "beat"],
  );
  assert.deepEqual(plan.emptied, ["heartbeat"]);
  assert.deepEqual(plan.leftOut, ["column beat.gone", "table node", "table cluster_lease", 'table odd"table']);
  assert.match(plan.tables[1].select, /CASE WHEN EXISTS .* THEN t\."user_id" END AS c1/);
  assert.equal(plan.tables[1].countOrphans, 'SELECT COUNT(*) AS count FROM "beat" t WHERE NOT (1)');
});

test("the command line and the environment of a node", () => {
  assert.deepEqual(readArguments(["/import"]), { path: "/import", withHistory: true });
  assert.deepEqual(readArguments(["--without-history", "/import"]), { path: "/import", withHistory: false });
  for (const wrong of [[], ["a", "b"], ["--all", "a"]]) assert.throws(() => readArguments(wrong), /usage: /);
  assert.equal(databaseFromEnvironment({}), undefined);
  const env = { UPTIME_KUMA_DB_TYPE: "mariadb", UPTIME_KUMA_DB_HOSTNAME: "db", UPTIME_KUMA_DB_NAME: "kuma" };
  const config = databaseFromEnvironment({ ...env, UPTIME_KUMA_DB_PASSWORD: "s p " });
  assert.deepEqual([config.hostname, config.port, config.dbName, config.password], ["db", 3306, "kuma", "s p "]);
});

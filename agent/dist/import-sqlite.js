// Generated from agent/src: edit the files there, then run npm run build.
"use strict";

// src/import/main.ts
var import_node_fs3 = require("node:fs");
var import_node_module = require("node:module");
var import_node_path3 = require("node:path");

// src/clock.ts
function now() {
  return { wallMs: Date.now(), monotonicMs: performance.now() };
}
function ageMs(moment) {
  if (moment === void 0) return Infinity;
  const present = now();
  return Math.max(present.wallMs - moment.wallMs, present.monotonicMs - moment.monotonicMs);
}
function sleep(ms) {
  return new Promise((resolve2) => {
    setTimeout(resolve2, ms);
  });
}
function every(intervalMs, round) {
  let stopped = false;
  let timer;
  async function run2() {
    const begun = performance.now();
    await round();
    if (!stopped) schedule(Math.max(intervalMs / 10, intervalMs - (performance.now() - begun)));
  }
  function schedule(delayMs) {
    timer = setTimeout(() => void run2(), delayMs).unref();
  }
  schedule(intervalMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

// src/log.ts
var import_node_util = require("node:util");
function write(level, text, args) {
  console.log(`${(/* @__PURE__ */ new Date()).toISOString()} [CLUSTER] ${level}: ${(0, import_node_util.format)(text, ...args)}`);
}
function info(text, ...args) {
  write("INFO", text, args);
}
function warn(text, ...args) {
  write("WARN", text, args);
}
function error(text, ...args) {
  write("ERROR", text, args);
}
function messageOf(thrown) {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.message !== "") return thrown.message;
  const { code } = thrown;
  return typeof code === "string" ? code : thrown.name;
}

// src/database-errors.ts
var LOST = /* @__PURE__ */ new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "PROTOCOL_PACKETS_OUT_OF_ORDER",
  "ER_CON_COUNT_ERROR",
  "ER_TOO_MANY_USER_CONNECTIONS",
  "ER_USER_LIMIT_REACHED",
  "ER_SERVER_SHUTDOWN",
  "ER_CONNECTION_KILLED",
  "ER_QUERY_INTERRUPTED",
  "ER_UNKNOWN_COM_ERROR",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_LOCK_DEADLOCK",
  "ER_OPTION_PREVENTS_STATEMENT",
  "ER_HOST_IS_BLOCKED"
]);
var LOST_MESSAGE = /Timeout acquiring a connection|closed state|Connection lost|Pool is closed|Unable to acquire/i;
function isDatabaseLost(thrown) {
  if (!(thrown instanceof Error)) return false;
  const { code, fatal } = thrown;
  if (fatal === true) return true;
  return typeof code === "string" && LOST.has(code) || LOST_MESSAGE.test(thrown.message);
}
function isConflict(thrown) {
  const code = thrown?.code;
  return code === "ER_LOCK_DEADLOCK" || code === "ER_LOCK_WAIT_TIMEOUT";
}

// src/sync/origin.ts
var import_node_async_hooks = require("node:async_hooks");
var origins = new import_node_async_hooks.AsyncLocalStorage();

// src/version.ts
var AGENT_VERSION = "0.2.0";

// src/database.ts
var CONNECT_TIMEOUT_MS = 5e3;
var QUERY_TIMEOUT_MS = 5e3;
var LOCK_TIMEOUT_S = 10;
var POOL_SIZE = 4;
function serverOptions(config) {
  return {
    ...config.socketPath === void 0 || config.socketPath === "" ? {} : { socketPath: config.socketPath },
    host: config.hostname,
    port: Number(config.port ?? 3306),
    user: config.username,
    password: config.password,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...config.ssl === true ? { ssl: { rejectUnauthorized: true, ...config.ca === void 0 ? {} : { ca: [config.ca] } } } : {}
  };
}
var Database = class _Database {
  pool;
  prepared = /* @__PURE__ */ new WeakSet();
  lostSince;
  constructor(pool) {
    this.pool = pool;
  }
  /** Creates the database if there is none, as Kuma does, and a pool for it. Throws what mysql2 throws. */
  static async open(mysql, config, name) {
    const connection = await mysql.createConnection(serverOptions(config));
    try {
      const sql = `CREATE DATABASE IF NOT EXISTS ${mysql.escapeId(name, true)} CHARACTER SET utf8mb4`;
      await connection.query({ sql });
    } finally {
      await connection.end();
    }
    const pool = mysql.createPool({
      ...serverOptions(config),
      database: name,
      charset: "utf8mb4",
      dateStrings: true,
      connectionLimit: POOL_SIZE
    });
    return new _Database(pool);
  }
  /** Whether the last statement failed because the database could not be reached. */
  get isLost() {
    return this.lostSince !== void 0;
  }
  /** Runs a statement that returns rows. Throws what mysql2 throws; a TIMESTAMP comes as a string in UTC. */
  async query(sql, values = []) {
    return await this.run(sql, values, QUERY_TIMEOUT_MS);
  }
  /** Runs a statement that changes rows and returns how many it matched. Throws what mysql2 throws. */
  async change(sql, values = []) {
    return (await this.run(sql, values, QUERY_TIMEOUT_MS)).affectedRows;
  }
  /** Runs a statement that may take long, like an ALTER TABLE. Throws what mysql2 throws. */
  async define(sql) {
    await this.run(sql, [], void 0);
  }
  async run(sql, values, timeout) {
    try {
      const result = await this.runOnce(sql, values, timeout);
      this.noteBack();
      return result;
    } catch (thrown) {
      if (isDatabaseLost(thrown)) this.noteLost(thrown);
      throw thrown;
    }
  }
  async runOnce(sql, values, timeout) {
    const connection = await this.lend();
    try {
      await this.prepare(connection);
      const [result] = await connection.query({ sql, values, ...timeout === void 0 ? {} : { timeout } });
      connection.release();
      return result;
    } catch (thrown) {
      if (isDatabaseLost(thrown)) connection.destroy();
      else connection.release();
      throw thrown;
    }
  }
  /** A connection of the pool, which itself sets no limit to the wait for one. */
  async lend() {
    const lent = this.pool.getConnection();
    let timer;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => {
        lent.then(
          (connection) => connection.release(),
          () => void 0
        );
        reject(Object.assign(new Error("no connection to the database in time"), { code: "ETIMEDOUT" }));
      }, CONNECT_TIMEOUT_MS + QUERY_TIMEOUT_MS);
    });
    return Promise.race([lent, late]).finally(() => clearTimeout(timer));
  }
  async prepare(connection) {
    const raw = connection.connection ?? connection;
    if (this.prepared.has(raw)) return;
    const sql = `SET time_zone = '+00:00', lock_wait_timeout = ${LOCK_TIMEOUT_S}`;
    await connection.query({ sql, timeout: QUERY_TIMEOUT_MS });
    this.prepared.add(raw);
  }
  noteLost(thrown) {
    if (this.lostSince !== void 0) return;
    this.lostSince = now();
    error("database lost: %s", messageOf(thrown));
  }
  noteBack() {
    if (this.lostSince === void 0) return;
    info("database is back after %d s", Math.round(ageMs(this.lostSince) / 1e3));
    this.lostSince = void 0;
  }
};

// src/node-store.ts
var GOODBYE = "the node said that it leaves";

// src/lease.ts
var import_node_crypto = require("node:crypto");

// src/lease-store.ts
async function createLeaseRow(database, name) {
  await database.change("INSERT IGNORE INTO cluster_lease (name) VALUES (?)", [name]);
}
async function takeLease(database, name, holder, session, expirySeconds) {
  const taken = await database.change(
    `UPDATE cluster_lease SET holder = ?, session = ?, epoch = epoch + 1, renewed_at = NOW(6)
         WHERE name = ? AND (session = '' OR renewed_at < NOW(6) - INTERVAL ? SECOND)`,
    [holder, session, name, expirySeconds]
  );
  return taken === 1;
}
async function renewLease(database, name, session) {
  const sql = "UPDATE cluster_lease SET renewed_at = NOW(6) WHERE name = ? AND session = ?";
  return await database.change(sql, [name, session]) === 1;
}
async function dropLease(database, name, session) {
  await database.change("UPDATE cluster_lease SET holder = '', session = '' WHERE name = ? AND session = ?", [
    name,
    session
  ]);
}
async function leaseHolder(database, name) {
  const rows = await database.query("SELECT holder FROM cluster_lease WHERE name = ?", [name]);
  return rows[0]?.holder ?? "";
}

// src/lease.ts
var EXPIRY_SECONDS = 15;
var RENEW_MS = 3e3;
var RETRY_MS = 500;
async function tryTake(database, name, holder, session) {
  try {
    return await takeLease(database, name, holder, session, EXPIRY_SECONDS);
  } catch (thrown) {
    if (isConflict(thrown)) return false;
    throw thrown;
  }
}
async function waitForLease(database, name, holder, session) {
  await createLeaseRow(database, name);
  const begun = now();
  let announced = false;
  while (!await tryTake(database, name, holder, session)) {
    if (!announced) info("waiting for the %s lease, held by %s", name, await leaseHolder(database, name));
    announced = true;
    await sleep(RETRY_MS * (0.5 + Math.random()));
  }
  if (announced) info("got the %s lease after %d s", name, Math.round(ageMs(begun) / 1e3));
}
async function acquireLease(database, name, holder, onLost) {
  const session = (0, import_node_crypto.randomBytes)(8).toString("hex");
  await waitForLease(database, name, holder, session);
  let renewed = now();
  let done = false;
  const stop = every(RENEW_MS, async () => {
    const begun = now();
    try {
      if (!await renewLease(database, name, session)) lose("another node took it");
      renewed = begun;
    } catch (thrown) {
      if (ageMs(renewed) > EXPIRY_SECONDS * 1e3) lose(messageOf(thrown));
    }
  });
  function lose(reason) {
    if (done) return;
    stop();
    onLost(`the ${name} lease is lost: ${reason}`);
  }
  return {
    async release() {
      done = true;
      stop();
      await dropLease(database, name, session).catch(() => void 0);
    }
  };
}

// src/ddl.ts
var CLUSTER_DDL = [
  "CREATE TABLE IF NOT EXISTS cluster_schema ( version INT UNSIGNED NOT NULL PRIMARY KEY, oldest_compatible INT UNSIGNED NOT NULL, applied_by VARCHAR(200) NOT NULL DEFAULT '', applied_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_lease ( name VARCHAR(64) NOT NULL PRIMARY KEY, holder VARCHAR(100) NOT NULL DEFAULT '', session VARCHAR(64) NOT NULL DEFAULT '', epoch BIGINT UNSIGNED NOT NULL DEFAULT 0, renewed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS node ( node_id VARCHAR(50) NOT NULL PRIMARY KEY, node_name VARCHAR(100) NOT NULL DEFAULT '', host VARCHAR(255) NOT NULL DEFAULT '', status VARCHAR(16) NOT NULL DEFAULT 'recovering', is_primary TINYINT NOT NULL DEFAULT 0, region VARCHAR(64) NULL, weight SMALLINT UNSIGNED NOT NULL DEFAULT 100, version VARCHAR(64) NULL, last_seen TIMESTAMP(6) NULL DEFAULT NULL, last_error VARCHAR(500) NULL, status_since TIMESTAMP(6) NULL DEFAULT NULL, drained_at TIMESTAMP(6) NULL DEFAULT NULL, created_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), modified_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "ALTER TABLE node ADD COLUMN IF NOT EXISTS is_primary TINYINT NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS region VARCHAR(64) NULL, ADD COLUMN IF NOT EXISTS weight SMALLINT UNSIGNED NOT NULL DEFAULT 100, ADD COLUMN IF NOT EXISTS version VARCHAR(64) NULL, ADD COLUMN IF NOT EXISTS last_seen TIMESTAMP(6) NULL DEFAULT NULL, ADD COLUMN IF NOT EXISTS last_error VARCHAR(500) NULL, ADD COLUMN IF NOT EXISTS status_since TIMESTAMP(6) NULL DEFAULT NULL, ADD COLUMN IF NOT EXISTS boot_id VARCHAR(32) NULL, ADD COLUMN IF NOT EXISTS monitors_running INT UNSIGNED NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS agent_version VARCHAR(64) NULL, ADD COLUMN IF NOT EXISTS environment VARCHAR(16) NULL, ADD COLUMN IF NOT EXISTS drained_at TIMESTAMP(6) NULL DEFAULT NULL",
  "CREATE TABLE IF NOT EXISTS cluster_event ( id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), type VARCHAR(40) NOT NULL, node_id VARCHAR(50) NULL, monitor_id INT UNSIGNED NULL, epoch BIGINT UNSIGNED NULL, actor VARCHAR(100) NOT NULL DEFAULT '', detail LONGTEXT NULL, KEY at (at), KEY type_at (type, at) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_file ( name VARCHAR(191) NOT NULL PRIMARY KEY, mtime BIGINT UNSIGNED NOT NULL, data LONGBLOB NOT NULL ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_pin ( monitor_id INT UNSIGNED NOT NULL PRIMARY KEY, pinned_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_operation ( id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, type VARCHAR(16) NOT NULL, node_id VARCHAR(50) NULL, status VARCHAR(12) NOT NULL DEFAULT 'requested', epoch BIGINT UNSIGNED NULL, actor VARCHAR(100) NOT NULL DEFAULT '', reason VARCHAR(500) NOT NULL DEFAULT '', planned INT UNSIGNED NOT NULL DEFAULT 0, moved INT UNSIGNED NOT NULL DEFAULT 0, gap_ms BIGINT UNSIGNED NULL, requested_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), started_at TIMESTAMP(6) NULL DEFAULT NULL, finished_at TIMESTAMP(6) NULL DEFAULT NULL, KEY status (status) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_move ( id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, operation BIGINT UNSIGNED NOT NULL, monitor_id INT UNSIGNED NOT NULL, from_node VARCHAR(50) NULL, to_node VARCHAR(50) NOT NULL, epoch BIGINT UNSIGNED NOT NULL, seconds INT UNSIGNED NOT NULL, state VARCHAR(12) NOT NULL DEFAULT 'waiting', moved_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), beat_id BIGINT UNSIGNED NOT NULL DEFAULT 0, last_beat DATETIME NULL DEFAULT NULL, first_beat DATETIME NULL DEFAULT NULL, KEY operation_state (operation, state), KEY monitor (monitor_id, id) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"
];
var PROBE_DDL = [
  "CREATE TABLE IF NOT EXISTS probe ( probe_id VARCHAR(64) NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL DEFAULT '', region VARCHAR(64) NOT NULL DEFAULT '', version VARCHAR(64) NOT NULL DEFAULT '', session VARCHAR(64) NOT NULL DEFAULT '', last_seq BIGINT UNSIGNED NOT NULL DEFAULT 0, registered_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), last_seen TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS probe_check ( id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(150) NOT NULL, kind VARCHAR(8) NOT NULL, target LONGTEXT NOT NULL, seconds INT UNSIGNED NOT NULL, timeout_ms INT UNSIGNED NOT NULL, regions VARCHAR(4000) NULL, strategy VARCHAR(16) NULL, quorum INT UNSIGNED NULL, active TINYINT NOT NULL DEFAULT 1, monitor_id INT UNSIGNED NULL, verdict VARCHAR(8) NOT NULL DEFAULT 'unknown', verdict_since TIMESTAMP(6) NULL DEFAULT NULL, verdict_message VARCHAR(500) NOT NULL DEFAULT '', created_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), modified_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS probe_vote ( check_id INT UNSIGNED NOT NULL, probe_id VARCHAR(64) NOT NULL, at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), status VARCHAR(8) NOT NULL, ping_ms INT UNSIGNED NULL, message VARCHAR(300) NOT NULL DEFAULT '', PRIMARY KEY (check_id, probe_id) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS probe_result ( id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, check_id INT UNSIGNED NOT NULL, probe_id VARCHAR(64) NOT NULL, at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), received_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), status VARCHAR(8) NOT NULL, ping_ms INT UNSIGNED NULL, message VARCHAR(300) NOT NULL DEFAULT '', KEY by_check (check_id, at), KEY received_at (received_at) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS probe_node_vote ( node_id VARCHAR(50) NOT NULL, probe_id VARCHAR(64) NOT NULL, at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), reached_at TIMESTAMP(6) NULL DEFAULT NULL, status VARCHAR(8) NOT NULL, message VARCHAR(300) NOT NULL DEFAULT '', PRIMARY KEY (node_id, probe_id) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"
];
var SCHEMA_VERSION = 2;

// src/schema-store.ts
async function tableNames(database) {
  const rows = await database.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()"
  );
  return new Set(rows.map((row) => row.name));
}
async function newestSchema(database) {
  const rows = await database.query(
    `SELECT version, oldest_compatible AS oldestCompatible, applied_by AS appliedBy FROM cluster_schema
         ORDER BY version DESC LIMIT 1`
  );
  return rows[0];
}

// src/schema-version.ts
async function schemaLimitation(database) {
  if (!(await tableNames(database)).has("cluster_schema")) return void 0;
  const found = await newestSchema(database);
  if (found === void 0 || found.oldestCompatible <= SCHEMA_VERSION) return void 0;
  return `the agent ${AGENT_VERSION} knows schema ${SCHEMA_VERSION} of the cluster's tables, but these have schema ${found.version} (by ${found.appliedBy}), for which ${found.oldestCompatible} or newer is needed: upgrade it`;
}

// src/boot.ts
function configLimitation(config) {
  if (config.type !== "mariadb")
    return `its database is of the type "${config.type}", but all nodes must share one MariaDB`;
  if (config.dbName === void 0 || config.dbName === "") return "db-config.json does not name a database (dbName)";
  return void 0;
}

// src/import/arguments.ts
var import_node_fs = require("node:fs");

// src/import/refusal.ts
var Refusal = class extends Error {
};

// src/import/arguments.ts
var USAGE = `usage: node import-sqlite.js [--without-history] <kuma.db, or the folder that has it>

Copies the database of a single Uptime Kuma 2.x (SQLite) into the empty database of this cluster. Run it in the place of a
node: in the folder of Uptime Kuma, with a node's environment, while all nodes are stopped.

  --without-history   leave heartbeats and statistics behind`;
function readArguments(args) {
  const paths = args.filter((argument) => !argument.startsWith("-"));
  const options = args.filter((argument) => argument.startsWith("-"));
  const unknown = options.filter((option) => option !== "--without-history");
  const [path] = paths;
  if (path === void 0 || paths.length > 1 || unknown.length > 0) throw new Refusal(USAGE);
  return { path, withHistory: options.length === 0 };
}
function valueOrFile(env, name) {
  const file = env[`${name}_FILE`];
  return file === void 0 || file === "" ? env[name] : (0, import_node_fs.readFileSync)(file, "utf8").trim();
}
function databaseFromEnvironment(env) {
  const text = (name) => valueOrFile(env, `UPTIME_KUMA_DB_${name}`)?.trim() ?? "";
  const type = text("TYPE");
  if (type === "") return void 0;
  return {
    type,
    hostname: text("HOSTNAME"),
    port: text("PORT") === "" ? 3306 : text("PORT"),
    username: text("USERNAME"),
    // A password may end with a blank.
    password: valueOrFile(env, "UPTIME_KUMA_DB_PASSWORD") ?? "",
    dbName: text("NAME"),
    socketPath: text("SOCKET"),
    ssl: text("SSL").toLowerCase() === "true",
    ...text("CA") === "" ? {} : { ca: text("CA") }
  };
}
function readDatabaseConfig(env) {
  const config = databaseFromEnvironment(env);
  if (config !== void 0) return config;
  const file = `${env["DATA_DIR"] ?? "./data/"}/db-config.json`;
  try {
    const found = JSON.parse((0, import_node_fs.readFileSync)(file, "utf8"));
    const name = found.dbName ?? found.database;
    return { ...found, ...name === void 0 ? {} : { dbName: name } };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Refusal(`the cluster's database is not known: set UPTIME_KUMA_DB_TYPE and its like (${why})`);
  }
}

// src/import/sqlite.ts
function sqliteName(name) {
  return `"${name.replaceAll('"', '""')}"`;
}
async function openSqlite(driver, file) {
  const raw = await new Promise((resolve2, reject) => {
    const database = new driver.Database(file, driver.OPEN_READWRITE, (problem) => {
      if (problem === null) resolve2(database);
      else reject(problem);
    });
  });
  return {
    all(sql, values = []) {
      return new Promise((resolve2, reject) => {
        raw.all(sql, values, (problem, rows) => {
          if (problem === null) resolve2(rows);
          else reject(problem);
        });
      });
    },
    close() {
      return new Promise((resolve2) => raw.close(() => resolve2()));
    }
  };
}

// src/import/target.ts
var Target = class _Target {
  connection;
  constructor(connection) {
    this.connection = connection;
  }
  /** Throws what mysql2 throws. */
  static async open(mysql, config) {
    const options = { ...serverOptions(config), database: config.dbName, charset: "utf8mb4", dateStrings: true };
    const target = new _Target(await mysql.createConnection(options));
    await target.rows(
      "SET SESSION time_zone = '+00:00', foreign_key_checks = 0, sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'"
    );
    return target;
  }
  /** Throws what mysql2 throws. */
  async rows(sql, values = []) {
    return (await this.connection.query({ sql, values }))[0];
  }
  /** The first column of the first row as a number. Throws what mysql2 throws. */
  async number(sql, values = []) {
    const [row] = await this.rows(sql, values);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }
  /** Ends the session; what was not committed is gone. */
  close() {
    this.connection.destroy();
  }
};
function mariadbName(name) {
  return `\`${name.replaceAll("`", "``")}\``;
}
async function readReferences(target) {
  const rows = await target.rows(
    `SELECT u.TABLE_NAME AS tableName, u.COLUMN_NAME AS columnName, u.REFERENCED_TABLE_NAME AS parent,
             u.REFERENCED_COLUMN_NAME AS parentColumn, c.DELETE_RULE AS rule
         FROM information_schema.KEY_COLUMN_USAGE u JOIN information_schema.REFERENTIAL_CONSTRAINTS c
             ON c.CONSTRAINT_SCHEMA = u.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = u.CONSTRAINT_NAME
                 AND c.TABLE_NAME = u.TABLE_NAME
         WHERE u.TABLE_SCHEMA = DATABASE() AND u.REFERENCED_TABLE_NAME IS NOT NULL`
  );
  const references = /* @__PURE__ */ new Map();
  for (const row of rows) {
    const table = String(row["tableName"]);
    const [column, parent] = [String(row["columnName"]), String(row["parent"])];
    const reference = { column, parent, parentColumn: String(row["parentColumn"]), rule: String(row["rule"]) };
    references.set(table, [...references.get(table) ?? [], reference]);
  }
  return references;
}
function toColumn(row) {
  const numberOf = (name) => row[name] === null ? null : Number(row[name]);
  const type = String(row["dataType"]);
  const isCounted = type === "varchar" || type === "char";
  return {
    name: String(row["columnName"]),
    type,
    unsigned: String(row["columnType"]).includes("unsigned"),
    nullable: row["nullable"] === "YES",
    fallback: row["fallback"] === null ? null : String(row["fallback"]),
    characters: isCounted ? numberOf("characters") : null,
    bytes: isCounted ? null : numberOf("bytes")
  };
}
async function readTables(target) {
  const rows = await target.rows(
    `SELECT TABLE_NAME AS tableName, COLUMN_NAME AS columnName, DATA_TYPE AS dataType, COLUMN_TYPE AS columnType,
             IS_NULLABLE AS nullable, COLUMN_DEFAULT AS fallback, CHARACTER_MAXIMUM_LENGTH AS characters,
             CHARACTER_OCTET_LENGTH AS bytes
         FROM information_schema.COLUMNS
         WHERE TABLE_SCHEMA = DATABASE() AND EXTRA NOT LIKE '%INVISIBLE%' AND EXTRA NOT LIKE '%GENERATED%'
         ORDER BY TABLE_NAME, ORDINAL_POSITION`
  );
  const references = await readReferences(target);
  const tables = /* @__PURE__ */ new Map();
  for (const row of rows) {
    const table = String(row["tableName"]);
    tables.set(table, [...tables.get(table) ?? [], toColumn(row)]);
  }
  return [...tables].map(([name, columns]) => ({ name, columns, references: references.get(name) ?? [] }));
}
async function runningNodes(database) {
  const rows = await database.query(
    `SELECT node_id FROM node WHERE last_seen > NOW(6) - INTERVAL 90 SECOND
         AND NOT (status = 'offline' AND last_error = ?) ORDER BY node_id`,
    [GOODBYE]
  );
  return rows.map((row) => row.node_id);
}

// src/import/values.ts
var Misfit = class extends Error {
};
var INTEGER_BITS = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 64 };
var NUMBER = /* @__PURE__ */ new Set([...Object.keys(INTEGER_BITS), "double", "float", "decimal"]);
var DATE = /* @__PURE__ */ new Set(["datetime", "timestamp", "date"]);
var BINARY = /blob|binary/;
var TIME_TEXT = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:?\d\d)?$/;
var SECONDS_BELOW = 1e11;
function missing(column) {
  if (column.nullable) return null;
  const fallback = column.fallback ?? "";
  if (/^-?\d+(\.\d+)?$/.test(fallback)) return Number(fallback);
  const quoted = /^'(.*)'$/s.exec(fallback)?.[1];
  if (quoted !== void 0) return quoted.replaceAll("''", "'");
  throw new Misfit("it has no value, which it must have");
}
function utcText(milliseconds) {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) throw new Misfit("it is no time");
  return date.toISOString().replace("T", " ").replace("Z", "");
}
function toTime(value) {
  if (typeof value === "number") return utcText(value < SECONDS_BELOW ? value * 1e3 : value);
  const match = TIME_TEXT.exec(value.trim());
  if (match === null) throw new Misfit(`"${value.slice(0, 40)}" is no time`);
  const [, day = "", clock = "00:00:00", zone = "Z"] = match;
  if (zone === "Z" || /^[+-]00:?00$/.test(zone)) return `${day} ${clock}`;
  return utcText(Date.parse(`${day}T${clock}${zone}`));
}
function toNumber(value, column) {
  const words = { true: 1, false: 0 };
  const number = typeof value === "number" ? value : words[value.toLowerCase()] ?? Number(value);
  if (!Number.isFinite(number)) throw new Misfit(`"${String(value).slice(0, 40)}" is no number`);
  const bits = INTEGER_BITS[column.type];
  if (bits === void 0) return number;
  const most = column.unsigned ? 2 ** bits - 1 : 2 ** (bits - 1) - 1;
  const least = column.unsigned ? 0 : -(2 ** (bits - 1));
  if (number < least || number > most) throw new Misfit(`${number} is not from ${least} to ${most}`);
  return number;
}
function cutText(text, column) {
  if (column.characters !== null) return [...text].slice(0, column.characters).join("");
  const bytes = Buffer.from(text).subarray(0, (column.bytes ?? Infinity) - 3);
  return bytes.toString("utf8").replace(/\uFFFD+$/, "");
}
function isTooLong(text, column) {
  if (column.characters !== null) return text.length > column.characters && [...text].length > column.characters;
  return column.bytes !== null && Buffer.byteLength(text) > column.bytes;
}
function toText(value, column, mayCut) {
  const text = String(value);
  if (!isTooLong(text, column)) return text;
  if (mayCut) return cutText(text, column);
  const limit = column.characters === null ? `${column.bytes} bytes` : `${column.characters} characters`;
  throw new Misfit(`it is longer than the ${limit} that MariaDB takes here ("${text.slice(0, 30)}...")`);
}
function plainValue(value) {
  if (typeof value === "number") return value;
  return Buffer.isBuffer(value) ? value.toString("utf8") : String(value);
}
function toNumberOrTime(value, column) {
  if (NUMBER.has(column.type)) return toNumber(value, column);
  return DATE.has(column.type) ? toTime(value) : String(value);
}
function convert(value, column, mayCut) {
  if (value === null || value === void 0) return missing(column);
  if (BINARY.test(column.type)) return Buffer.isBuffer(value) ? value : Buffer.from(String(value));
  const plain = plainValue(value);
  if (!NUMBER.has(column.type) && !DATE.has(column.type) && column.type !== "time")
    return toText(plain, column, mayCut);
  return plain === "" ? missing(column) : toNumberOrTime(plain, column);
}

// src/import/copy.ts
var BATCH_ROWS = 1e3;
var BATCH_BYTES = 1 << 20;
var PROGRESS_ROWS = 5e4;
function convertRow(plan, row) {
  return plan.columns.map((column, index) => {
    try {
      return convert(row[`c${index}`], column, plan.mayCut);
    } catch (thrown) {
      if (!(thrown instanceof Misfit)) throw thrown;
      const place = `${plan.name}.${column.name} of the row ${String(row["copied_rowid"])}`;
      throw new Refusal(
        `${place} does not fit: ${thrown.message}. Change it in that Uptime Kuma, then import again`
      );
    }
  });
}
function sizeOf(values) {
  return values.reduce(
    (sum, value) => sum + (value === null || typeof value === "number" ? 8 : value.length),
    0
  );
}
function* groupsOf(rows) {
  let group = [];
  let bytes = 0;
  for (const row of rows) {
    group.push(row);
    bytes += sizeOf(row);
    if (bytes < BATCH_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}
async function insert(target, plan, rows) {
  const names = plan.columns.map((column) => mariadbName(column.name)).join(", ");
  try {
    for (const group of groupsOf(rows)) {
      await target.rows(`INSERT INTO ${mariadbName(plan.name)} (${names}) VALUES ?`, [group]);
    }
  } catch (thrown) {
    const { code } = Object(thrown);
    const hint = code === "ER_DUP_ENTRY" ? " (MariaDB takes capital and small letters for the same here)" : "";
    throw new Refusal(`MariaDB refuses a row of ${plan.name}: ${messageOf(thrown)}${hint}`);
  }
}
async function copyTable(source, target, plan) {
  let [last, rows, told] = [Number.MIN_SAFE_INTEGER, 0, 0];
  for (; ; ) {
    const batch = await source.all(plan.select, [last, BATCH_ROWS]);
    if (batch.length === 0) break;
    await insert(
      target,
      plan,
      batch.map((row) => convertRow(plan, row))
    );
    last = Number(batch.at(-1)?.["copied_rowid"]);
    rows += batch.length;
    if (rows - told >= PROGRESS_ROWS) info("%s: %d rows so far", plan.name, rows);
    if (rows - told >= PROGRESS_ROWS) told = rows;
  }
  const [orphans] = await source.all(plan.countOrphans);
  return { name: plan.name, rows, orphans: Number(orphans?.["count"]) };
}
async function verifyTable(source, target, plan, copied) {
  const [there] = await source.all(`SELECT COUNT(*) AS count FROM ${sqliteName(plan.name)}`);
  const here = await target.number(`SELECT COUNT(*) FROM ${mariadbName(plan.name)}`);
  if (here !== copied.rows || here + copied.orphans !== Number(there?.["count"])) {
    throw new Error(
      `${plan.name} has ${here} rows, the file ${String(there?.["count"])} (${copied.orphans} left out)`
    );
  }
  for (const { column, parent, parentColumn } of plan.references) {
    const [own, other] = [mariadbName(column), mariadbName(parentColumn)];
    const orphans = await target.number(
      `SELECT COUNT(*) FROM ${mariadbName(plan.name)} t LEFT JOIN ${mariadbName(parent)} p ON p.${other} = t.${own}
             WHERE t.${own} IS NOT NULL AND p.${other} IS NULL`
    );
    if (orphans > 0) throw new Error(`${orphans} rows of ${plan.name} have a ${column} that is not there`);
  }
}

// src/import/homes.ts
var import_promises = require("node:fs/promises");
var import_node_path = require("node:path");

// src/peers/upload-rules.ts
var SAFE_UPLOAD_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,190}$/;
var LARGEST_UPLOAD_BYTES = 16 << 20;

// src/import/homes.ts
async function giveHomes(target) {
  const nodes = await target.rows("SELECT node_id FROM node WHERE drained_at IS NULL ORDER BY node_id");
  const monitors = await target.rows("SELECT id FROM monitor ORDER BY active DESC, `interval`, id");
  if (nodes.length === 0) return 0;
  for (const [index, { node_id: nodeId }] of nodes.entries()) {
    const ids = monitors.filter((_, place) => place % nodes.length === index).map(({ id }) => id);
    if (ids.length > 0) await target.rows("UPDATE monitor SET node_id = ? WHERE id IN (?)", [nodeId, ids]);
  }
  return nodes.length;
}
async function storeUploads(target, source) {
  const folder = (0, import_node_path.join)((0, import_node_path.dirname)(source), "upload");
  const names = await (0, import_promises.readdir)(folder).catch(() => []);
  let count = 0;
  for (const name of names.filter((candidate) => SAFE_UPLOAD_NAME.test(candidate))) {
    const path = (0, import_node_path.join)(folder, name);
    const state = await (0, import_promises.lstat)(path);
    if (!state.isFile() || state.size > LARGEST_UPLOAD_BYTES) continue;
    await target.rows(
      "REPLACE INTO cluster_file (name, mtime, data) VALUES (?, UNIX_TIMESTAMP(NOW(3)) * 1000, ?)",
      [name, await (0, import_promises.readFile)(path)]
    );
    count++;
  }
  return count;
}

// src/import/plan.ts
var HISTORY = /^(heartbeat|stat_(minutely|hourly|daily))$/;
var OWN_TABLES = new Set(
  [...CLUSTER_DDL, ...PROBE_DDL].map((sql) => /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(sql)?.[1] ?? "")
);
function parentExists(reference, column, source) {
  const parentColumn = source.get(reference.parent.toLowerCase())?.get(reference.parentColumn.toLowerCase());
  if (parentColumn === void 0) return void 0;
  const parent = sqliteName(reference.parent);
  return `EXISTS (SELECT 1 FROM ${parent} p WHERE p.${sqliteName(parentColumn)} = t.${sqliteName(column)})`;
}
function tablePlan(table, columns, source) {
  const shared = table.columns.filter((column) => columns.has(column.name.toLowerCase()));
  const conditions = [];
  const expressions = shared.map((column) => {
    const own = columns.get(column.name.toLowerCase()) ?? column.name;
    let expression = `t.${sqliteName(own)}`;
    for (const reference of table.references.filter((candidate) => candidate.column === column.name)) {
      const exists = parentExists(reference, own, source);
      if (exists === void 0) continue;
      if (!column.nullable || reference.rule === "CASCADE")
        conditions.push(`(t.${sqliteName(own)} IS NULL OR ${exists})`);
      else expression = `CASE WHEN ${exists} THEN ${expression} END`;
    }
    return expression;
  });
  const from = `FROM ${sqliteName(table.name)} t`;
  const kept = conditions.length === 0 ? "1" : conditions.join(" AND ");
  const values = expressions.map((expression, index) => `${expression} AS c${index}`);
  return {
    name: table.name,
    columns: shared,
    select: `SELECT t.rowid AS copied_rowid, ${values.join(", ")} ${from} WHERE t.rowid > ? AND ${kept} ORDER BY t.rowid LIMIT ?`,
    countOrphans: `SELECT COUNT(*) AS count ${from} WHERE NOT (${kept})`,
    mayCut: HISTORY.test(table.name),
    references: table.references
  };
}
function leftOut(source, targets) {
  const known = new Map(targets.map((table) => [table.name.toLowerCase(), table]));
  const lines = [];
  for (const [name, columns] of source) {
    if (name.startsWith("knex_migrations")) continue;
    const target = known.get(name);
    if (target === void 0) {
      lines.push(`table ${name}`);
      continue;
    }
    const names = new Set(target.columns.map((column) => column.name.toLowerCase()));
    lines.push(
      ...[...columns.keys()].filter((column) => !names.has(column)).map((column) => `column ${name}.${column}`)
    );
  }
  return lines;
}
function makePlan(source, targets, withHistory) {
  const kumas = targets.filter(({ name }) => !OWN_TABLES.has(name) && !name.startsWith("knex_migrations"));
  const wanted = kumas.filter(({ name }) => source.has(name.toLowerCase()) && (withHistory || !HISTORY.test(name)));
  const tables = wanted.map((table) => tablePlan(table, source.get(table.name.toLowerCase()) ?? /* @__PURE__ */ new Map(), source));
  const filled = new Set(tables.map(({ name }) => name));
  return {
    tables,
    emptied: kumas.map(({ name }) => name).filter((name) => !filled.has(name)),
    leftOut: leftOut(source, kumas)
  };
}

// src/import/snapshot.ts
var import_node_fs2 = require("node:fs");
var import_promises2 = require("node:fs/promises");
var import_node_os = require("node:os");
var import_node_path2 = require("node:path");
var COMPANIONS = ["", "-wal", "-journal"];
var MAGIC = "SQLite format 3\0";
async function stateOf(path) {
  return (0, import_promises2.stat)(path).then(
    ({ size, mtimeMs }) => ({ size, mtimeMs }),
    () => void 0
  );
}
async function findDatabase(path) {
  const found = await (0, import_promises2.stat)(path).catch(() => void 0);
  if (found === void 0) throw new Refusal(`there is no ${path}`);
  const file = found.isDirectory() ? (0, import_node_path2.join)(path, "kuma.db") : path;
  const handle = await (0, import_promises2.open)(file, "r").catch((thrown) => {
    throw new Refusal(`${file} cannot be read: ${thrown.message}`);
  });
  try {
    const start = Buffer.alloc(MAGIC.length);
    await handle.read(start, 0, start.length, 0);
    if (start.toString("latin1") !== MAGIC) throw new Refusal(`${file} is not a SQLite database`);
  } finally {
    await handle.close();
  }
  return file;
}
async function takeSnapshot(source) {
  const folder = await (0, import_promises2.mkdtemp)((0, import_node_path2.join)((0, import_node_os.tmpdir)(), "import-"));
  const file = (0, import_node_path2.join)(folder, "kuma.db");
  const remove = () => (0, import_promises2.rm)(folder, { recursive: true, force: true });
  try {
    const before = await Promise.all(COMPANIONS.map((end) => stateOf(source + end)));
    for (const [index, end] of COMPANIONS.entries()) {
      if (before[index] !== void 0) await (0, import_promises2.copyFile)(source + end, file + end, import_node_fs2.constants.COPYFILE_FICLONE);
    }
    const after = await Promise.all(COMPANIONS.map((end) => stateOf(source + end)));
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      throw new Refusal(`${source} is being written to: stop that Uptime Kuma, then import again`);
    }
    return { file, hasLog: (before[1]?.size ?? 0) > 0, remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

// src/import/source.ts
async function checkWhole(database, file) {
  try {
    const [row] = await database.all("PRAGMA quick_check(1)");
    const said = String(Object.values(row ?? {})[0]);
    if (said !== "ok") throw new Error(said);
  } catch (thrown) {
    throw new Refusal(`${file} is damaged: ${messageOf(thrown)}`);
  }
}
async function readTables2(database) {
  const tables = /* @__PURE__ */ new Map();
  const rows = await database.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  for (const row of rows) {
    const name = String(row["name"]);
    const columns = await database.all(`PRAGMA table_info(${sqliteName(name)})`);
    const names = columns.map((column) => String(column["name"]));
    tables.set(name.toLowerCase(), new Map(names.map((column) => [column.toLowerCase(), column])));
  }
  return tables;
}
async function openSource(driver, file, name) {
  const database = await openSqlite(driver, file).catch((thrown) => {
    throw new Refusal(`${name} cannot be opened: ${messageOf(thrown)}`);
  });
  try {
    await checkWhole(database, name);
    const tables = await readTables2(database);
    if (!["user", "monitor", "heartbeat", "setting"].every((table) => tables.has(table))) {
      throw new Refusal(`${name} is a SQLite database, but not one of Uptime Kuma`);
    }
    if (!tables.has("knex_migrations")) {
      throw new Refusal(
        `${name} is of Uptime Kuma 1.x: start it once with the official image of the version that the nodes run, let it migrate, stop it, then import again`
      );
    }
    const rows = await database.all("SELECT name FROM knex_migrations ORDER BY name");
    const [half] = await database.all(
      "SELECT value FROM setting WHERE key = 'migrateAggregateTableState' AND value LIKE '%migrating%'"
    );
    if (half !== void 0) {
      throw new Refusal(`${name} is half migrated: start that Uptime Kuma until it is ready, then import again`);
    }
    return { database, tables, migrations: rows.map((row) => String(row["name"])) };
  } catch (thrown) {
    await database.close();
    throw thrown;
  }
}
function versionDifference(source, target, kuma) {
  const newer = source.filter((name) => !target.includes(name));
  const missing2 = target.filter((name) => !source.includes(name));
  const [first] = newer.length > 0 ? newer : missing2;
  if (first === void 0) return void 0;
  const what = `the file is of another version than the nodes' Uptime Kuma ${kuma}`;
  return newer.length > 0 ? `${what}: it has ${newer.length} migrations that they do not know (${first}). Upgrade the nodes first` : `${what}: it lacks ${missing2.length} of their migrations (${first}). Start it once with the image that the nodes run, stop it, then import again`;
}

// src/import/main.ts
var LEASE_HOLDER = "import";
function refuseIf(reason) {
  if (reason !== void 0) throw new Refusal(reason);
}
function kumaFolder() {
  const folder = (0, import_node_path3.resolve)(process.env["KUMA_DIR"] ?? ".");
  if ((0, import_node_fs3.existsSync)(`${folder}/server/server.js`)) return folder;
  throw new Refusal(`${folder} is not the folder of Uptime Kuma: change to it, or name it with KUMA_DIR`);
}
async function checkTarget(database, target, source, kuma) {
  const tables = await tableNames(database);
  if (!["user", "monitor", "setting", "knex_migrations", "node"].every((table) => tables.has(table))) {
    throw new Refusal("the cluster's database has no tables yet: start the cluster once, then stop its nodes");
  }
  refuseIf(await schemaLimitation(database));
  const running = await runningNodes(database);
  if (running.length > 0) {
    throw new Refusal(
      `these nodes run, or ended less than 90 s ago without a word: ${running.join(", ")}. Stop all nodes first`
    );
  }
  const [users, monitors] = [
    await target.number("SELECT COUNT(*) FROM user"),
    await target.number("SELECT COUNT(*) FROM monitor")
  ];
  if (users + monitors > 0) {
    throw new Refusal(`the cluster's database is not empty: it has ${users} users and ${monitors} monitors`);
  }
  const migrations = (await target.rows("SELECT name FROM knex_migrations")).map((row) => String(row["name"]));
  refuseIf(versionDifference(source.migrations, migrations, kuma));
}
async function copyAll(source, target, file, withHistory) {
  const plan = makePlan(source.tables, await readTables(target), withHistory);
  for (const line of plan.leftOut) info("left out, since the nodes' Uptime Kuma has no such thing: %s", line);
  await target.rows("START TRANSACTION");
  for (const name of [...plan.emptied, ...plan.tables.map((table) => table.name)]) {
    await target.rows(`DELETE FROM ${mariadbName(name)}`);
  }
  const copies = [];
  for (const table of plan.tables) {
    const copied = await copyTable(source.database, target, table);
    if (copied.rows > 0) info("%s: %d rows", table.name, copied.rows);
    if (copied.orphans > 0)
      warn("%s: %d rows of things that are gone are left out", table.name, copied.orphans);
    copies.push([table, copied]);
  }
  for (const [table, copied] of copies) await verifyTable(source.database, target, table, copied);
  const total = copies.reduce((sum, [, { rows }]) => sum + rows, 0);
  const uploads = await storeUploads(target, file);
  const nodes = await giveHomes(target);
  await target.rows("COMMIT");
  info(
    "imported: %d rows of %d tables, %d uploads; monitors for %d nodes",
    total,
    plan.tables.length,
    uploads,
    nodes
  );
}
async function importInto(source, file, withHistory, kuma) {
  const kumaRequire = (0, import_node_module.createRequire)(`${kuma}/server/server.js`);
  const config = readDatabaseConfig(process.env);
  refuseIf(configLimitation(config));
  const mysql = kumaRequire("mysql2/promise");
  const database = await Database.open(mysql, config, config.dbName ?? "");
  const target = await Target.open(mysql, config);
  if (!(await tableNames(database)).has("cluster_lease")) {
    throw new Refusal(
      "no node with the agent has prepared the cluster's database: start the cluster once, then stop its nodes"
    );
  }
  const { version } = JSON.parse((0, import_node_fs3.readFileSync)(`${kuma}/package.json`, "utf8"));
  const lease = await acquireLease(database, "boot", LEASE_HOLDER, (reason) => {
    target.close();
    error("nothing is imported: %s", reason);
    process.exit(1);
  });
  try {
    await checkTarget(database, target, source, version);
    await copyAll(source, target, file, withHistory);
  } finally {
    target.close();
    await lease.release();
  }
}
async function run() {
  const { path, withHistory } = readArguments(process.argv.slice(2));
  const kuma = kumaFolder();
  const file = await findDatabase(path);
  const snapshot = await takeSnapshot(file);
  try {
    info(
      "%s is read with %s",
      file,
      snapshot.hasLog ? "its write-ahead log kuma.db-wal" : "no kuma.db-wal beside it, as after an orderly stop"
    );
    const driver = (0, import_node_module.createRequire)(`${kuma}/server/server.js`)("@louislam/sqlite3");
    const source = await openSource(driver, snapshot.file, file);
    try {
      await importInto(source, file, withHistory, kuma);
    } finally {
      await source.database.close();
    }
  } finally {
    await snapshot.remove();
  }
}
run().then(
  () => {
    info("start the nodes now: users, API keys and history are those of %s", process.argv.at(-1));
    process.exit(0);
  },
  (thrown) => {
    if (thrown instanceof Refusal) error("nothing is imported: %s", thrown.message);
    else error("nothing is imported: %s", thrown instanceof Error ? thrown.stack : String(thrown));
    process.exit(1);
  }
);

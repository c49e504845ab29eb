import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { isOurs, spawnDetached, stopProcess, waitFor } from "./processes.mjs";

const run = promisify(execFile);

// For tests, which start dozens of servers: a data directory to copy in place of making one (see makeTemplate), and
// whether anything is to survive a power cut. What is written survives the death of the server either way.
const { MARIADB_TEMPLATE = "", MARIADB_NO_SYNC = "" } = process.env;
const NO_SYNC = ["--innodb-flush-method=nosync", "--debug-no-sync"];

// sun_path of a Unix socket holds 107 bytes.
const SOCKET_PATH_MAX = 100;

/**
 * @typedef {object} Mariadb a running server; user and password may do everything within the database `name`
 * @property {string} host
 * @property {number} port
 * @property {string} user
 * @property {string} password
 * @property {string} name
 * @property {number} pid
 * @property {string} socket
 * @property {string} log
 * @property {(sql: string, database?: string) => Promise<string>} sql runs statements as root through the socket;
 *   returns tab-separated rows without a heading
 * @property {() => Promise<boolean>} stop orderly; safe to call twice
 * @property {() => Promise<boolean>} kill as a crash would
 */

/**
 * Starts a private MariaDB on 127.0.0.1. A data directory that is empty is set up first; an existing one is reused.
 * @param {{dir: string, port: number, user?: string, password: string, name?: string, createDatabase?: boolean,
 *   options?: string[], env?: Record<string, string>}} settings `env`: more of its environment; `options`: more arguments for mariadbd, as "--max-allowed-packet=64M";
 *   `createDatabase: false` leaves the database to its first user
 * @returns {Promise<Mariadb>}
 */
export async function startMariadb(settings) {
  const { port, user = "kuma", password, name = "kuma", createDatabase = true, options = [], env = {} } = settings;
  const dir = resolve(settings.dir);
  const data = join(dir, "data");
  const log = join(dir, "mariadb.log");
  const socket = socketPath(dir);
  const temporary = join(dir, "tmp");
  mkdirSync(temporary, { recursive: true });
  if (!existsSync(join(data, "mysql"))) {
    if (MARIADB_TEMPLATE === "") await createDataDirectory(data, temporary);
    else await run("cp", ["-a", "--sparse=always", MARIADB_TEMPLATE, data]);
  }
  const args = [...serverOptions({ dir, data, temporary, port, socket }), ...options];
  const pid = await spawnDetached("mariadbd", args, { log, env: { ...process.env, ...env } });
  const mark = `--datadir=${data}`;
  const sql = (/** @type {string} */ text, database = "") => rootQuery(socket, text, database);
  try {
    await waitFor(() => sql("SELECT 1"), { what: `MariaDB on 127.0.0.1:${port}`, timeoutMs: 60000, pid, log });
    await sql(accessStatements({ user, password, name, createDatabase }));
  } catch (error) {
    await stopProcess(pid, { mark });
    throw error;
  }
  return {
    ...{ host: "127.0.0.1", port, user, password, name, pid, socket, log, sql },
    stop: () => stopProcess(pid, { mark, graceMs: 30000 }),
    kill: () => stopProcess(pid, { mark, signal: "SIGKILL" }),
  };
}

/**
 * Makes a data directory once for all servers that are started with the variables it returns.
 * @param {string} dir that is empty
 * @returns {Promise<Record<string, string>>}
 */
export async function makeTemplate(dir) {
  const data = join(dir, "data");
  await createDataDirectory(data, dir);
  return { MARIADB_TEMPLATE: data, MARIADB_NO_SYNC: "1" };
}

/**
 * Is `pid` the server of this directory?
 * @param {number} pid
 * @param {string} dir
 */
export function isMariadbOf(pid, dir) {
  return isOurs(pid, `--datadir=${join(resolve(dir), "data")}`);
}

/** @param {string} dir */
function socketPath(dir) {
  const path = join(dir, "mariadb.sock");
  if (path.length < SOCKET_PATH_MAX) return path;
  return join(tmpdir(), `kuma-${createHash("sha1").update(dir).digest("hex").slice(0, 12)}.sock`);
}

/**
 * A starting server removes leftover files from its temporary folder, those of another server too: each has its own.
 * @param {string} data @param {string} temporary
 */
async function createDataDirectory(data, temporary) {
  const user = userInfo().username;
  const args = ["--no-defaults", `--datadir=${data}`, `--user=${user}`, "--skip-test-db"];
  args.push("--auth-root-authentication-method=socket", `--auth-root-socket-user=${user}`);
  try {
    await run("mariadb-install-db", args, { env: { ...process.env, TMPDIR: temporary } });
  } catch (error) {
    const { message, stdout = "" } = /** @type {Error & {stdout?: string}} */ (error);
    throw new Error(`cannot create the data directory ${data}: ${message}\n${stdout}`, { cause: error });
  }
}

/** @param {{dir: string, data: string, temporary: string, port: number, socket: string}} server */
function serverOptions({ dir, data, temporary, port, socket }) {
  return [
    "--no-defaults",
    `--datadir=${data}`,
    `--tmpdir=${temporary}`,
    `--socket=${socket}`,
    `--pid-file=${join(dir, "mariadb.pid")}`,
    `--port=${port}`,
    `--user=${userInfo().username}`,
    "--bind-address=127.0.0.1",
    "--max-connections=300",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_ci",
    "--skip-name-resolve",
    // A commit survives the death of the process; a power cut may cost the last second.
    "--innodb-flush-log-at-trx-commit=2",
    ...(MARIADB_NO_SYNC === "" ? [] : NO_SYNC),
  ];
}

/** @param {{user: string, password: string, name: string, createDatabase: boolean}} access */
function accessStatements({ user, password, name, createDatabase }) {
  const account = `${quote(user)}@'%'`;
  const schema = `\`${name.replaceAll("`", "``")}\``;
  const create = `CREATE DATABASE IF NOT EXISTS ${schema} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;`;
  return `DROP USER IF EXISTS ''@'localhost';
    CREATE USER IF NOT EXISTS ${account};
    ALTER USER ${account} IDENTIFIED BY ${quote(password)};
    GRANT ALL PRIVILEGES ON ${schema.replaceAll("_", "\\_")}.* TO ${account};
    ${createDatabase ? create : ""}`;
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** @param {string} socket @param {string} sql @param {string} database */
async function rootQuery(socket, sql, database) {
  // What is asked and answered is UTF-8, whatever the locale says.
  const client = ["--no-defaults", `--socket=${socket}`, "--default-character-set=utf8mb4"];
  const args = [...client, "--batch", "--skip-column-names", `--execute=${sql}`];
  const { stdout } = await run("mariadb", database === "" ? args : [...args, database], { maxBuffer: 64 << 20 });
  return stdout;
}

// Runs the importer as a user does in the place of a node, and compares what it read with what it wrote.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openSqlite } from "./sqlite-file.mjs";

const IMPORTER = fileURLToPath(new URL("../../agent/dist/import-sqlite.js", import.meta.url));

/**
 * @typedef {import("../../local/kuma.mjs").DatabaseAccess} DatabaseAccess
 * @typedef {{code: number | null, said: string, seconds: number, peakMb: number}} Outcome
 */

/**
 * @param {{kumaDir: string, env: Record<string, string>, db: DatabaseAccess, args: string[], killWhen?: RegExp}} options
 *   `killWhen`: kill -9 as soon as it says that
 * @returns {Promise<Outcome>} `peakMb`: the memory that it had at most
 */
export function runImporter({ kumaDir, env, db, args, killWhen }) {
  const { host, port, user, password, name } = db;
  const access = { UPTIME_KUMA_DB_HOSTNAME: host, UPTIME_KUMA_DB_PORT: String(port), UPTIME_KUMA_DB_NAME: name };
  const account = { UPTIME_KUMA_DB_TYPE: "mariadb", UPTIME_KUMA_DB_USERNAME: user, UPTIME_KUMA_DB_PASSWORD: password };
  const started = performance.now();
  const peak = `process.on("exit", () => console.log("peak", process.resourceUsage().maxRSS))`;
  const measure = `data:text/javascript,${encodeURIComponent(peak)}`;
  const child = spawn(process.execPath, ["--import", measure, IMPORTER, ...args], {
    env: { ...process.env, ...env, ...access, ...account, KUMA_DIR: kumaDir },
    cwd: kumaDir,
  });
  let said = "";
  const hear = (/** @type {Buffer} */ chunk) => {
    said += chunk;
    if (killWhen?.test(said)) child.kill("SIGKILL");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return new Promise((resolve) => {
    child.once("close", (code) => {
      const peakMb = Math.round(Number(/^peak (\d+)$/m.exec(said)?.[1]) / 1024);
      resolve({ code, said, seconds: (performance.now() - started) / 1000, peakMb });
    });
  });
}

/**
 * Every value of every column that both databases have is the same.
 * @param {{driver: string, file: string, sql: (text: string) => Promise<any[]>, tables: string[]}} databases `sql`: the
 *   target's, which gives dates as text
 */
export async function assertSameRows({ driver, file, sql, tables }) {
  const source = await openSqlite(driver, file);
  for (const table of tables) {
    const theirs = (await source.all(`PRAGMA table_info("${table}")`)).map(({ name }) => String(name));
    const columns = await sql(`SELECT COLUMN_NAME AS name, DATA_TYPE AS type FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' ORDER BY ORDINAL_POSITION`);
    const shared = columns.filter(({ name }) => theirs.includes(name));
    const rows = await source.all(`SELECT * FROM "${table}" ORDER BY id`);
    const copies = await sql(
      `SELECT ${shared.map(({ name }) => `\`${name}\``).join(", ")} FROM \`${table}\` ORDER BY id`,
    );
    assert.equal(copies.length, rows.length, table);
    for (const [index, row] of rows.entries()) {
      for (const { name, type } of shared) {
        const place = `${table}.${name} of ${row.id}`;
        assert.equal(plain(copies[index][name], type), plain(row[name], type), place);
      }
    }
  }
  await source.close();
}

/** Numbers as Uptime Kuma's tables round them, times in seconds. @param {any} value @param {string} type */
function plain(value, type) {
  if (value === null) return null;
  if (type === "datetime") return String(value).replace("T", " ").slice(0, 19);
  if (type === "float" || type === "double") return Number(Number(value).toPrecision(5));
  if (type.endsWith("int") || type === "decimal") return Number(value);
  if (type === "time") return String(value).padEnd(8, ":00").slice(0, 8);
  return String(value);
}

// A single Uptime Kuma as its makers give it, on SQLite, and a user who makes something of every kind.
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startNode } from "../../local/kuma.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { ensureSqliteDriver } from "../../local/sqlite-driver.mjs";
import { ask, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
import { USER } from "../agent/support/cluster.mjs";
import { INTERVAL_S, addMonitors, addStatusPage, addWebhook } from "../cluster/kuma-client.mjs";
import { openSqlite } from "./sqlite-file.mjs";

const SHIM = fileURLToPath(new URL("sqlite-driver.cjs", import.meta.url));

/** @typedef {{driver: string, env: Record<string, string>}} DriverAccess `env` for a process of Uptime Kuma */

/** @param {string} kumaDir @returns {Promise<DriverAccess>} */
export async function driverAccess(kumaDir) {
  const driver = await ensureSqliteDriver(kumaDir);
  return { driver, env: { NODE_OPTIONS: `--require ${JSON.stringify(SHIM)}`, SQLITE_DRIVER: driver } };
}

/** What a user has there. @typedef {Awaited<ReturnType<typeof furnish>>} Furniture */

/**
 * Starts one, has a user furnish it, lets it check everything, and ends it.
 * @param {{kumaDir: string, dir: string, access: DriverAccess, receiver: import("../cluster/receiver.mjs").Receiver,
 *   signal?: NodeJS.Signals}} options `signal`: SIGKILL leaves the write-ahead log behind
 * @returns {Promise<Furniture & {file: string}>} `file`: its kuma.db
 */
export async function livedInKuma({ kumaDir, dir, access, receiver, signal = "SIGTERM" }) {
  const port = await freePort();
  const cwd = withMigrations(kumaDir, join(dir, "app"));
  const kuma = await startNode({ kumaDir, dir, port, nodeId: "single", agent: false, env: access.env, cwd });
  try {
    await kuma.ready();
    await setUp(kuma);
    const furniture = await furnish(kuma, kumaDir, receiver);
    const file = join(dir, "data", "kuma.db");
    await untilBeats(file, access.driver, furniture.monitors.length);
    return { ...furniture, file };
  } finally {
    await kuma.stop(signal);
  }
}

/**
 * The npm package 2.0.0-dev.0 has some of its migrations of SQLite in another folder than it looks for them.
 * @param {string} kumaDir @param {string} folder @returns {string} like `kumaDir`, with all of them where they belong
 */
function withMigrations(kumaDir, folder) {
  const database = join(kumaDir, "db");
  mkdirSync(join(folder, "db"), { recursive: true });
  for (const name of readdirSync(kumaDir)) if (name !== "db") symlinkSync(join(kumaDir, name), join(folder, name));
  cpSync(database, join(folder, "db"), { recursive: true });
  for (const name of readdirSync(database).filter((file) => file.endsWith(".sql")))
    cpSync(join(database, name), join(folder, "db", "old_migrations", name));
  return folder;
}

/** @param {string} file @param {string} driver @param {number} monitors */
async function untilBeats(file, driver, monitors) {
  const database = await openSqlite(driver, file);
  const check = async () => {
    const [{ count }] = await database.all(
      "SELECT COUNT(DISTINCT monitor_id) AS count FROM heartbeat WHERE status = 1",
    );
    return count >= monitors;
  };
  await waitFor(check, { what: "a beat of each monitor", timeoutMs: 3 * INTERVAL_S * 1000, everyMs: 500 });
  await database.close();
}

/** @param {{url: string}} kuma @param {string} kumaDir @param {import("../cluster/receiver.mjs").Receiver} receiver */
async function furnish(kuma, kumaDir, receiver) {
  const socket = await logIn(kuma);
  const act = async (/** @type {string} */ event, /** @type {any[]} */ ...args) => {
    const answer = await ask(socket, event, ...args);
    if (answer.ok !== true) throw new Error(`${event} is refused: ${JSON.stringify(answer)}`);
    return answer;
  };
  const notificationId = await addWebhook(socket, receiver);
  const monitors = await addMonitors(socket, receiver, { count: 5, notificationId });
  const { tag } = await act("addTag", { name: "Laden 🛒", color: "#00ff00" });
  await act("addMonitorTag", tag.id, monitors[0].id, "größer");
  const proxy = { protocol: "http", host: "127.0.0.1", port: 9, auth: false, active: true, default: false };
  const { id: proxyId } = await act("addProxy", proxy, null);
  const { id: groupId } = await addKinds(act, receiver, proxyId);
  const { maintenanceID } = await act("addMaintenance", MAINTENANCE);
  await act("addMonitorMaintenance", maintenanceID, [{ id: monitors[1].id }]);
  await addStatusPage(socket, "public", [{ id: monitors[0].id }, { id: monitors[1].id }]);
  const { key } = await act("addAPIKey", { name: "key", expires: null, active: true });
  const token = await switchOn2fa(act, kumaDir);
  socket.disconnect();
  return { monitors, groupId, key, token, slug: "public" };
}

const MAINTENANCE = {
  ...{ title: "Umbau", description: "'quotes' and \\backslashes\\ and\nlines", strategy: "single", intervalDay: 1 },
  ...{ active: true, dateRange: ["2099-01-01 00:00:00", "2099-01-01 02:00:00"], weekdays: [], daysOfMonth: [] },
  timeRange: [
    { hours: 2, minutes: 0 },
    { hours: 3, minutes: 30 },
  ],
  ...{ timezoneOption: "UTC", cron: "30 3 * * *", durationMinutes: 60 },
};

/**
 * Monitors of other kinds, some of which never beat.
 * @param {(event: string, ...args: any[]) => Promise<any>} act @param {{url: string}} receiver @param {number} proxyId
 */
async function addKinds(act, receiver, proxyId) {
  const group = await act("add", newMonitor({ name: "group", type: "group" }));
  const { port } = new URL(receiver.url);
  const parent = group.monitorID;
  await act("add", newMonitor({ name: "tcp", type: "port", hostname: "127.0.0.1", port: Number(port), parent }));
  await act("add", newMonitor({ name: "push", type: "push", pushToken: "a1b2c3d4e5f6g7h8" }));
  const paused = newMonitor({ name: "paused", url: `${receiver.url}/paused`, proxyId });
  const { monitorID } = await act("add", paused);
  await act("pauseMonitor", monitorID);
  const keyword = newMonitor({
    name: "keyword",
    type: "keyword",
    keyword: "o",
    url: `${receiver.url}/keyword`,
    parent,
  });
  await act("add", { ...keyword, headers: '{"X-Test": "é\\n"}', body: "x".repeat(5000) });
  return { id: parent };
}

/**
 * @param {(event: string, ...args: any[]) => Promise<any>} act @param {string} kumaDir
 * @returns {Promise<() => string>} makes the six digits of now
 */
async function switchOn2fa(act, kumaDir) {
  const kumaRequire = createRequire(join(kumaDir, "server", "server.js"));
  const { uri } = await act("prepare2FA", USER.password);
  const secret = kumaRequire("thirty-two").decode(new URL(uri).searchParams.get("secret"));
  await act("save2FA", USER.password);
  return () => kumaRequire("notp").totp.gen(secret, {});
}

// A single Uptime Kuma as its makers give it, on SQLite, and a user who makes something of every kind.
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KUMA_VERSION, kumaVersion, startNode } from "../../local/kuma.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { ensureSqliteDriver } from "../../local/sqlite-driver.mjs";
import { ask, connect, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
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
    // Before it serves, it shows the progress of its migrations there.
    const serves = async () => (await connect(kuma)).disconnect();
    await waitFor(serves, { what: "its socket", timeoutMs: 60000 });
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
  const more = newerSettings(kumaDir);
  const monitors = await addMonitors(socket, receiver, { count: 5, notificationId, more });
  const { tag } = await act("addTag", { name: "Laden 🛒", color: "#00ff00" });
  await act("addMonitorTag", tag.id, monitors[0].id, "größer");
  const proxy = { protocol: "http", host: "127.0.0.1", port: 9, auth: false, active: true, default: false };
  const { id: proxyId } = await act("addProxy", proxy, null);
  const { id: groupId } = await addKinds(
    (settings) => act("add", newMonitor({ ...settings, ...more })),
    act,
    receiver,
    proxyId,
  );
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

/** What the page of later versions sends besides, and SQLite insists on. @param {string} kumaDir */
function newerSettings(kumaDir) {
  return kumaVersion(kumaDir) === KUMA_VERSION ? {} : { conditions: [], rabbitmqNodes: [] };
}

/**
 * Monitors of other kinds, some of which never beat.
 * @param {(settings: Record<string, unknown>) => Promise<any>} add @param {(event: string, ...args: any[]) => Promise<any>} act
 * @param {{url: string}} receiver @param {number} proxyId
 */
async function addKinds(add, act, receiver, proxyId) {
  const { monitorID: parent } = await add({ name: "group", type: "group" });
  const { port } = new URL(receiver.url);
  await add({ name: "tcp", type: "port", hostname: "127.0.0.1", port: Number(port), parent });
  await add({ name: "push", type: "push", pushToken: "a1b2c3d4e5f6g7h8" });
  const { monitorID } = await add({ name: "paused", url: `${receiver.url}/paused`, proxyId });
  await act("pauseMonitor", monitorID);
  const texts = { headers: '{"X-Test": "é\\n"}', body: "x".repeat(5000) };
  await add({ name: "keyword", type: "keyword", keyword: "o", url: `${receiver.url}/keyword`, parent, ...texts });
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

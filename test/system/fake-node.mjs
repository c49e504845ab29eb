// A light stand-in for an Uptime Kuma node with its agent: one process, which registers itself in the database,
// answers the health check, and echoes what reaches it. Its behaviour is switched by POST /_control.
import { once } from "node:events";
import { createServer } from "node:http";
import { createPool } from "mysql2/promise";
import { acceptWebSocket } from "../support/websocket.mjs";

const settings = JSON.parse(process.env.FAKE_NODE ?? "{}");
/**
 * @type {{node_id: string, port: number, primary: boolean, db: import("mysql2").PoolOptions, heartbeatMs: number,
 *   behaviour: object}}
 */
const { node_id, port, primary, db, heartbeatMs = 2000, behaviour: firstBehaviour } = settings;

const bootId = Math.random().toString(36).slice(2);
const pool = createPool({ ...db, timezone: "Z", connectionLimit: 2, connectTimeout: 2000 });
const behaviour = { health: "ok", answer: "ok", watch: "ok", headers: {}, ...firstBehaviour };
/** @type {Set<import("node:http").ServerResponse>} */
const watchers = new Set();
let ticks = 0;
/** @type {Record<string, number>} */
const counts = {};
/** @type {{at: number, path: string}[]} */
const probes = [];
/** @type {{at: number, token: string, status: string | null, msg: string | null}[]} */
const pushes = [];
let monitorsRunning = 0;
let monitorsMade = 0;
let connections = 0;
let isRegistered = false;

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function handle(request, response) {
  // As a path, whatever it is: "//x" would be another host.
  const url = new URL(`http://node${request.url ?? "/"}`);
  if (url.pathname === "/_control") return isRegistered ? control(request, response) : json(response, 503, {});
  count(`${request.method} ${url.pathname}`);
  if (url.pathname === "/api/v1/health") return health(response);
  if (url.pathname === "/api/v1/watch") return watch(response);
  if (url.pathname === "/socket.io/") return socketIo(url, response);
  if (url.pathname.startsWith("/api/v1/monitors")) return monitors(request, response);
  if (url.pathname === "/routed")
    response.setHeader("X-Routed-To", "somebody else").setHeader("X-Routed-Via", "forged");
  if (url.pathname.startsWith("/status/")) return json(response, Number(url.pathname.slice(8)), { node_id });
  if (url.pathname.startsWith("/api/push/")) notePush(url);
  const length = await bodyLength(request);
  if (url.pathname === "/slow") await new Promise((resolve) => setTimeout(resolve, Number(url.searchParams.get("ms"))));
  if (!(await behave(behaviour.answer, response))) return;
  const { method, headers } = request;
  for (const [name, value] of Object.entries(behaviour.headers)) response.setHeader(name, value);
  json(response, 200, { node_id, method, url: request.url, headers, body_length: length });
}

/**
 * As the agent's API takes the push monitors of checks: 201 with an id, else 200, or a status code as told.
 * @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response
 */
async function monitors(request, response) {
  await bodyLength(request);
  if (!(await behave(behaviour.answer, response))) return;
  monitorsMade += 1;
  json(response, request.method === "POST" ? 201 : 200, { id: monitorsMade });
}

/** @param {URL} url a beat of a push monitor */
function notePush({ pathname, searchParams }) {
  const token = pathname.slice("/api/push/".length);
  pushes.push({ at: Date.now(), token, status: searchParams.get("status"), msg: searchParams.get("msg") });
}

/** @param {import("node:http").ServerResponse} response */
async function health(response) {
  probes.push({ at: Date.now(), path: "health" });
  if (!(await behave(behaviour.health, response))) return;
  json(response, 200, {
    ...{ status: "ok", node_id, version: "2.0.0-dev.0", boot_id: bootId, db: "ok", event_loop_lag_ms: 1 },
    ...{ monitors_running: monitorsRunning, monitors_assigned: monitorsRunning, uptime_seconds: process.uptime() },
  });
}

/**
 * Lines for a watcher, as told: "ok", "silent", "garbage", "endless" (a line without end), "status:<word>", "id:<node>",
 * "close", or a status code.
 * @param {import("node:http").ServerResponse} response
 */
async function watch(response) {
  if (!(await behave(behaviour.watch, response))) return;
  watchers.add(response);
  response.on("close", () => watchers.delete(response));
  response.writeHead(200, { "Content-Type": "application/x-ndjson", Connection: "close" });
  tick(response);
}

/** @param {import("node:http").ServerResponse} response */
function tick(response) {
  const [mode, value] = behaviour.watch.split(":");
  if (mode === "silent") return;
  if (mode === "close") return response.destroy();
  if (mode === "garbage") return response.write("<html>\n");
  if (mode === "endless") return response.write("x".repeat(5000));
  const status = mode === "status" ? value : "ok";
  const id = mode === "id" ? value : node_id;
  response.write(`${JSON.stringify({ tick: ticks, node_id: id, boot_id: bootId, status })}\n`);
}

setInterval(() => {
  ticks += 1;
  for (const response of watchers) tick(response);
}, 1000);

/**
 * Misbehaves as told: "ok", "close", "hang", "slow:<ms>", or a status code, with a reason or without.
 * @param {string} mode
 * @param {import("node:http").ServerResponse} response
 * @returns {Promise<boolean>} whether the answer is still to be given
 */
async function behave(mode, response) {
  if (mode === "close") response.destroy();
  if (mode === "close" || mode === "hang") return false;
  if (mode.startsWith("slow:")) await new Promise((resolve) => setTimeout(resolve, Number(mode.slice(5))));
  const [, status, reason] = /^(\d+)(?: (.*))?$/.exec(mode) ?? [];
  if (status === undefined) return true;
  json(response, Number(status), { node_id, status: "unhealthy", reason });
  return false;
}

/**
 * The handshake of socket.io's polling transport: a session is known only to the process that opened it.
 * @param {URL} url @param {import("node:http").ServerResponse} response
 */
function socketIo(url, response) {
  const sid = url.searchParams.get("sid");
  if (sid !== null && !sid.startsWith(`${node_id}.`))
    return json(response, 400, { code: 1, message: "Session ID unknown" });
  response.setHeader("Set-Cookie", `kuma_node=${node_id}; Path=/; HttpOnly; SameSite=Lax`);
  json(response, 200, { node_id, sid: sid ?? `${node_id}.${Math.random().toString(36).slice(2)}` });
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function control(request, response) {
  if (request.method === "POST") {
    let text = "";
    for await (const chunk of request) text += chunk;
    Object.assign(behaviour, JSON.parse(text));
  }
  json(response, 200, {
    ...{ node_id, pid: process.pid, behaviour, counts, probes, pushes, connections, watchers: watchers.size },
  });
}

/** @param {import("node:http").IncomingMessage} request */
async function bodyLength(request) {
  let length = 0;
  for await (const chunk of request) length += chunk.length;
  return length;
}

/** @param {import("node:http").ServerResponse} response @param {number} status @param {object} body */
function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

/** @param {string} key */
function count(key) {
  counts[key] = (counts[key] ?? 0) + 1;
}

async function register() {
  await pool.query(
    `INSERT INTO node (node_id, node_name, host, status, is_primary, version, boot_id, last_seen, status_since)
     VALUES (?, ?, ?, 'recovering', ?, '2.0.0-dev.0', ?, NOW(6), NOW(6))
     ON DUPLICATE KEY UPDATE host = VALUES(host), status = 'recovering', is_primary = VALUES(is_primary),
       boot_id = VALUES(boot_id), last_seen = NOW(6), status_since = NOW(6)`,
    [node_id, node_id, `127.0.0.1:${port}`, primary ? 1 : 0, bootId],
  );
}

async function beat() {
  const owned = "SELECT COUNT(*) AS n FROM monitor WHERE active = 1 AND COALESCE(assigned_node, node_id) = ?";
  const [rows] = await pool.query(owned, [node_id]);
  monitorsRunning = Number(/** @type {{n: number}[]} */ (rows)[0]?.n);
  const update = "UPDATE node SET last_seen = NOW(6), monitors_running = ? WHERE node_id = ? AND boot_id = ?";
  await pool.query(update, [monitorsRunning, node_id, bootId]);
}

/** As an agent that is told to leave: says offline, then ends. */
async function leave() {
  const update = "UPDATE node SET status = 'offline', status_since = NOW(6) WHERE node_id = ? AND boot_id = ?";
  await pool.query(update, [node_id, bootId]).catch(() => undefined);
  process.exit(0);
}

const server = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy());
});
server.on("connection", () => (connections += 1));
server.on("upgrade", (request, socket) => {
  count(`UPGRADE ${request.url}`);
  // As socket.io does with what is not its own.
  if (request.url?.startsWith("/socket.io/") !== true) return void setTimeout(() => socket.end(), 1000);
  acceptWebSocket(request, socket, JSON.stringify({ node_id, headers: request.headers }));
});
// As a node with the agent, whose first check must find it.
server.listen(port, "127.0.0.1");
await once(server, "listening");
await register();
await beat();
isRegistered = true;
// A database that is down must not end the node: the next beat tries again.
setInterval(() => void beat().catch(() => undefined), heartbeatMs);
process.once("SIGTERM", () => void leave());

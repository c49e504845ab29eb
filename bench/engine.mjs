// Section "engine": what the control plane needs at scale. A node dies that runs all monitors: the plan alone, and the whole
// of its assignment as the database dates it. Then how long a round over all nodes takes.
import { createServer } from "node:http";
import { freePort } from "../local/ports.mjs";
import { waitFor } from "../local/processes.mjs";
import { request } from "../test/support/http.mjs";
import { clusterTables, KUMA_TABLES } from "../test/support/tables.mjs";
import { startLoadBalancer } from "../local/load-balancer.mjs";
import { startMariadb } from "../local/mariadb.mjs";
import { memoryOf } from "./meters.mjs";
import { atEnd, changedConfiguration, close, newFolder } from "./stage.mjs";
import { withLua } from "./with-lua.mjs";
import { figure, significant } from "./statistics.mjs";

const MOVE_LIMIT_MS = 180000;
const ROUNDS_OF_CHECKS = 9;

/**
 * @typedef {{nodes: number, monitors: number}} Size
 * @typedef {{rounds: number, say: (line: string) => void}} Settings
 * @typedef {Awaited<ReturnType<typeof startNode>>} Node
 */

/** A server that answers health checks as node `id` would. @param {string} id */
async function startNode(id) {
  const server = createServer((incoming, response) => {
    response.setHeader("Content-Type", "application/json");
    // Without a standing connection all is left to the checks.
    response.statusCode = incoming.url === "/api/v1/watch" ? 404 : 200;
    response.end(JSON.stringify({ status: "ok", node_id: id }));
  });
  const listen = (/** @type {number} */ at) =>
    new Promise((resolve) => server.listen(at, "127.0.0.1", () => resolve(undefined)));
  await listen(0);
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const kill = () => {
    server.close();
    server.closeAllConnections();
  };
  return { id, port, kill, start: () => listen(port) };
}

/** A load balancer before so many nodes, of which the first runs all monitors. @param {Size} size */
async function startEngine({ nodes: count, monitors }) {
  const db = await startMariadb({ dir: newFolder("db"), port: await freePort(), password: "secret" });
  atEnd(db.kill);
  const sql = async (/** @type {string} */ text) => (await db.sql(text, db.name)).trim();
  const nodes = await Promise.all(Array.from({ length: count }, (_, index) => startNode(`node${index + 1}`)));
  atEnd(async () => nodes.forEach((node) => node.kill()));
  await sql(`${KUMA_TABLES}${clusterTables()} INSERT INTO user (username) VALUES ('admin')`);
  const rows = nodes.map(({ id, port }) => `('${id}', '${id}', '127.0.0.1:${port}', 'online', NOW(6), NOW(6))`);
  await sql(`INSERT INTO node (node_id, node_name, host, status, last_seen, status_since) VALUES ${rows.join(", ")}`);
  await sql(`INSERT INTO monitor (name, user_id, type, \`interval\`, node_id)
    SELECT CONCAT('monitor ', seq), 1, 'http', 20 + 40 * (seq % 2), 'node1' FROM seq_1_to_${monitors}`);
  await sql(
    "INSERT INTO heartbeat (monitor_id, status, time, duration) SELECT id, 1, NOW(), \`interval\` FROM monitor",
  );
  const location = 'content_by_lua_block { require("bench_plan").report() }';
  const lb = await startLoadBalancer({
    ...{ dir: newFolder("lb"), port: await freePort(), db, workers: 2, events: "worker_connections 8192;" },
    ...{ accessLog: false, configuration: changedConfiguration("plan", withLua({ location })) },
    env: { NODE_OFFLINE_AFTER: "86400", MONITOR_LIMIT_PER_NODE: "1000000", CLUSTER_NODE_COUNT: String(count) },
  });
  atEnd(lb.stop);
  const statistics = async () => (await request(`${lb.url}/lb/health-status`)).json.statistics;
  const checked = async () => (await statistics()).checks >= count;
  await waitFor(checked, { what: "a check of every node", timeoutMs: 90000 });
  return { sql, nodes, lb, statistics };
}

/** @typedef {Awaited<ReturnType<typeof startEngine>>} Engine */

/**
 * All monitors are that node's, it dies, and comes back when the others have them.
 * @param {Engine} engine @param {Node} node
 */
async function lose({ sql, lb }, node) {
  await sql(`UPDATE monitor SET node_id = '${node.id}', assigned_node = NULL`);
  const last = await sql("SELECT COALESCE(MAX(id), 0) FROM cluster_operation");
  const begun = performance.now();
  node.kill();
  await request(`${lb.url}/lb/trigger-health-check`, { method: "POST" });
  const left = async () => (await sql(`SELECT COUNT(*) FROM monitor WHERE owner_node = '${node.id}'`)) === "0";
  await waitFor(left, { what: "the fail-over", timeoutMs: MOVE_LIMIT_MS, everyMs: 100 });
  const seconds_from_kill = (performance.now() - begun) / 1000;
  const took = `SELECT TIMESTAMPDIFF(MICROSECOND, started_at, (SELECT MAX(moved_at) FROM cluster_move c WHERE c.operation = o.id))
    FROM cluster_operation o WHERE node_id = '${node.id}' AND type = 'failover' AND id > ${last} ORDER BY id LIMIT 1`;
  const assigned = async () => /^\d+$/.test(await sql(took));
  await waitFor(assigned, { what: "the record of the moves", timeoutMs: 30000, everyMs: 100 });
  return { seconds_from_kill, apply_s: Number(await sql(took)) / 1e6 };
}

/** @param {Size} size @param {Settings} settings */
async function moveAll(size, { rounds, say }) {
  const engine = await startEngine(size);
  const { nodes, lb } = engine;
  const plans = [];
  for (let round = 0; round < rounds; round++) {
    const answer = await request(`${lb.url}/bench?monitors=${size.monitors}&nodes=${size.nodes - 1}`);
    plans.push(answer.json.seconds * 1000);
  }
  const losses = [];
  for (const node of nodes.slice(0, Math.min(rounds, size.nodes - 1))) losses.push(await lose(engine, node));
  const result = {
    ...size,
    plan_ms: figure(plans),
    apply_s: figure(losses.map(({ apply_s }) => apply_s)),
    from_kill_s: figure(losses.map(({ seconds_from_kill }) => seconds_from_kill)),
    memory_mb: significant(memoryOf(lb.pid).pss),
  };
  say(`engine: ${size.monitors} monitors: plan ${result.plan_ms.median} ms, apply ${result.apply_s.median} s`);
  await close();
  return result;
}

/** @param {Size} size @param {Settings} settings */
async function timeRounds(size, { say }) {
  const { lb, statistics } = await startEngine(size);
  const forced = [];
  for (let round = 0; round < ROUNDS_OF_CHECKS; round++) {
    const begun = performance.now();
    await request(`${lb.url}/lb/trigger-health-check`, { method: "POST" });
    forced.push(performance.now() - begun);
  }
  const quiet = significant((await statistics()).last_round.took_ms);
  const result = { nodes: size.nodes, round_ms: figure(forced), last_round_ms: quiet };
  say(`engine: a round over ${size.nodes} nodes takes ${result.round_ms.median} ms`);
  await close();
  return result;
}

/**
 * @param {Settings & {monitors?: number[], nodes?: number[]}} settings
 */
export async function measureEngine({ monitors = [1000, 10000, 100000], nodes = [3, 50, 200], ...settings }) {
  const moves = [];
  for (const count of monitors) moves.push(await moveAll({ nodes: 50, monitors: count }, settings));
  const checks = [];
  for (const count of nodes) checks.push(await timeRounds({ nodes: count, monitors: 1000 }, settings));
  return { moves, checks };
}

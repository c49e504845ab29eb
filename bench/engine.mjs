// The engine at scale: one node dies that runs every monitor, and one that runs its share. Prints JSON: seconds from the
// kill to the last assignment, the database's own time for it, the time of a round over all nodes, memory of the workers.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startLoadBalancer } from "../local/load-balancer.mjs";
import { startMariadb } from "../local/mariadb.mjs";
import { freePort } from "../local/ports.mjs";
import { waitFor } from "../local/processes.mjs";
import { request } from "../test/support/http.mjs";
import { clusterTables, KUMA_TABLES } from "../test/support/tables.mjs";

const NODES = Number(process.env.NODES ?? 200);
const MONITORS = Number(process.env.MONITORS ?? 100000);

/** A process that answers health checks as node `id` would. @param {string} id */
async function startNode(id) {
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ status: "ok", node_id: id }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const kill = () => {
    server.close();
    server.closeAllConnections();
  };
  return { id, port, kill };
}

/** Resident memory of the processes in MiB. @param {number[]} pids */
function memory(pids) {
  const kilobytes = (/** @type {number} */ pid) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return Math.round(pids.reduce((sum, pid) => sum + kilobytes(pid), 0) / 102.4) / 10;
}

const dir = mkdtempSync(join(tmpdir(), "ke-"));
const db = await startMariadb({ dir: join(dir, "db"), port: await freePort(), password: "secret" });
const sql = (/** @type {string} */ text) => db.sql(text, db.name);
const count = async (/** @type {string} */ where) => Number(await sql(`SELECT COUNT(*) FROM monitor WHERE ${where}`));
const nodes = await Promise.all(Array.from({ length: NODES }, (_, index) => startNode(`node${index + 1}`)));
await sql(KUMA_TABLES + clusterTables());
await sql("INSERT INTO user (username) VALUES ('admin')");
const rows = nodes.map(({ id, port }) => `('${id}', '${id}', '127.0.0.1:${port}', 'online', NOW(6), NOW(6))`);
await sql(`INSERT INTO node (node_id, node_name, host, status, last_seen, status_since) VALUES ${rows.join(", ")}`);
await sql(`INSERT INTO monitor (name, user_id, type, \`interval\`, node_id)
  SELECT CONCAT('monitor ', seq), 1, 'http', 20 + 40 * (seq % 2), 'node1' FROM seq_1_to_${MONITORS}`);
await sql(`INSERT INTO heartbeat (monitor_id, status, time, duration) SELECT id, 1, NOW(), \`interval\` FROM monitor`);

const env = { NODE_OFFLINE_AFTER: "86400", MONITOR_LIMIT_PER_NODE: "1000000", LOG_LEVEL: "info" };
const port = await freePort();
const lb = await startLoadBalancer({ dir: join(dir, "lb"), port, db, workers: 2, env });
const statistics = async () => (await request(`${lb.url}/lb/health-status`)).json.statistics;
await waitFor(async () => (await statistics()).checks >= NODES, { what: "a check of every node", timeoutMs: 60000 });
await sleep(2000);
const result = { nodes: NODES, monitors: MONITORS, memory_before_mb: memory(lb.workers()) };

const operations = async (/** @type {string} */ node) =>
  (
    await sql(`SELECT TIMESTAMPDIFF(MICROSECOND, started_at, (SELECT MAX(moved_at) FROM cluster_move c WHERE c.operation = o.id))
    FROM cluster_operation o WHERE node_id = '${node}' AND type = 'failover' ORDER BY id LIMIT 1`)
  ).trim();

/** @param {number} index */
async function fail(index) {
  const node = nodes[index];
  if (node === undefined) throw new Error("no such node");
  const monitors = await count(`owner_node = '${node.id}'`);
  const begun = performance.now();
  node.kill();
  await request(`${lb.url}/lb/trigger-health-check`, { method: "POST" });
  const isMoved = async () => (await count(`owner_node = '${node.id}'`)) === 0;
  await waitFor(isMoved, { what: "the fail-over", timeoutMs: 120000, everyMs: 100 });
  const seconds = (performance.now() - begun) / 1000;
  return { monitors, seconds_from_kill: seconds, seconds_of_assigning: Number(await operations(node.id)) / 1e6 };
}

const all = await fail(0);
const memoryAfter = memory(lb.workers());
const spread = await sql(`SELECT MIN(n), MAX(n) FROM (SELECT COUNT(*) AS n FROM monitor GROUP BY owner_node) x`);
await sleep(5000);
const share = await fail(1);
await sleep(2000);
const { last_round } = await statistics();
const forced = performance.now();
await request(`${lb.url}/lb/trigger-health-check`, { method: "POST" });
const round = (performance.now() - forced) / 1000;
console.log(
  JSON.stringify(
    {
      ...result,
      ...{ all, share, monitors_per_node_after: spread.trim().split("\t").map(Number), memory_after_mb: memoryAfter },
      ...{ quiet_round_ms: last_round.took_ms, round_over_all_nodes_s: round, sentence: last_round.sentence },
    },
    undefined,
    2,
  ),
);
await lb.stop();
await db.kill();
for (const node of nodes) node.kill();
rmSync(dir, { recursive: true, force: true });

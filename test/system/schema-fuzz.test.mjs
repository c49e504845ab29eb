// A schema that is half there: any first part of the statements of sql/, columns that are missing, another collation. The
// load balancer makes what is its own, routes as soon as there are nodes, and is well once the agents have made the rest.
// FUZZ_SEED=<number> takes the same ones again, FUZZ_SCHEMAS=<number> more or fewer of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { contractOf } from "../support/openapi.mjs";
import { clusterTables } from "../support/tables.mjs";
import { startSystem } from "./harness.mjs";

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1000000000);
const SCHEMAS = Number(process.env.FUZZ_SCHEMAS ?? 4);
/** Rounds of the control plane. */
const SETTLE_MS = 3000;
const SECRET = { "X-Cluster-Secret": "s3cret" };

/** Without comments, which may have semicolons. */
const STATEMENTS = clusterTables()
  .replaceAll(/^--.*$/gm, "")
  .split(";")
  .map((text) => text.trim())
  .filter((text) => text !== "");
const TABLES = [
  ...["cluster_lease", "node", "cluster_event", "cluster_file", "cluster_pin", "cluster_operation", "cluster_move"],
  ...["probe", "probe_check", "probe_vote", "probe_result", "probe_node_vote"],
];
const COLUMNS = ["owner_node", "node_id", "assigned_node", "cluster_mtime"];
/** As somebody made it who knows the names alone. */
const FOREIGN_NODE = `CREATE TABLE node (node_id VARCHAR(50) PRIMARY KEY, node_name VARCHAR(100), host VARCHAR(255),
  status VARCHAR(20), created_date DATETIME, modified_date DATETIME) DEFAULT CHARSET = latin1 COLLATE = latin1_swedish_ci`;
const FOREIGN_MONITOR = `ALTER TABLE monitor ADD COLUMN node_id VARCHAR(50) CHARACTER SET latin1,
  ADD COLUMN assigned_node VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`;

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ nodes: 2, monitors: 6 });
  await system.lb.stop();
  await system.sql(
    "CREATE TABLE good_node AS SELECT * FROM node; CREATE TABLE good_monitor AS SELECT id, node_id FROM monitor",
  );
});
after(() => system?.close());

/** Everything that the cluster adds goes. */
async function strip() {
  await system.sql(TABLES.map((table) => `DROP TABLE IF EXISTS ${table};`).join(" "));
  // The generated column before those that it is made of.
  for (const column of COLUMNS) await system.sql(`ALTER TABLE monitor DROP COLUMN IF EXISTS ${column}`);
}

const schema = fc.record({
  foreignNode: fc.boolean(),
  foreignMonitor: fc.boolean(),
  prefix: fc.nat({ max: STATEMENTS.length }),
});

/** @param {{foreignNode: boolean, foreignMonitor: boolean, prefix: number}} half */
async function make({ foreignNode, foreignMonitor, prefix }) {
  await strip();
  if (foreignNode) await system.sql(FOREIGN_NODE);
  if (foreignMonitor) await system.sql(FOREIGN_MONITOR);
  for (const statement of STATEMENTS.slice(0, prefix)) await system.sql(statement);
  const hasNodes = (await system.sql("SHOW TABLES LIKE 'node'")).trim() !== "";
  if (hasNodes) await addNodes("node_id, node_name, host, status");
  return hasNodes;
}

/** As agents do that register. @param {string} columns */
const addNodes = (columns) => system.sql(`REPLACE INTO node (${columns}) SELECT ${columns} FROM good_node`);

/** As the agents do when they start. */
async function complete() {
  for (const statement of STATEMENTS) await system.sql(statement);
  await addNodes("node_id, node_name, host, status, is_primary, boot_id, last_seen");
  await system.sql(
    `UPDATE monitor m JOIN good_monitor g ON g.id = m.id SET m.node_id = g.node_id, m.assigned_node = NULL`,
  );
  await system.sql("UPDATE node SET last_seen = NOW(6)");
}

/** @param {string} url */
async function faults(url) {
  const contract = contractOf((await request(`${url}/lb/openapi.json`)).json);
  /** @type {string[]} */
  const found = [];
  for (const { method, path, query } of contract.operations) {
    if (method !== "GET" || query.includes("dry_run")) continue;
    const target = path.replace("{node}", "node1").replace("{id}", "1");
    const answer = await request(`${url}${target}`, { headers: SECRET });
    try {
      contract.check("GET", target, answer);
    } catch (error) {
      found.push(`GET ${target}: ${/** @type {Error} */ (error).message.slice(0, 800)}`);
    }
    if (answer.json?.error === "internal_error") found.push(`GET ${target}: ${answer.text}`);
  }
  return found;
}

/** @param {string} log */
const badLines = (log) =>
  readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => /\[(crit|alert|emerg)\]|stack traceback|attempt to |failed:/.test(line));

test("a load balancer gets along with a schema that is half there", async (t) => {
  t.diagnostic(`FUZZ_SEED=${SEED} FUZZ_SCHEMAS=${SCHEMAS}`);
  for (const [index, half] of fc.sample(schema, { numRuns: SCHEMAS, seed: SEED }).entries()) {
    const hasNodes = await make(half);
    const env = {
      CLUSTER_SECRET: "s3cret",
      CLUSTER_NODE_COUNT: "2",
      HEALTH_CHECK_INTERVAL: "2",
      ROUTING_SNAPSHOT_TTL: "1",
    };
    const place = { dir: join(system.dir, `half${index}`), port: await freePort(), db: system.db, workers: 1 };
    const lb = await startLoadBalancer({ ...place, env });
    try {
      await sleep(SETTLE_MS);
      const { status, text } = await request(`${lb.url}/page`);
      const found = [...(await faults(lb.url)), ...badLines(lb.log)];
      if (hasNodes && status !== 200) found.push(`GET /page: ${status} ${text}`);
      if (!hasNodes && status !== 503) found.push(`GET /page without nodes: ${status}`);
      await complete();
      const isWell = async () => {
        const { json } = await request(`${lb.url}/lb/health`);
        if (json.status === "ok" && json.nodes.length === 2) return true;
        throw new Error(JSON.stringify(json));
      };
      await waitFor(isWell, { what: "a good cluster", timeoutMs: 40000, everyMs: 200, log: lb.log });
      assert.equal((await request(`${lb.url}/page`)).status, 200);
      found.push(...badLines(lb.log));
      assert.deepEqual([...new Set(found)].slice(0, 10), [], `${JSON.stringify(half)}, FUZZ_SEED=${SEED}`);
    } finally {
      await lb.stop();
    }
  }
});

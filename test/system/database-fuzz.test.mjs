// Odd contents of the database: while a node is reachable no request gets a 5xx, no Lua raises, nodes whose rows are good
// go on, answers keep to their schema; and all is as before once the contents are.
// FUZZ_SEED=<number> writes the same again, FUZZ_ROUNDS=<number> more or fewer times.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { clientAddress } from "../cluster/beating-cluster.mjs";
import { contractOf } from "../support/openapi.mjs";
import { startSystem } from "./harness.mjs";
import { LOOSE_TABLES, oddStatements } from "./odd-rows.mjs";
import { MARKUP } from "./odd-requests.mjs";

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1000000000);
const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 6);
const STATEMENTS = 8;
const REQUESTS = 20;
/** The picture by which requests are routed is read once a second, the nodes are checked as often. */
const SETTLE_MS = 2200;
const SECRET = { "X-Cluster-Secret": "s3cret" };
const TABLES = [
  ...["node", "monitor", "cluster_lease", "cluster_event", "cluster_operation", "cluster_move", "probe", "probe_check"],
];

/** @type {import("./harness.mjs").System} */
let system;
/** @type {ReturnType<typeof contractOf>} */
let contract;

before(async () => {
  // Nobody answers there: names do not resolve, at once.
  const env = {
    CLUSTER_SECRET: "s3cret",
    REBALANCE_QUIET_TIME: "86400",
    DNS_RESOLVER: `127.0.0.1:${await freePort()}`,
  };
  system = await startSystem({ nodes: 3, monitors: 12, env });
  await write(LOOSE_TABLES);
  contract = contractOf((await system.get("/lb/openapi.json")).json);
  for (const table of TABLES)
    await write(`CREATE TABLE good_${table} AS SELECT ${await columnsOf(table)} FROM ${table}`);
});
after(() => system?.close());

/** As somebody whose server lets anything pass. @param {string} statements */
const write = (statements) => system.sql(`SET sql_mode = ''; ${statements}`);

/** The columns that can be written, those that are INVISIBLE too. @param {string} table */
async function columnsOf(table) {
  return (
    await system.sql(`SELECT GROUP_CONCAT('\`', COLUMN_NAME, '\`') FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' AND GENERATION_EXPRESSION IS NULL`)
  ).trim();
}

async function mend() {
  for (const table of TABLES) {
    const columns = await columnsOf(table);
    await write(`DELETE FROM ${table}; INSERT INTO ${table} (${columns}) SELECT ${columns} FROM good_${table}`);
  }
  await write("UPDATE node SET last_seen = NOW(6)");
}

/** Lines of Lua that raised, or of nginx in trouble, since a byte of the log. @param {number} from */
function badLines(from) {
  const lines = readFileSync(system.lb.log).subarray(from).toString().split("\n");
  return lines.filter((line) => /\[(crit|alert|emerg)\]|stack traceback|runtime error|attempt to |failed:/.test(line));
}

/** What is wrong with the answers now. */
async function faults() {
  /** @type {string[]} */
  const found = [];
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, (_, client) =>
      system.get("/page", { keepAlive: false, from: clientAddress(client) }),
    ),
  );
  for (const { status, error, text } of answers)
    if (status !== 200) found.push(`GET /page: ${error ?? `${status} ${text.slice(0, 200)}`}`);
  const gets = contract.operations.filter(({ method, query }) => method === "GET" && !query.includes("dry_run"));
  for (const { path } of gets) {
    for (const target of await targetsOf(path)) {
      const answer = await system.get(target, { headers: SECRET });
      if (answer.status >= 500 || answer.status === 0)
        found.push(`GET ${target}: ${answer.status} ${answer.error ?? answer.text.slice(0, 300)}`);
      if (/^text\/html/.test(String(answer.headers["content-type"])) && answer.text.includes(MARKUP))
        found.push(`GET ${target}: markup`);
      if ("x-odd" in answer.headers) found.push(`GET ${target}: a header of somebody's own`);
      try {
        contract.check("GET", path.replaceAll(/\{\w+\}/g, "x"), answer);
      } catch (error) {
        found.push(`GET ${target}: ${/** @type {Error} */ (error).message.slice(0, 1500)}`);
      }
    }
  }
  for (const name of ["trigger-rebalancing", "force-rebalance-all", "update-loads"]) {
    const { status, text } = await system.post(`/lb/${name}?dry_run=1`, { headers: SECRET });
    if (status >= 500) found.push(`POST /lb/${name}: ${status} ${text.slice(0, 300)}`);
  }
  return found;
}

/** @param {string} path */
async function targetsOf(path) {
  if (!path.includes("{")) return [path];
  if (path.includes("{node}")) {
    // What has a slash, or is a dot, is no part of a path.
    const ids = (await system.sql("SELECT HEX(node_id) FROM node WHERE node_id NOT REGEXP '/|^[.]*$'"))
      .trim()
      .split("\n");
    return ids.map((hex) => path.replace("{node}", hex.replaceAll(/../g, "%$&")));
  }
  return ["1", "7", "13"].map((id) => path.replace(/\{\w+\}/, id));
}

async function untilGood() {
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
  const isGood = async () => {
    const { json } = await system.get("/lb/health");
    if (json.status === "ok" && json.nodes.length === 3) return true;
    throw new Error(JSON.stringify(json));
  };
  await waitFor(isGood, { what: "a good cluster", timeoutMs: 20000, everyMs: 100 });
}

test("odd contents of the database disturb nobody else", async (t) => {
  t.diagnostic(`FUZZ_SEED=${SEED} FUZZ_ROUNDS=${ROUNDS}`);
  const workers = system.lb.workers();
  for (let round = 0; round < ROUNDS; round++) {
    const from = statSync(system.lb.log).size;
    const statements = oddStatements(STATEMENTS, SEED + round);
    for (const statement of statements)
      await write(statement).catch((error) => t.diagnostic(`${statement}: ${error.stderr}`));
    await sleep(SETTLE_MS);
    const found = [...(await faults()), ...badLines(from)];
    const online = await system.sql(
      "SELECT node_id FROM node WHERE status = 'online' AND node_id IN ('node1', 'node2')",
    );
    if (online.trim() !== "node1\nnode2") found.push(`of node1 and node2 are online: ${online}`);
    assert.deepEqual(
      found.slice(0, 10),
      [],
      `FUZZ_SEED=${SEED}, round ${round}, ${found.length} faults:\n${statements.join(";\n")}`,
    );
    await mend();
    await untilGood();
  }
  assert.deepEqual(system.lb.workers(), workers, "a worker has died");
});

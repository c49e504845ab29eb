import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startMariadb } from "../../local/mariadb.mjs";
import { join } from "node:path";
import { parse } from "../support/exposition.mjs";
import { startLoad } from "../support/http.mjs";
import { startSystem } from "./harness.mjs";

const OUTAGE_MS = 15000;
const DB_TIMEOUT_MS = 1000;

/** @type {import("./harness.mjs").System} */
let system;
/** @type {import("../../local/mariadb.mjs").Mariadb | undefined} */
let revived;

before(async () => {
  system = await startSystem({ monitors: 9, env: { DB_TIMEOUT: String(DB_TIMEOUT_MS) } });
});
after(async () => {
  await revived?.kill();
  await system?.close();
});

async function connectErrors() {
  const { values } = parse((await system.get("/lb/metrics")).text);
  return values.get('kuma_cluster_database_errors_total{kind="connect"}') ?? 0;
}

test("who asks for everything while MariaDB hangs does not wait for it", async () => {
  const { db } = system;
  process.kill(db.pid, "SIGSTOP");
  try {
    const isNoticed = async () => (await system.get("/lb/health")).json.database.status === "unreachable";
    for (let tries = 0; !(await isNoticed()); tries += 1) {
      assert.ok(tries < 100, "the load balancer does not notice");
      await sleep(100);
    }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => system.get("/lb/system-status", { keepAlive: false, timeoutMs: DB_TIMEOUT_MS })),
    );
    for (const { status, json } of answers) {
      assert.equal(status, 200);
      assert.equal(json.cluster.nodes.length, 3);
      assert.deepEqual([json.leader, json.rebalancing], [undefined, undefined]);
      assert.match(json.health.failover_history_error, /database/);
      assert.match(json.fault_detection.operations_error, /database/);
    }
    // Whose monitor it is nobody can say now: any node takes it.
    const pushes = Array.from({ length: 8 }, (_, index) =>
      system.get(`/api/push/token${index}?status=up`, { keepAlive: false, timeoutMs: DB_TIMEOUT_MS / 2 }),
    );
    for (const { status, error } of await Promise.all(pushes)) assert.equal(status, 200, error);
    // Nor does anybody wait to hear who else there is when a node dies meanwhile.
    await system.nodes[2].kill();
    const paths = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? "/page" : "/lb/node-status"));
    const after = paths.map((path) => system.get(path, { keepAlive: false, timeoutMs: DB_TIMEOUT_MS / 2 }));
    for (const { status, error } of await Promise.all(after)) assert.equal(status, 200, error);
  } finally {
    process.kill(db.pid, "SIGCONT");
  }
  await system.nodes[2].start();
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
});

test("requests are routed without a failure while MariaDB is away, and all is well afterwards", async (t) => {
  const { db } = system;
  const errors = await connectErrors();
  const load = startLoad(`${system.url}/`);
  await sleep(1000);
  await db.stop();
  await sleep(OUTAGE_MS / 2);
  const health = await system.get("/lb/health");
  assert.ok([200, 503].includes(health.status));
  assert.notEqual(health.json.database, "ok");
  assert.equal((await system.get("/lb/ping")).status, 200);
  assert.equal((await system.get("/lb/readyz")).status, 200);
  await sleep(OUTAGE_MS / 2);
  revived = await startMariadb({ dir: join(system.dir, "db"), port: db.port, password: db.password });
  await sleep(4000);
  const { failures, total, slowestMs } = await load.stop();
  t.diagnostic(`${total} requests, the slowest took ${Math.round(slowestMs)} ms`);
  assert.deepEqual(failures, []);
  assert.ok(slowestMs < 3000, `a request waited ${Math.round(slowestMs)} ms`);
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" }, 15000);
  // The control plane and each worker look about twice a second, and no request does.
  const tries = (await connectErrors()) - errors;
  assert.ok(tries < 20 * (OUTAGE_MS / 1000), `${tries} connections were tried while MariaDB was away`);
  assert.equal((await system.sql("SELECT COUNT(*) FROM monitor WHERE assigned_node IS NOT NULL")).trim(), "0");
});

test("after the outage a dead node is found as before", async () => {
  await system.nodes[2]?.kill();
  await system.untilStatus({ node1: "online", node2: "online", node3: "offline" });
});

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "./harness.mjs";

/** @typedef {import("./harness.mjs").System} System */

/** @type {System | undefined} */
let system;
afterEach(async () => {
  await system?.close();
  system = undefined;
});

/** @param {Parameters<typeof startSystem>[0]} options */
async function start(options) {
  const started = await startSystem(options);
  system = started;
  return started;
}

/** @param {System} lb */
async function statistics(lb) {
  return (await lb.get("/lb/health-status")).json.statistics;
}

/** @param {System} lb @param {string} node @param {number} wanted @param {number} [timeoutMs] */
async function untilOwns(lb, node, wanted, timeoutMs = 20000) {
  const count = async () => Number(await lb.sql(`SELECT COUNT(*) FROM monitor WHERE owner_node = '${node}'`));
  await waitFor(async () => (await count()) === wanted, {
    what: `${wanted} monitors of ${node}`,
    timeoutMs,
    everyMs: 100,
  });
}

test("a node that gives a very long reason goes offline like any other", async () => {
  const lb = await start({ monitors: 9 });
  await lb.nodes[1]?.behave({ health: "503 " + "x\u00e4".repeat(600) });
  await untilOwns(lb, "node2", 0);
  await lb.untilStatus({ node1: "online", node2: "offline", node3: "online" });
});

test("one worker that is told to end leaves the load balancer in the lead", async () => {
  const lb = await start({ monitors: 9 });
  const [first] = lb.lb.workers();
  process.kill(Number(first), "SIGQUIT");
  await sleep(7000);
  await waitFor(async () => (await statistics(lb)).leader.is_leader, { what: "a leader", timeoutMs: 20000 });
  await lb.nodes[2]?.kill();
  await untilOwns(lb, "node3", 0);
});

test("a reload makes the tables that are missing", async () => {
  const lb = await start({ monitors: 9 });
  await lb.sql("DROP TABLE cluster_move, cluster_operation");
  await lb.lb.reload();
  await sleep(2000);
  await lb.nodes[2]?.kill();
  await untilOwns(lb, "node3", 0);
});

test("workers killed in the middle of a round hold up the next one for seconds only", async () => {
  const lb = await start({ monitors: 9, env: { HEALTH_CHECK_TIMEOUT: "5000" } });
  await lb.nodes[1]?.behave({ health: "hang" });
  lb.get("/lb/trigger-health-check", { method: "POST" }).catch(() => undefined);
  await sleep(700);
  for (const pid of lb.lb.workers()) process.kill(pid, "SIGKILL");
  await lb.nodes[2]?.kill();
  await lb.nodes[1]?.behave({ health: "ok" });
  await untilOwns(lb, "node3", 0);
});

test("a database whose clock jumps takes no node down that answers", async () => {
  const lb = await start({ monitors: 9, env: { NODE_OFFLINE_AFTER: "5" } });
  await sleep(6000);
  const old = "SELECT COUNT(*) FROM node WHERE last_seen < NOW(6) - INTERVAL 5 MINUTE";
  for (let jump = 0; jump < 5; jump++) {
    await lb.sql("UPDATE node SET last_seen = NOW(6) - INTERVAL 10 MINUTE");
    await waitFor(async () => (await lb.sql(old)).trim() === "0", { what: "heartbeats after the jump", everyMs: 50 });
    // A round sees the new time before it jumps again, and that is long before the next heartbeats: they come every 2 s.
    await sleep(2200);
  }
  assert.equal((await lb.sql("SELECT COUNT(*) FROM node WHERE status = 'online'")).trim(), "3");
  assert.equal((await lb.sql("SELECT COUNT(*) FROM cluster_move")).trim(), "0");
  // Nor is a single check held against any.
  assert.doesNotMatch((await lb.get("/lb/health-status")).text, /its own heartbeat/);
});

test("a monitor that is checked once a day holds up no recovery; a home where none beats gets no more", async () => {
  const lb = await start({ monitors: 18, env: { REBALANCE_BATCH: "2", FAILOVER_CHECK_INTERVAL: "3" } });
  await lb.sql("UPDATE monitor SET `interval` = 1, retry_interval = 1");
  const beat = (/** @type {string} */ where) =>
    lb.sql(
      `INSERT INTO heartbeat (monitor_id, status, time, duration) SELECT id, 1, NOW(), 1 FROM monitor WHERE ${where}`,
    );
  await beat("1");
  await lb.nodes[1]?.kill();
  await untilOwns(lb, "node2", 0);
  await sleep(1500);
  await beat("1");
  await lb.nodes[1]?.start();
  await untilOwns(lb, "node2", 2);
  // Those two never beat at home: they are taken away again, and no other two are sent.
  await waitFor(async () => (await statistics(lb)).corrections >= 2, {
    what: "corrections",
    timeoutMs: 30000,
    everyMs: 200,
  });
  await sleep(6000);
  assert.equal(Number(await lb.sql("SELECT COUNT(*) FROM monitor WHERE owner_node = 'node2'")), 0);
  const sent = await lb.sql(`SELECT COUNT(DISTINCT c.monitor_id) FROM cluster_move c JOIN cluster_operation o
    ON o.id = c.operation WHERE o.type = 'recovery'`);
  assert.equal(sent.trim(), "2");
});

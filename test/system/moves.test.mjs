import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ monitors: 12, env: { REBALANCE_BATCH: "2" } });
  await system.sql("UPDATE monitor SET `interval` = 1, retry_interval = 1");
});
after(() => system?.close());

/** Rows of a query as arrays of texts. @param {string} text */
async function rows(text) {
  const lines = (await system.sql(text)).trim();
  return lines === "" ? [] : lines.split("\n").map((line) => line.split("\t"));
}

/** @param {string} node */
async function runBy(node) {
  return (await rows(`SELECT id FROM monitor WHERE owner_node = '${node}' ORDER BY id`)).map(([id]) => Number(id));
}

/** What the nodes would store: a beat of each of the monitors. @param {number[]} ids */
async function beat(ids) {
  if (ids.length === 0) return;
  const values = ids.map((id) => `(${id}, 1, NOW(), 1)`);
  await system.sql(`INSERT INTO heartbeat (monitor_id, status, time, duration) VALUES ${values.join(", ")}`);
}

/** @param {() => Promise<unknown>} check @param {string} what @param {number} [timeoutMs] */
async function until(check, what, timeoutMs = 30000) {
  await waitFor(async () => Boolean(await check()), { what, timeoutMs, everyMs: 100 });
}

/** @param {string} id @returns {Promise<string[][]>} the latest first: state, from, to, type */
function movesOf(id) {
  return rows(`SELECT c.state, c.from_node, c.to_node, o.type FROM cluster_move c JOIN cluster_operation o
    ON o.id = c.operation WHERE c.monitor_id = ${id} ORDER BY c.id DESC`);
}

/** @param {string} type */
async function operationsOf(type) {
  return rows(
    `SELECT id, status, moved, (SELECT COUNT(*) FROM cluster_move c WHERE c.operation = o.id AND c.state = 'late'), gap_ms FROM cluster_operation o WHERE type = '${type}' ORDER BY id`,
  );
}

/** @type {number[]} */
let lost = [];
/** @type {number} */
let mute;

test("a moved monitor is awaited until it beats, and the operation ends with the longest gap", async () => {
  lost = await runBy("node2");
  assert.equal(lost.length, 4);
  await beat(lost);
  await system.nodes[1]?.kill();
  await until(async () => (await runBy("node2")).length === 0, "the fail-over");
  const [operation] = await operationsOf("failover");
  assert.deepEqual(operation?.slice(1, 3), ["running", "4"]);
  mute = Number(lost[3]);
  await sleep(2000);
  await beat(lost.slice(0, 3));
  for (const id of lost.slice(0, 3))
    await until(async () => (await movesOf(`${id}`))[0]?.[0] === "beating", `beat ${id}`);
  assert.equal((await movesOf(`${mute}`))[0]?.[0], "waiting");
});

test("one that does not beat is moved once more, and then let be", async () => {
  await until(async () => (await movesOf(`${mute}`)).length === 2, "the correction");
  const [correction, first] = await movesOf(`${mute}`);
  assert.deepEqual([correction?.[0], correction?.[3]], ["waiting", "correction"]);
  assert.deepEqual([first?.[0], first?.[3]], ["late", "failover"]);
  assert.deepEqual(correction?.[1], first?.[2]);
  assert.notEqual(correction?.[2], first?.[2]);
  assert.notEqual(correction?.[2], "node2");
  await until(async () => (await movesOf(`${mute}`))[0]?.[0] === "late", "the end of its patience");
  await until(async () => (await operationsOf("correction"))[0]?.[1] === "done", "the correction's end");
  await sleep(2000);
  assert.equal((await movesOf(`${mute}`)).length, 2);
  const [failover] = await operationsOf("failover");
  assert.deepEqual([failover?.[1], failover?.[2], failover?.[3]], ["done", "4", "1"]);
  const gap = Number(failover?.[4]);
  assert.ok(gap >= 2000 && gap < 30000, `${gap} ms`);
});

test("monitors go home in batches, each when the one before beats; moved by hand or mute they stay", async () => {
  const [hand, ...others] = lost.slice(0, 3);
  const at = async (/** @type {number | undefined} */ id) =>
    (await rows(`SELECT owner_node FROM monitor WHERE id = ${id}`))[0]?.[0];
  const elsewhere = (await at(hand)) === "node1" ? "node3" : "node1";
  await system.sql(`UPDATE monitor SET assigned_node = '${elsewhere}' WHERE id = ${hand}`);
  // Two more of node2's own, so that there are two batches.
  await system.sql(`UPDATE monitor SET node_id = 'node2', assigned_node = owner_node
    WHERE node_id = 'node1' AND assigned_node IS NULL ORDER BY id LIMIT 2`);
  const more = (
    await rows("SELECT id FROM monitor WHERE node_id = 'node2' AND assigned_node = 'node1' ORDER BY id DESC")
  )
    .map(([id]) => Number(id))
    .filter((id) => !lost.includes(id));
  await system.sql(`INSERT INTO cluster_move (operation, monitor_id, from_node, to_node, epoch, seconds, state)
    SELECT 1, id, 'node2', 'node1', 1, 1, 'beating' FROM monitor WHERE id IN (${more.join(",")})`);
  await beat([...others, ...more]);
  await system.nodes[1]?.start();
  await system.untilStatus({ node2: "online" });
  await until(async () => (await runBy("node2")).length === 2, "the first batch");
  await sleep(2500);
  const first = await runBy("node2");
  assert.equal(first.length, 2);
  await beat(first);
  await until(async () => (await runBy("node2")).length === 4, "the second batch");
  await beat(await runBy("node2"));
  await until(async () => (await operationsOf("recovery"))[0]?.[1] === "done", "the recovery's end");
  assert.deepEqual(
    await runBy("node2"),
    [...others, ...more].sort((a, b) => a - b),
  );
  assert.equal(await at(hand), elsewhere);
  assert.notEqual(await at(mute), "node2");
  assert.equal((await operationsOf("recovery")).length, 1);
});

test("a check of two nodes and missed ones are counted", async () => {
  const statistics = async () => (await system.get("/lb/health-status")).json.statistics;
  // The beats of the other tests are counted by then.
  await sleep(4000);
  const before = await statistics();
  const [id] = await runBy("node2");
  await system.sql(`UPDATE monitor SET type = 'http', \`interval\` = 20, retry_interval = 20 WHERE id = ${id}`);
  for (const seconds of [70, 10, 9]) {
    await system.sql(
      `INSERT INTO heartbeat (monitor_id, status, time) VALUES (${id}, 1, NOW() + INTERVAL ${200 - seconds} SECOND)`,
    );
  }
  await until(async () => (await statistics()).duplicate_checks > before.duplicate_checks, "the scan");
  const counted = await statistics();
  assert.equal(counted.duplicate_checks - before.duplicate_checks, 1);
  assert.ok(counted.missed_checks - before.missed_checks >= 2);
});

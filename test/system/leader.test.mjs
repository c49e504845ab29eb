import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { startSystem } from "./harness.mjs";

/** @typedef {Awaited<ReturnType<typeof startLoadBalancer>>} LoadBalancer */

/** @type {import("./harness.mjs").System} */
let system;
/** @type {LoadBalancer} */
let second;

const QUICK = { HEALTH_CHECK_INTERVAL: "2", HEALTH_CHECK_TIMEOUT: "1000", ROUTING_SNAPSHOT_TTL: "1" };

/** @param {string} name */
async function startSecond(name) {
  const env = { ...QUICK, UPTIME_KUMA_NODE_ID: name };
  return startLoadBalancer({ dir: join(system.dir, name), port: await freePort(), db: system.db, workers: 2, env });
}

before(async () => {
  system = await startSystem({ monitors: 30, env: { UPTIME_KUMA_NODE_ID: "lb1" } });
  second = await startSecond("lb2");
});
after(async () => {
  await second?.stop();
  await system?.close();
});

/** @param {{url: string}} lb */
async function statistics(lb) {
  return (await request(`${lb.url}/lb/health-status`)).json.statistics;
}

/** @param {{url: string}} lb @param {RegExp} sentence */
function untilSays(lb, sentence) {
  const check = async () => sentence.test((await statistics(lb)).last_round.sentence);
  return waitFor(check, { what: `${sentence}`, timeoutMs: 10000, everyMs: 50 });
}

/** @param {{url: string}} lb @param {boolean} leads */
function untilLeads(lb, leads, timeoutMs = 30000) {
  const check = async () => {
    const { leader, last_round } = await statistics(lb);
    if (leader.is_leader === leads) return true;
    throw new Error(last_round.sentence);
  };
  return waitFor(check, { what: `a load balancer that ${leads ? "leads" : "stands by"}`, timeoutMs, everyMs: 50 });
}

test("one of two load balancers leads; the other says which, and routes as well", async () => {
  await untilLeads(system.lb, true);
  await untilSays(second, /^standby: lb1 leads in epoch 1/);
  assert.equal((await request(`${second.url}/`)).status, 200);
  assert.equal((await statistics(second)).leader.is_leader, false);
});

test("a reload keeps the lease and its epoch", async () => {
  const old = system.lb.workers();
  await system.lb.reload();
  const isReplaced = async () => system.lb.workers().every((pid) => !old.includes(pid));
  await waitFor(isReplaced, { what: "the old workers' end", timeoutMs: 30000 });
  await untilLeads(system.lb, true);
  assert.equal((await statistics(system.lb)).leader.epoch, 1);
});

test("a load balancer that ends orderly gives the lease back at once", async (t) => {
  const started = performance.now();
  await system.lb.quit();
  await untilLeads(second, true, 8000);
  t.diagnostic(`${((performance.now() - started) / 1000).toFixed(1)} s until the other one led`);
  assert.equal((await statistics(second)).leader.epoch, 2);
});

test("one that is killed is followed when its lease has not moved for twenty looks, and the nodes are looked after", async () => {
  const third = await startSecond("lb3");
  try {
    await waitFor(async () => (await statistics(third)).rounds > 3, { what: "rounds", timeoutMs: 10000 });
    second.kill();
    await system.nodes[1]?.kill();
    await untilLeads(third, true);
    assert.equal((await statistics(third)).leader.epoch, 3);
    const orphans = async () => Number(await system.sql("SELECT COUNT(*) FROM monitor WHERE owner_node = 'node2'"));
    await waitFor(async () => (await orphans()) === 0, { what: "the fail-over", timeoutMs: 20000 });
    const epochs = await system.sql("SELECT DISTINCT epoch FROM cluster_move");
    assert.equal(epochs.trim(), "3");
  } finally {
    await third.stop();
  }
});

test("a database whose clock jumps takes the lease from nobody", async () => {
  second = await startSecond("lb4");
  await untilLeads(second, true);
  const standby = await startSecond("lb5");
  try {
    await untilSays(standby, /^standby: lb4/);
    const { epoch } = (await statistics(second)).leader;
    await system.sql("UPDATE cluster_lease SET renewed_at = NOW(6) - INTERVAL 1 DAY WHERE name = 'leader'");
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.deepEqual(
      [(await statistics(second)).leader.epoch, (await statistics(second)).leader.is_leader],
      [epoch, true],
    );
  } finally {
    await standby.stop();
  }
});

// What an operator does on a cluster that beats: nothing of it may cost a check or make one twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { startBeatingCluster } from "./beating-cluster.mjs";
import { rhythm, storedBeats } from "./beats.mjs";
import { INTERVAL_S } from "./kuma-client.mjs";

const EVEN = { node1: 4, node2: 4, node3: 4 };

/** @type {import("./beating-cluster.mjs").BeatingCluster} */
let site;

before(async () => {
  site = await startBeatingCluster({ count: 12, lbEnv: { REBALANCE_BATCH: "4" } });
  await site.cluster.untilShares(EVEN, 10000);
});
after(() => site?.close());

/** @param {string} path */
const post = (path) => request(`${site.cluster.url}${path}`, { method: "POST" });

async function untilIdle() {
  const check = async () => {
    const { operations } = (await request(`${site.cluster.url}/lb/fault-detection-status`)).json;
    return operations.length === 0;
  };
  await waitFor(check, { what: "the end of all operations", timeoutMs: 120000, everyMs: 500 });
}

/** @param {{diagnostic: (text: string) => void}} t */
async function assertNothingLost(t) {
  const { shortest, longest, duplicates } = rhythm(await storedBeats(site.cluster));
  t.diagnostic(`beats ${shortest} to ${longest} s apart`);
  assert.equal(duplicates, 0);
  assert.ok(longest <= INTERVAL_S + 10, `${longest} s without a check`);
}

test("a drain and its end cost no check and make none twice", async (t) => {
  assert.equal((await post("/lb/nodes/node2/drain")).status, 202);
  await site.cluster.untilShares({ node1: 6, node3: 6 }, 60000);
  await untilIdle();
  assert.equal((await post("/lb/nodes/node2/ready")).status, 202);
  await site.cluster.untilShares(EVEN, 60000);
  await untilIdle();
  await assertNothingLost(t);
});

test("a rebalancing costs no check and makes none twice", async (t) => {
  const { cluster } = site;
  await cluster.sql("UPDATE monitor SET node_id = 'node1', assigned_node = NULL");
  await cluster.untilShares({ node1: 12 }, 10000);
  const { id } = (await post("/lb/trigger-rebalancing")).json;
  await cluster.untilShares(EVEN, 120000);
  await untilIdle();
  const { history } = (await request(`${cluster.url}/lb/rebalancing-status`)).json;
  assert.equal(history[0].id, id);
  assert.equal(history[0].moved, 8);
  assert.equal(history[0].late, 0);
  t.diagnostic(`longest time between two beats of a moved monitor: ${history[0].gap_ms} ms`);
  await assertNothingLost(t);
});

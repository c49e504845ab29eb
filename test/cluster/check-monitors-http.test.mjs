import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { makeKey } from "../agent/support/api.mjs";
import { setUp } from "../agent/support/browser.mjs";
import { startTarget } from "../agent/support/target.mjs";
import { readHttpFile, runHttpFile, surprises } from "../support/http-file.mjs";
import { contractOf } from "../support/openapi.mjs";
import { startTestCluster } from "./cluster.mjs";

/** Routes that check-monitors.http has no use for: the load balancer hides them, see its last request. */
const HIDDEN = ["GET /api/v1/watch", "POST /api/v1/reconcile-monitors"];

/** @type {import("./cluster.mjs").TestCluster} */
let cluster;
/** @type {Awaited<ReturnType<typeof startTarget>>} */
let target;
let key = "";

before(async () => {
  target = await startTarget();
  cluster = await startTestCluster();
  await setUp(cluster);
  key = await makeKey(cluster);
  await waitFor(isSpread, { what: "the end of the set-up mode in each worker", timeoutMs: 20000 });
});
after(async () => {
  await target?.close();
  await cluster?.close();
});

/** A pinned client gets its node, at any worker: before the set-up everybody gets the primary. */
async function isSpread() {
  const pinned = { headers: { Cookie: "KUMA_FIXED_NODE=node3" }, keepAlive: false };
  const answers = await Promise.all(Array.from({ length: 20 }, () => cluster.get("/api/v1/ready", pinned)));
  return answers.every(({ headers }) => headers["x-routed-to"] === "uptime-kuma-node3");
}

test("every request of check-monitors.http is answered as the file says, and none is missing", async () => {
  const file = readHttpFile("check-monitors.http");
  const outcomes = await runHttpFile(file, { host: cluster.url, key, target: `${target.url}/checked` });
  assert.deepEqual(surprises(outcomes), []);
  assert.ok(target.times("/checked").length > 0, "the monitor was never checked");
  const { operations } = contractOf((await cluster.get("/api/v1/openapi.json")).json);
  const paths = outcomes.map(({ method, url }) => ({ method, path: new URL(url).pathname }));
  const missing = operations.filter(
    (operation) => !paths.some(({ method, path }) => method === operation.method && operation.pattern.test(path)),
  );
  assert.deepEqual(
    missing.map(({ name }) => name).filter((name) => !HIDDEN.includes(name)),
    [],
  );
});

test("its requests do not depend on the node that takes them", async () => {
  const file = readHttpFile("check-monitors.http");
  const nodes = Object.fromEntries(
    await Promise.all(
      ["node1", "node2", "node3"].map(async (node) => {
        const pinned = file.requests.map((one) => ({
          ...one,
          headers: { ...one.headers, Cookie: `KUMA_FIXED_NODE=${node}` },
        }));
        const outcomes = await runHttpFile({ ...file, requests: pinned }, { host: cluster.url, key, node });
        const served = outcomes.flatMap(({ answer }) => answer.headers["x-routed-to"] ?? []);
        assert.deepEqual([...new Set(served)], [`uptime-kuma-${node}`]);
        return [node, surprises(outcomes)];
      }),
    ),
  );
  assert.deepEqual(nodes, { node1: [], node2: [], node3: [] });
});

// A load balancer beside the one that leads hears from the database alone who is online.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;
/** @type {Awaited<ReturnType<typeof startLoadBalancer>>} */
let other;

before(async () => {
  system = await startSystem({ nodes: 2, env: { UPTIME_KUMA_NODE_ID: "lb1" } });
  // Of its own accord it looks once a minute.
  const env = { UPTIME_KUMA_NODE_ID: "lb2", CLUSTER_NODE_COUNT: "2", ROUTING_SNAPSHOT_TTL: "60" };
  other = await startLoadBalancer({ dir: `${system.dir}/lb2`, port: await freePort(), db: system.db, workers: 2, env });
});
after(async () => {
  await other?.stop();
  await system?.close();
});

/** What the other one knows. @param {Record<string, string>} wanted */
async function untilKnown(wanted) {
  const check = async () => {
    const { nodes } = (await request(`${other.url}/lb/health`)).json;
    const found = Object.fromEntries(nodes.map((/** @type {any} */ { node_id, status }) => [node_id, status]));
    assert.deepEqual(found, wanted);
    return true;
  };
  await waitFor(check, { what: JSON.stringify(wanted), timeoutMs: 10000, everyMs: 100 });
}

test("a node that came online a moment ago takes the requests of one that dies", async () => {
  const [first, second] = system.nodes;
  await first.kill();
  await system.untilStatus({ node1: "offline", node2: "online" });
  await request(`${other.url}/lb/update-loads`, { method: "POST" });
  await untilKnown({ node1: "offline", node2: "online" });
  await first.start();
  await system.untilStatus({ node1: "online", node2: "online" });
  await untilKnown({ node1: "offline", node2: "online" });
  await second.kill();
  const isNoticed = async () => {
    const { nodes } = (await request(`${other.url}/lb/node-status`)).json;
    return nodes.some((/** @type {any} */ { node_id, watch }) => node_id === "node2" && watch.state === "lost");
  };
  await waitFor(isNoticed, { what: "the end of the connection to the node", everyMs: 10 });
  // Several at once, of which one reads the database.
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => request(`${other.url}/page`, { keepAlive: false })),
  );
  for (const { status, headers, text } of answers) {
    assert.equal(status, 200, text);
    assert.equal(headers["x-routed-to"], "uptime-kuma-node1");
  }
});

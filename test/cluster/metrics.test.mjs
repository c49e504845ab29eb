// What Prometheus gets of a whole cluster by deploy/monitoring/prometheus.yml: the monitors of all nodes in one scrape
// through the load balancer, and the load balancer's own metrics, which must tell the same of where they run.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { waitFor } from "../../local/processes.mjs";
import { USER } from "../agent/support/cluster.mjs";
import { parse } from "../support/exposition.mjs";
import { startBeatingCluster } from "./beating-cluster.mjs";

const NODES = ["node1", "node2", "node3"];
const AUTHORIZATION = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString("base64")}`;

/** @type {import("./beating-cluster.mjs").BeatingCluster} */
let site;

before(async () => {
  site = await startBeatingCluster({ count: 6 });
  await site.cluster.untilShares({ node1: 2, node2: 2, node3: 2 }, 10000);
  // The picture that the load balancer goes by is two seconds old at most: it may be one from before the set-up.
  const isKnown = async () => {
    const { nodes } = (await site.cluster.get("/lb/capacity")).json;
    return nodes.every((/** @type {{current_count: number}} */ { current_count }) => current_count === 2);
  };
  await waitFor(isKnown, { what: "a picture with all monitors", timeoutMs: 10000 });
});
after(() => site?.close());

/** Uptime Kuma's metrics by way of the load balancer, as that node or whichever gives them. @param {string} [node] */
async function scrapeKuma(node) {
  /** @type {Record<string, string>} */
  const pinned = node === undefined ? {} : { Cookie: `KUMA_FIXED_NODE=${node}` };
  const { status, text, headers } = await site.cluster.get("/metrics", {
    headers: { Authorization: AUTHORIZATION, ...pinned },
  });
  assert.equal(status, 200);
  if (node !== undefined) assert.equal(headers["x-routed-to"], `uptime-kuma-${node}`);
  return text;
}

/** The names of the monitors that have a status, one for each series. @param {string} text */
const shown = (text) =>
  [...text.matchAll(/^monitor_status\{.*?monitor_name="([^"]*)"/gm)].map(([, name]) => name).sort();

const count = () => site.monitors.length;

test("one scrape through the load balancer has each monitor of all nodes once, whichever node gives it", async () => {
  for (const node of [undefined, ...NODES]) {
    const text = await scrapeKuma(node);
    const found = shown(text);
    assert.equal(found.length, count(), text.match(/^monitor_status.*$/gm)?.join("\n"));
    assert.equal(new Set(found).size, count());
    if (node === undefined) continue;
    for (const other of NODES.filter((one) => one !== node))
      assert.match(text, new RegExp(`^kuma_cluster_scrape_peer_up\\{node="${other}"\\} 1$`, "m"));
  }
});

test("the load balancer's metrics tell where they run, and count the scrapes", async () => {
  const { values } = parse((await site.cluster.get("/lb/metrics")).text);
  for (const node of NODES) {
    assert.equal(values.get(`kuma_cluster_node_monitors_active{node="${node}"}`), 2);
    assert.equal(values.get(`kuma_cluster_node_status{node="${node}",status="online"}`), 1);
  }
  assert.ok((values.get('kuma_cluster_requests_total{node="node2",result="2xx"}') ?? 0) >= 1);
});

test("after a fail-over the scrape has all of them again, and the metrics tell of it", async () => {
  await site.cluster.kill("node2");
  await site.cluster.untilShares({ node1: 3, node3: 3 }, 60000);
  const complete = async () => {
    const found = shown(await scrapeKuma());
    return found.length === count() && new Set(found).size === count();
  };
  await waitFor(complete, { what: "a scrape with all monitors", timeoutMs: 60000, everyMs: 500 });
  const { values } = parse((await site.cluster.get("/lb/metrics")).text);
  assert.equal(values.get('kuma_cluster_nodes{status="offline"}'), 1);
  assert.equal(values.get('kuma_cluster_node_status{node="node2",status="offline"}'), 1);
  assert.equal(values.get("kuma_cluster_failovers_total"), 1);
  assert.equal(values.get("kuma_cluster_monitors_moved_total"), 2);
  assert.equal(values.get("kuma_cluster_node_falls_total"), 1);
});

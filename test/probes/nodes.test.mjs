// Probes and the cluster's own nodes: a node that only the load balancer does not reach is not dead. Of two probes one
// reaches node2, by a way of its own; the other never does.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { startToxicProxy } from "../chaos/toxic-proxy.mjs";
import { startFakeDns } from "../lua/support/fake-dns.mjs";
import { startSystem } from "../system/harness.mjs";
import { sharesOf, untilShares } from "../system/shares.mjs";
import { startProbe } from "./harness.mjs";

const SECRET = "s3cret";
const PRIVATE = { headers: { "X-Cluster-Secret": SECRET } };
const HOME = { node1: 10, node2: 10, node3: 10 };

/** @type {import("../system/harness.mjs").System} */
let system;
/** @type {import("../chaos/toxic-proxy.mjs").ToxicProxy} the load balancer's way to node2 */
let way;
/** The load balancer's name server. */
let dns = "";
/** @type {(() => unknown)[]} */
const closers = [];

before(async () => {
  dns = await nameServer("127.0.0.1");
  system = await startSystem({ monitors: 30, env: { CLUSTER_SECRET: SECRET, DNS_RESOLVER: dns } });
  closers.push(system.close);
  const node2 = Number(system.nodes[1]?.port);
  way = await startToxicProxy(node2);
  closers.push(way.close);
  await forward("127.0.8.1", way.port, node2);
  await system.sql(`UPDATE node SET host = 'node2.test:${way.port}' WHERE node_id = 'node2'`);
  await startAt("near", await nameServer("127.0.8.1"));
  await startAt("blind", await nameServer("127.0.8.2"));
  await untilVotes({ near: ["up", true], blind: ["down", false] });
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
});
after(async () => {
  for (const close of closers.reverse()) await close();
});

/** A name server that knows where node2.test is. @param {string} address */
async function nameServer(address) {
  const port = await freePort();
  const dns = await startFakeDns(port);
  closers.push(dns.close);
  dns.commands.dns_set({ name: "node2.test", type: "A", values: [address], ttl: 60 });
  return `127.0.0.1:${port}`;
}

/** @param {string} address @param {number} port @param {number} to */
async function forward(address, port, to) {
  const server = createServer((client) => {
    const target = connect(to, "127.0.0.1");
    for (const socket of [client, target]) socket.on("error", () => [client, target].forEach((end) => end.destroy()));
    client.pipe(target).pipe(client);
  });
  await new Promise((resolve) => server.listen(port, address, () => resolve(undefined)));
  closers.push(() => server.close());
}

/** @param {string} id @param {string} dns */
async function startAt(id, dns) {
  const env = { UPTIME_KUMA_NODE_ID: id, NODE_REGION: `of-${id}`, DNS_RESOLVER: dns, CLUSTER_SECRET: SECRET };
  const probe = await startProbe({ peers: system.url, env });
  closers.push(probe.close);
}

/** @param {string} id */
async function register(id) {
  const body = JSON.stringify({ probe_id: id, region: "", version: "0" });
  return (await system.post("/lb/probes/register", { ...PRIVATE, body })).json;
}

/**
 * Until the probes say so of node2, and whether it counts. The blind one looks once a minute, and abstains for as long
 * when it did not reach its witness just then.
 * @param {Record<string, [string, boolean]>} wanted
 */
async function untilVotes(wanted) {
  const check = async () => {
    const { probes } = (await system.get("/lb/probes", PRIVATE)).json;
    /** @type {Record<string, unknown>} */
    const found = {};
    for (const { probe_id, nodes } of probes) {
      const vote = nodes.find((/** @type {{node_id: string}} */ { node_id }) => node_id === "node2");
      found[probe_id] = [vote?.vote, vote?.counts];
    }
    if (JSON.stringify(found, Object.keys(found).sort()) === JSON.stringify(wanted, Object.keys(wanted).sort()))
      return true;
    throw new Error(JSON.stringify(found));
  };
  await waitFor(check, { what: `votes ${JSON.stringify(wanted)}`, timeoutMs: 90000, everyMs: 200 });
}

/** What /lb/node-status has of a node. @param {string} nodeId */
async function detail(nodeId) {
  const { nodes } = (await system.get("/lb/node-status")).json;
  return nodes.find((/** @type {{node_id: string}} */ { node_id }) => node_id === nodeId);
}

async function untilHeld() {
  const check = async () => {
    const { status, held } = await detail("node2");
    if (status === "online" && held !== undefined) return held;
    throw new Error(`node2 is ${status}, held: ${held}`);
  };
  return waitFor(check, { what: "node2 held", timeoutMs: 20000, everyMs: 100 });
}

test("a node that only the load balancer does not reach keeps its monitors, and requests go to the others", async () => {
  await way.cut();
  const held = await untilHeld();
  assert.equal(held, "not reached from 1 of 2 places, but by near in of-near: not taken for dead");
  const until = Date.now() + 8000;
  while (Date.now() < until) {
    const { status, headers } = await system.get("/page");
    assert.equal(status, 200);
    assert.notEqual(headers["x-routed-to"], "uptime-kuma-node2");
    assert.equal((await detail("node2")).status, "online");
    await sleep(200);
  }
  assert.deepEqual(await sharesOf(system), HOME);
  const { disputed_falls, falls } = (await system.get("/lb/health-status")).json.statistics;
  assert.deepEqual([disputed_falls, falls], [1, 0]);
});

test("meanwhile another node may die: the two are not taken for a partition", async () => {
  await system.nodes[2]?.kill();
  await system.untilStatus({ node2: "online", node3: "offline" });
  await untilShares(system, { node1: 15, node2: 15 });
  await system.nodes[2]?.start();
  await untilShares(system, HOME, 60000);
});

test("once the probe does not reach it either it is dead, and its monitors move", async () => {
  await untilHeld();
  await system.nodes[1]?.kill();
  await system.untilStatus({ node2: "offline" });
  await untilShares(system, { node1: 15, node3: 15 });
});

test("it comes back by the load balancer's own checks", async () => {
  await way.heal();
  await system.nodes[1]?.start();
  await system.sql(`UPDATE node SET host = 'node2.test:${way.port}' WHERE node_id = 'node2'`);
  await system.untilStatus({ node2: "online" });
  await untilShares(system, HOME, 60000);
  assert.equal((await detail("node2")).held, undefined);
});

test("with NODE_STRATEGY=any-down the load balancer's own finding is enough, and probes are not asked", async () => {
  await system.lb.stop();
  const { db, lb, dir } = system;
  const restarted = await startLoadBalancer({
    ...{ dir: join(dir, "lb"), port: Number(new URL(lb.url).port), db, workers: 2 },
    env: { CLUSTER_SECRET: SECRET, DNS_RESOLVER: dns, NODE_STRATEGY: "any-down" },
  });
  closers.push(restarted.stop);
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
  // As if they had looked just now. They are not asked any more, so that what they said before may count no longer.
  await system.sql(`UPDATE probe_node_vote SET status = IF(probe_id = 'near', 'up', 'down'), at = NOW(6) + INTERVAL 5 SECOND
    WHERE node_id = 'node2'`);
  await untilVotes({ near: ["up", true], blind: ["down", false] });
  await way.cut();
  await system.untilStatus({ node2: "offline" });
  const { session } = await register("asked");
  const path = `/lb/probes/assignments?probe=asked&session=${session}`;
  assert.deepEqual((await system.get(path, PRIVATE)).json.checks, []);
});

// Two load balancers and a growing number of nodes as pods: names, search lists, new addresses, scaling, deletion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { ask, logIn, newMonitor, setUp } from "../agent/support/browser.mjs";
import { rhythm, storedBeats } from "../cluster/beats.mjs";
import { request } from "../support/http.mjs";
import { docker } from "./engine.mjs";
import { newNamespace } from "./namespace.mjs";
import { DOMAIN } from "./pod-specs.mjs";
import { areOnline, stopwatch, untilNodes } from "./project.mjs";
import { stopUnderLoad, untilLeads } from "./stop-under-load.mjs";

const BALANCERS = ["openresty-5d9c7b6f4-2xkqw", "openresty-5d9c7b6f4-vb8ht"];
const REPLACEMENT = "openresty-5d9c7b6f4-zz7mn";
const PODS = ["uptime-kuma-0", "uptime-kuma-1"];
const MORE_PODS = ["uptime-kuma-2", "uptime-kuma-3"];
/** A name that only the search list makes a whole one. */
const SHORT = { UPTIME_KUMA_NODE_HOST: "uptime-kuma-1.uptime-kuma" };
const MONITORS = 12;
const INTERVAL_S = 20;
/** Requests that all have to reach a node: each worker of nginx resolves names by itself. */
const IN_A_ROW = 20;
const MOST_BYSTANDERS = 10;
const PATIENCE_MS = 600000;

/** @type {import("./namespace.mjs").Namespace} */
let site;
/** @type {string[]} */
let urls;

before(async () => {
  site = newNamespace();
  await site.open();
  urls = await Promise.all(BALANCERS.map(site.startBalancer));
  await Promise.all([site.startNode(0), site.startNode(1, SHORT)]);
});
after(() => site?.close());

/** Pids of nginx's workers: others after a reload. */
async function workers() {
  const texts = await Promise.all(BALANCERS.map((pod) => docker(["top", site.container(pod), "-eo", "pid,args"])));
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => line.includes("nginx: worker process"));
  return lines.map((line) => line.trim().split(/\s+/)[0]).sort();
}

/** Waits until every request that is to go to this node goes there, by each load balancer. @param {string} pod */
async function untilRouted(pod) {
  const options = { headers: { Cookie: `KUMA_FIXED_NODE=${pod}` }, keepAlive: false };
  const check = async () => {
    for (const url of urls) {
      const answers = await Promise.all(Array.from({ length: IN_A_ROW }, () => request(`${url}/dashboard`, options)));
      const found = new Set(answers.map(({ status, headers }) => `${status} ${headers["x-routed-to"]}`));
      if (found.size > 1 || !found.has(`200 ${pod}`)) throw new Error([...found].join(", "));
    }
    return true;
  };
  await waitFor(check, { what: `requests to ${pod}`, timeoutMs: PATIENCE_MS, everyMs: 50 });
}

/** @param {(nodes: Record<string, import("./project.mjs").HealthNode>) => boolean} isSo @param {string} what */
async function untilAllSee(isSo, what) {
  for (const url of urls) await untilNodes(url, isSo, what, PATIENCE_MS);
}

/** How many monitors each node runs. @returns {Promise<Record<string, number>>} */
async function shares() {
  const rows = await site.sql("SELECT owner_node, COUNT(*) AS count FROM monitor WHERE active = 1 GROUP BY owner_node");
  return Object.fromEntries(rows.map(({ owner_node, count }) => [owner_node, count]));
}

/** @param {string[]} pods each has a share, and nobody else */
async function untilShared(pods) {
  const check = async () => {
    const found = await shares();
    if (Object.keys(found).sort().join() === [...pods].sort().join()) return true;
    throw new Error(JSON.stringify(found));
  };
  await waitFor(check, { what: `monitors at ${pods.join(", ")}`, timeoutMs: PATIENCE_MS, everyMs: 50 });
}

/**
 * No monitor is checked twice or misses a check, from the beat with this id until after now.
 * @param {number} beat
 */
async function assertRhythm(beat) {
  const now = await lastBeat();
  const counts = `SUM(id > ${beat}) > 1 AND SUM(id > ${now}) > 0`;
  const counted = `SELECT monitor_id FROM heartbeat GROUP BY monitor_id HAVING ${counts}`;
  const beaten = async () => (await site.sql(counted)).length === MONITORS;
  await waitFor(beaten, { what: "beats of all monitors", timeoutMs: PATIENCE_MS, everyMs: 500 });
  const beats = await storedBeats({ sql: () => site.sql(`SELECT * FROM heartbeat WHERE id > ${beat} ORDER BY id`) });
  const found = rhythm(beats);
  assert.deepEqual({ duplicates: found.duplicates, notUp: found.notUp }, { duplicates: 0, notUp: 0 });
  assert.ok(found.longest < 2 * INTERVAL_S, `${found.longest} s without a beat`);
  return `${found.rows} beats, gaps of ${found.shortest} to ${found.longest} s`;
}

async function lastBeat() {
  return (await site.sql("SELECT COALESCE(MAX(id), 0) AS id FROM heartbeat"))[0].id;
}

test("nodes are known by their pods' names, and found by full names and by short ones", async (t) => {
  const time = stopwatch();
  await untilAllSee((nodes) => areOnline(nodes, PODS), "two nodes online");
  t.diagnostic(`two nodes online after ${time()}`);
  const conf = await docker(["exec", site.container(String(BALANCERS[0])), "cat", "/etc/resolv.conf"]);
  assert.match(conf, new RegExp(`search ${DOMAIN} `));
  assert.match(conf, /options .*ndots:5/);
  const { json } = await request(`${urls[0]}/lb/health`);
  const hosts = json.nodes.map((/** @type {any} */ { node_id, host }) => [node_id, host]);
  const full = `uptime-kuma-0.uptime-kuma.${DOMAIN}:3001`;
  assert.deepEqual(Object.fromEntries(hosts), { [PODS[0]]: full, [PODS[1]]: `${SHORT.UPTIME_KUMA_NODE_HOST}:3001` });
  const url = String(urls[0]);
  assert.equal((await setUp({ url })).ok, true);
  for (const pod of PODS) await untilRouted(pod);
});

test("monitors are shared, and the load balancers run restricted", async () => {
  const socket = await logIn({ url: String(urls[1]) });
  for (let number = 1; number <= MONITORS; number++) {
    const settings = { name: `m${number}`, url: "http://target:8080", interval: INTERVAL_S, notificationIDList: {} };
    const answer = await ask(socket, "add", newMonitor(settings));
    assert.equal(answer.ok, true, JSON.stringify(answer));
  }
  socket.disconnect();
  await untilShared(PODS);
  for (const pod of BALANCERS) {
    const uids = (await docker(["top", site.container(pod), "-eo", "pid,uid"])).split("\n").slice(1);
    assert.deepEqual(new Set(uids.map((line) => line.trim().split(/\s+/)[1])), new Set(["10001"]));
    await assert.rejects(docker(["exec", site.container(pod), "touch", "/x"]), /Read-only file system/);
  }
});

/** Starts other pods until one has this address. @param {string} address @returns {Promise<string[]>} their names */
async function takeAddress(address) {
  const pods = [];
  do {
    pods.push(`bystander-${pods.length}`);
    await site.startBystander(String(pods.at(-1)));
  } while ((await site.address(String(pods.at(-1)))) !== address && pods.length < MOST_BYSTANDERS);
  return pods;
}

for (const [how, end] of Object.entries({
  deleted: async (/** @type {string} */ pod) => {
    await site.terminate(pod);
    await site.remove(pod);
  },
  killed: (/** @type {string} */ pod) => site.remove(pod),
})) {
  test(`a pod that is ${how} comes back with another address`, async (t) => {
    const pod = String(PODS[1]);
    await untilAllSee((nodes) => areOnline(nodes, PODS), "two nodes online");
    const before = await site.address(pod);
    const time = stopwatch();
    await end(pod);
    await untilShared([String(PODS[0])]);
    t.diagnostic(`its monitors are elsewhere after ${time()}`);
    const bystanders = await takeAddress(before);
    await site.startNode(1, SHORT);
    assert.notEqual(await site.address(pod), before);
    const back = stopwatch();
    await untilAllSee((nodes) => areOnline(nodes, PODS), "two nodes online");
    t.diagnostic(`online ${back()} after its start`);
    const online = stopwatch();
    await untilRouted(pod);
    t.diagnostic(`all requests that are to go there do ${online()} after that`);
    await untilShared(PODS);
    t.diagnostic(`its monitors are home ${back()} after its start`);
    for (const name of bystanders) await site.remove(name);
  });
}

test("two more pods get requests and monitors without a reload", async (t) => {
  const [before, beat] = [await workers(), await lastBeat()];
  const time = stopwatch();
  await Promise.all([site.startNode(2), site.startNode(3)]);
  const registered = async () => (await site.sql("SELECT node_id FROM node")).length === 4;
  await waitFor(registered, { what: "four rows", timeoutMs: PATIENCE_MS, everyMs: 50 });
  t.diagnostic(`registered ${time()} after their start`);
  const known = stopwatch();
  for (const pod of MORE_PODS) await untilRouted(pod);
  t.diagnostic(`routed to ${known()} after that`);
  await untilShared([...PODS, ...MORE_PODS]);
  t.diagnostic(`they run monitors ${known()} after they registered: ${JSON.stringify(await shares())}`);
  assert.deepEqual(await workers(), before);
  t.diagnostic(await assertRhythm(beat));
});

test("scaled down, each pod hands its monitors over within its grace period", async (t) => {
  const [before, beat] = [await workers(), await lastBeat()];
  await sleep(INTERVAL_S * 1000);
  for (const pod of [...MORE_PODS].reverse()) {
    const time = stopwatch();
    const ended = site.terminate(pod).then(() => t.diagnostic(`${pod} ended after ${time()}`));
    await untilShared([...PODS, ...MORE_PODS].filter((other) => other < pod));
    t.diagnostic(`its monitors are elsewhere after ${time()}`);
    await ended;
    // 137 would be the kubelet's SIGKILL after the grace period.
    assert.notEqual(await docker(["inspect", site.container(pod), "--format", "{{.State.ExitCode}}"]), "137");
    await site.remove(pod);
  }
  t.diagnostic(await assertRhythm(beat));
  assert.deepEqual(await workers(), before);
});

test("a load balancer that is deleted under load loses nothing, the other one leads, and a new one joins", async (t) => {
  const { json } = await request(`${urls[0]}/lb/system-status`);
  const leader = BALANCERS.indexOf(json.leader.node_id);
  const other = 1 - leader;
  const [pod, successor] = [String(BALANCERS[leader]), { id: String(BALANCERS[other]), url: String(urls[other]) }];
  const beat = await lastBeat();
  await stopUnderLoad(t, {
    ...{ url: String(urls[leader]), container: site.container(pod), node: String(PODS[0]), successor },
    stop: () => site.terminate(pod),
  });
  await site.remove(pod);
  urls = [successor.url, await site.startBalancer(REPLACEMENT)];
  await untilAllSee((nodes) => areOnline(nodes, PODS), "two nodes online");
  await untilLeads(String(urls[1]), successor.id);
  for (const node of PODS) await untilRouted(node);
  t.diagnostic(await assertRhythm(beat));
});

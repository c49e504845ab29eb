// Probes in three regions, each with a way of its own to the target, two load balancers and three Uptime Kumas that hear one
// verdict of them.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { killNginx, loadBalancerMark, quitNginx, startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { followerDir, loadBalancerDir, writeState } from "../../local/state.mjs";
import { ask, logIn, setUp } from "../agent/support/browser.mjs";
import { startFakeDns } from "../lua/support/fake-dns.mjs";
import { request } from "../support/http.mjs";
import { startProbe } from "../probes/harness.mjs";
import { startTestCluster } from "./cluster.mjs";
import { HOOK, startReceiver } from "./receiver.mjs";

const SECRET = "s3cret";
const REGIONS = ["ap", "eu", "us"];
const STRATEGIES = ["any-down", "majority-down", "all-down"];
const INTERVAL_S = 5;
const LIMIT_MS = 30000;
const DOWN = 0;
const UP = 1;
/** The way to the target is a long one from the first region. */
const DELAY_MS = 300;

/** @type {Awaited<ReturnType<typeof startTestCluster>>} */
let cluster;
/** @type {Awaited<ReturnType<typeof startReceiver>>} */
let receiver;
/** @type {Map<string, {answers: boolean, probe: Awaited<ReturnType<typeof startProbe>>}>} */
const places = new Map();
/** @type {(() => unknown)[]} */
const closers = [];
/** @type {any[]} one for each strategy */
const checks = [];
const lbEnv = { CLUSTER_NODE_COUNT: "3", CLUSTER_SECRET: SECRET, PEER_CHECK_INTERVAL: "1" };
/** Where the test asks. */
let entry = "";

before(async () => {
  const nodeEnv = { CLUSTER_SECRET: SECRET };
  cluster = await startTestCluster({ followerPort: await freePort(), nodeEnv, lbEnv });
  closers.push(() => cluster.close());
  entry = cluster.url;
  receiver = await startReceiver(cluster.nodeOfPid);
  closers.push(receiver.close);
  await setUp(cluster);
  await addDefaultWebhook();
  const port = await freePort();
  for (const strategy of STRATEGIES) {
    const target = { url: `http://target.test:${port}/` };
    const body = { name: strategy, kind: "http", target, interval: INTERVAL_S, timeout_ms: 2000, strategy };
    const { status, json, text } = await call("POST", "/lb/probe-checks", body);
    assert.equal(status, 201, text);
    checks.push(json);
  }
  await startPlaces(port);
});
after(async () => {
  for (const close of closers.reverse()) await close();
});

async function addDefaultWebhook() {
  const socket = await logIn(cluster);
  const webhook = { webhookURL: receiver.url + HOOK, webhookContentType: "json", httpMethod: "post" };
  const all = { name: "hook", type: "webhook", isDefault: true, applyExisting: true, ...webhook };
  assert.equal((await ask(socket, "addNotification", all, null)).ok, true);
  socket.disconnect();
}

/** The target has an address for each region, which only the probe there knows. @param {number} port */
function startPlaces(port) {
  const start = async (/** @type {string} */ region, /** @type {number} */ index) => {
    const address = `127.0.7.${index + 1}`;
    const place = { answers: true, probe: /** @type {any} */ (undefined) };
    const server = createServer((_, response) => {
      const answer = () => response.writeHead(place.answers ? 200 : 503).end("hello");
      setTimeout(answer, index === 0 ? DELAY_MS : 0);
    });
    await new Promise((resolve) => server.listen(port, address, () => resolve(undefined)));
    closers.push(
      () => server.close(),
      () => server.closeAllConnections(),
    );
    const dnsPort = await freePort();
    const dns = await startFakeDns(dnsPort);
    closers.push(dns.close);
    dns.commands.dns_set({ name: "target.test", type: "A", values: [address], ttl: 60 });
    place.probe = await startRegion(region, dnsPort);
    places.set(region, place);
  };
  return Promise.all(REGIONS.map(start));
}

/** @param {string} region @param {number} dnsPort */
async function startRegion(region, dnsPort) {
  const env = { UPTIME_KUMA_NODE_ID: `probe-${region}`, NODE_REGION: region, DNS_RESOLVER: `127.0.0.1:${dnsPort}` };
  const peers = `${cluster.url},${cluster.state().follower?.url}`;
  const probe = await startProbe({ peers, env: { CLUSTER_SECRET: SECRET, ...env } });
  closers.push(probe.close);
  return probe;
}

/** @param {string} method @param {string} path @param {unknown} [body] */
const call = (method, path, body) =>
  request(`${entry}${path}`, {
    method,
    headers: { "X-Cluster-Secret": SECRET, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function verdicts() {
  const { json } = await call("GET", "/lb/probe-checks");
  return json.checks.map((/** @type {{verdict: string}} */ { verdict }) => verdict);
}

/** @param {string[]} wanted in the order of STRATEGIES */
async function untilVerdicts(wanted, timeoutMs = LIMIT_MS) {
  const check = async () => {
    const found = await verdicts();
    if (found.join() === wanted.join()) return true;
    throw new Error(found.join());
  };
  await waitFor(check, { what: `verdicts ${wanted.join()}`, timeoutMs, everyMs: 100 });
}

/** @param {string[]} regions where the target fails from now on; everywhere else it answers */
function failIn(...regions) {
  for (const [region, place] of places) place.answers = !regions.includes(region);
}

/** The last beat of each check's monitor: status by name. */
async function lastBeats() {
  const rows = await cluster.sql(
    "SELECT m.name, h.status, h.msg, h.ping FROM heartbeat h JOIN monitor m ON m.id = h.monitor_id" +
      " WHERE h.id IN (SELECT MAX(id) FROM heartbeat GROUP BY monitor_id)",
  );
  return new Map(rows.map(({ name, status, msg, ping }) => [name, { status, msg, ping }]));
}

/** @param {number[]} wanted in the order of STRATEGIES */
async function untilBeats(wanted) {
  const check = async () => {
    const beats = await lastBeats();
    const found = STRATEGIES.map((name) => beats.get(name)?.status);
    if (found.join() === wanted.join()) return beats;
    throw new Error(JSON.stringify([...beats]));
  };
  return waitFor(check, { what: `beats ${wanted.join()}`, timeoutMs: LIMIT_MS, everyMs: 200 });
}

/** Statuses that the webhook heard of, in the order of STRATEGIES. */
const alerts = () =>
  STRATEGIES.map((name) =>
    receiver.notifications.filter(({ monitor }) => monitor === name).map(({ status }) => status),
  );

/** One alert and one all-clear for each, and nothing more. */
async function assertOneAlertEach() {
  const all = () => alerts().every((list) => list.length >= 2);
  await waitFor(all, { what: "an alert and an all-clear of each", timeoutMs: LIMIT_MS, everyMs: 100 });
  await sleep((INTERVAL_S + 1) * 1000);
  assert.deepEqual(
    alerts(),
    STRATEGIES.map(() => [DOWN, UP]),
  );
}

/** The votes that count for each check. */
async function votes() {
  const { json } = await call("GET", "/lb/probe-checks");
  return json.checks.map(
    (/** @type {{votes: {counts: boolean}[]}} */ check) => check.votes.filter(({ counts }) => counts).length,
  );
}

test("three probes register and fetch what to check, and all is up", async () => {
  const all = async () => (await votes()).join() === "3,3,3";
  await waitFor(all, { what: "three votes for each check", timeoutMs: LIMIT_MS, everyMs: 200 });
  const { json } = await call("GET", "/lb/probes");
  assert.deepEqual(
    json.probes.map((/** @type {any} */ { region, here }) => [region, here]),
    REGIONS.map((region) => [region, true]),
  );
  await untilVerdicts(["up", "up", "up"]);
  const hasAll = async () => (await untilBeats([UP, UP, UP])).get("all-down")?.msg === "up in 3 of 3 regions";
  await waitFor(hasAll, { what: "a beat for three regions", timeoutMs: LIMIT_MS, everyMs: 200 });
  const ping = Number((await lastBeats()).get("all-down")?.ping);
  assert.ok(ping > 0 && ping < DELAY_MS, `the median is ${ping} ms`);
  const { votes: found } = (await call("GET", `/lb/probe-checks/${checks[0].id}`)).json;
  const slow = found.find((/** @type {{region: string}} */ { region }) => region === "ap");
  assert.ok(slow.ping_ms >= DELAY_MS, JSON.stringify(slow));
});

test("the truth table of the strategies, in Uptime Kuma's beats, and one alert for each change", async () => {
  receiver.notifications.length = 0;
  failIn("eu");
  await untilVerdicts(["down", "up", "up"]);
  const one = await untilBeats([DOWN, UP, UP]);
  assert.equal(one.get("any-down")?.msg, "down in 1 of 3 regions: eu: answered 503, wanted 200-299");
  failIn("eu", "us");
  await untilVerdicts(["down", "down", "up"]);
  await untilBeats([DOWN, DOWN, UP]);
  failIn("ap", "eu", "us");
  await untilVerdicts(["down", "down", "down"]);
  const all = await untilBeats([DOWN, DOWN, DOWN]);
  assert.match(String(all.get("all-down")?.msg), /^down in 3 of 3 regions: ap: .*; eu: .*; us: /);
  failIn();
  await untilVerdicts(["up", "up", "up"]);
  await untilBeats([UP, UP, UP]);
  await assertOneAlertEach();
});

async function stopLoadBalancers() {
  const { lb, follower } = cluster.state();
  await quitNginx(follower.pid, loadBalancerMark(followerDir(cluster.data)), 5000);
  await quitNginx(lb.pid, loadBalancerMark(loadBalancerDir(cluster.data)), 5000);
}

async function startLoadBalancers() {
  const { data } = cluster;
  const state = cluster.state();
  const { db } = state;
  const own = { UPTIME_KUMA_NODE_ID: "lb1" };
  const lb = await startLoadBalancer({
    dir: loadBalancerDir(data),
    port: state.lb.port,
    db,
    env: { ...lbEnv, ...own },
  });
  const role = { UPTIME_KUMA_NODE_ID: "lb2", CLUSTER_MODE: "follower", CLUSTER_PEER_URL: lb.url };
  const place = { dir: followerDir(data), port: state.follower.port };
  const follower = await startLoadBalancer({ ...place, db, env: { ...lbEnv, ...role } });
  writeState(data, {
    ...state,
    lb: { ...state.lb, pid: lb.pid },
    follower: { ...state.follower, pid: follower.pid },
  });
}

test("a restart of both load balancers loses no result: the probes keep them and send them with their true times", async () => {
  const since = (await cluster.sql("SELECT NOW(6) AS now"))[0].now;
  await stopLoadBalancers();
  await sleep(2 * INTERVAL_S * 1000);
  await startLoadBalancers();
  await untilVerdicts(["up", "up", "up"], 60000);
  const rhythm = async () => {
    const rows = await cluster.sql(
      "SELECT probe_id, check_id, at FROM probe_result WHERE at > NOW(6) - INTERVAL 2 MINUTE ORDER BY probe_id, check_id, at",
    );
    /** @type {number[]} */
    const gaps = [];
    for (const [index, row] of rows.entries()) {
      const last = rows[index - 1];
      if (last === undefined || last.probe_id !== row.probe_id || last.check_id !== row.check_id) continue;
      if (row.at > since) gaps.push((row.at.getTime() - last.at.getTime()) / 1000);
    }
    // Each of nine pairs has had three checks since.
    if (gaps.length < 27) throw new Error(`${gaps.length} gaps`);
    return gaps;
  };
  const gaps = await waitFor(rhythm, { what: "the results of the time in between", timeoutMs: LIMIT_MS, everyMs: 500 });
  const longest = Math.max(...gaps);
  assert.ok(longest < 1.8 * INTERVAL_S, `${longest} s without a result`);
});

/** @param {string} url @returns {Promise<{is_this: boolean, why: string}>} who leads, as this one sees it */
const leaderAt = async (url) => (await request(`${url}/lb/system-status`)).json.leader;

test("the leader dies for good in the middle of an outage: its follower goes on, and there is one alert and one all-clear", async (t) => {
  const { lb, follower } = cluster.state();
  const stepsBack = async () => (await leaderAt(lb.url)).is_this && !(await leaderAt(follower.url)).is_this;
  await waitFor(stepsBack, { what: "the leader's lead", timeoutMs: LIMIT_MS, everyMs: 100 });
  receiver.notifications.length = 0;
  failIn(...REGIONS);
  // One of them is noted, and perhaps told, the others are not.
  const noted = async () => (await cluster.sql("SELECT id FROM probe_check WHERE verdict = 'down'")).length > 0;
  await waitFor(noted, { what: "the first verdict", timeoutMs: LIMIT_MS, everyMs: 10 });
  killNginx(lb.pid);
  const died = performance.now();
  entry = follower.url;
  await waitFor(async () => (await leaderAt(entry)).is_this, {
    what: "the follower's lead",
    timeoutMs: LIMIT_MS,
    everyMs: 50,
  });
  t.diagnostic(`${((performance.now() - died) / 1000).toFixed(1)} s until the follower led`);
  await untilVerdicts(["down", "down", "down"]);
  await untilBeats([DOWN, DOWN, DOWN]);
  failIn();
  await untilVerdicts(["up", "up", "up"]);
  await untilBeats([UP, UP, UP]);
  await assertOneAlertEach();
  const leaders = await cluster.sql(
    "SELECT DISTINCT actor FROM cluster_event WHERE type = 'check.up' AND epoch = (SELECT MAX(epoch) FROM cluster_event)",
  );
  assert.deepEqual(leaders, [{ actor: "lb2" }]);
});

test("without probes nothing is up: votes expire, and Uptime Kuma says that no beat comes", async () => {
  await Promise.all([...places.values()].map(({ probe }) => probe.stop()));
  await untilVerdicts(["unknown", "unknown", "unknown"], 60000);
  const { json } = await call("GET", `/lb/probe-checks/${checks[0].id}`);
  assert.equal(json.message, "no probe has a result that is new enough");
  assert.ok(json.votes.every((/** @type {{counts: boolean}} */ { counts }) => !counts));
});

test("a check that is removed takes its push monitor with it", async () => {
  for (const { id } of checks) assert.equal((await call("DELETE", `/lb/probe-checks/${id}`)).status, 200);
  assert.deepEqual(await cluster.sql("SELECT id FROM monitor"), []);
  assert.deepEqual(await cluster.sql("SELECT check_id FROM probe_vote"), []);
});

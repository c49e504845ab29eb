// Probes in three regions, each with a way of its own to the target, and Uptime Kuma that hears one verdict of them.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { stopProcess, waitFor } from "../../local/processes.mjs";
import { loadBalancerDir, writeState } from "../../local/state.mjs";
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

before(async () => {
  const env = { CLUSTER_SECRET: SECRET };
  cluster = await startTestCluster({ nodes: 2, nodeEnv: env, lbEnv: env });
  closers.push(() => cluster.close());
  receiver = await startReceiver(cluster.nodeOfPid);
  closers.push(receiver.close);
  await setUp(cluster);
  await addDefaultWebhook();
  const port = await startTargets();
  for (const strategy of STRATEGIES) {
    const target = { url: `http://target.test:${port}/` };
    const body = { name: strategy, kind: "http", target, interval: INTERVAL_S, timeout_ms: 2000, strategy };
    const { status, json, text } = await call("POST", "/lb/probe-checks", body);
    assert.equal(status, 201, text);
    checks.push(json);
  }
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

/** The target has an address for each region, which only the probe there knows. */
async function startTargets() {
  const port = await freePort();
  for (const [index, region] of REGIONS.entries()) {
    const address = `127.0.7.${index + 1}`;
    const place = { answers: true, probe: /** @type {any} */ (undefined) };
    const server = createServer((_, response) => response.writeHead(place.answers ? 200 : 503).end("hello"));
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
  }
  return port;
}

/** @param {string} region @param {number} dnsPort */
async function startRegion(region, dnsPort) {
  const env = { UPTIME_KUMA_NODE_ID: `probe-${region}`, NODE_REGION: region, DNS_RESOLVER: `127.0.0.1:${dnsPort}` };
  const probe = await startProbe({ peers: cluster.url, env: { CLUSTER_SECRET: SECRET, ...env } });
  closers.push(probe.close);
  return probe;
}

/** @param {string} method @param {string} path @param {unknown} [body] */
const call = (method, path, body) =>
  request(`${cluster.url}${path}`, {
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

/** The votes that count for each check. */
async function votes() {
  const { json } = await call("GET", "/lb/probe-checks");
  return json.checks.map(
    (/** @type {{votes: {counts: boolean}[]}} */ check) => check.votes.filter(({ counts }) => counts).length,
  );
}

test("three probes register and fetch what to check, and all is up", async () => {
  const all = async () => (await votes()).join() === "3,3,3";
  // They look for new checks every 30 s.
  await waitFor(all, { what: "three votes for each check", timeoutMs: 60000, everyMs: 200 });
  const { json } = await call("GET", "/lb/probes");
  assert.deepEqual(
    json.probes.map((/** @type {any} */ { region, here }) => [region, here]),
    REGIONS.map((region) => [region, true]),
  );
  await untilVerdicts(["up", "up", "up"]);
  const hasAll = async () => (await untilBeats([UP, UP, UP])).get("all-down")?.msg === "up in 3 of 3 regions";
  await waitFor(hasAll, { what: "a beat for three regions", timeoutMs: LIMIT_MS, everyMs: 200 });
  assert.ok(Number((await lastBeats()).get("all-down")?.ping) > 0);
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
  const alerts = STRATEGIES.map((name) => receiver.notifications.filter(({ monitor }) => monitor === name));
  assert.deepEqual(
    alerts.map((list) => list.map(({ status }) => status)),
    STRATEGIES.map(() => [DOWN, UP]),
    "one alert and one all-clear for each",
  );
});

test("a restart of the leader loses no result: the probes keep them and send them with their true times", async () => {
  const state = cluster.state();
  const { pid, port } = state.lb;
  const since = (await cluster.sql("SELECT NOW(6) AS now"))[0].now;
  await stopProcess(pid, { mark: loadBalancerDir(cluster.data), graceMs: 5000 });
  await new Promise((resolve) => setTimeout(resolve, 2.5 * INTERVAL_S * 1000));
  const env = { CLUSTER_NODE_COUNT: "2", CLUSTER_SECRET: SECRET };
  const lb = await startLoadBalancer({ dir: loadBalancerDir(cluster.data), port, db: state.db, env });
  writeState(cluster.data, { ...state, lb: { ...state.lb, pid: lb.pid } });
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

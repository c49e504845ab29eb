// GET /lb/metrics: whether the numbers are right, the format is one that Prometheus takes, and what is made of the metrics
// (docs/metrics.md, deploy/monitoring) names only what is there.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { openWebSocket } from "../support/websocket.mjs";
import { startSystem } from "./harness.mjs";
import { parse } from "../support/exposition.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const monitoring = `${root}deploy/monitoring/`;
const PINNED = { Cookie: "KUMA_FIXED_NODE=node2" };

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({
    monitors: 9,
    workers: 2,
    env: { HEALTH_CHECK_FALL: "100", MONITOR_LIMIT_PER_NODE: "20" },
  });
});
after(() => system?.close());

async function scrape() {
  const answer = await system.get("/lb/metrics", { keepAlive: false });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(answer.headers["cache-control"], "no-store");
  return { text: answer.text, ...parse(answer.text) };
}

/** After the workers have added up what they counted. */
async function settled() {
  await sleep(2300);
  return scrape();
}

/** How much each series has grown, but for those that have not. @param {Promise<unknown>} work */
async function growth(/** @type {() => Promise<unknown>} */ work) {
  const { values: start } = await settled();
  await work();
  const { values: end } = await settled();
  return (/** @type {string} */ series) => (end.get(series) ?? 0) - (start.get(series) ?? 0);
}

/** @param {import("./harness.mjs").FakeNode[]} nodes dead ones */
async function restart(...nodes) {
  for (const node of nodes) await node.start();
  // They have registered anew, which the load balancer has yet to read.
  await sleep(2000);
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
}

/** @param {string} node @param {string} result */
const requests = (node, result) => `kuma_cluster_requests_total{node="${node}",result="${result}"}`;

test("promtool finds nothing wrong with a scrape", async () => {
  const { text } = await scrape();
  const promtool = spawn("promtool", ["check", "metrics"]);
  let said = "";
  for (const stream of [promtool.stdout, promtool.stderr]) stream.on("data", (chunk) => (said += chunk));
  promtool.stdin.end(text);
  const [code] = await once(promtool, "close");
  assert.deepEqual([code, said], [0, ""]);
});

test("each request is counted once, by node, class and way, over both workers", async () => {
  const grown = await growth(async () => {
    // A connection of its own for each: both workers get some.
    const plain = Array.from({ length: 200 }, () => system.get("/a", { keepAlive: false }));
    const pinned = Array.from({ length: 50 }, () => system.get("/b", { keepAlive: false, headers: PINNED }));
    await Promise.all([...plain, ...pinned]);
    for (const status of [204, 301, 304, 404, 500]) await system.get(`/status/${status}`, { headers: PINNED });
    for (const path of ["ping", "health", "metrics"]) await system.get(`/lb/${path}`);
  });
  const good = ["node1", "node2", "node3"].map((node) => grown(requests(node, "2xx")));
  assert.equal(good[0] + good[1] + good[2], 251);
  assert.ok(good[1] >= 51);
  assert.equal(grown(requests("node2", "3xx")), 2);
  assert.equal(grown(requests("node2", "4xx")), 1);
  assert.equal(grown(requests("node2", "5xx")), 1);
  assert.equal(grown('kuma_cluster_requests_routed_total{via="load-balancer"}'), 200);
  assert.equal(grown('kuma_cluster_requests_routed_total{via="fixed-node"}'), 55);
  assert.equal(grown("kuma_cluster_request_overhead_seconds_count"), 255);
  assert.equal(grown('kuma_cluster_request_overhead_seconds_bucket{le="+Inf"}'), 255);
  assert.ok(grown("kuma_cluster_request_overhead_seconds_sum") > 0);
});

test("a reload loses no count, and an old worker still counts what it ends", async () => {
  const slow = 40;
  const grown = await growth(async () => {
    const kept = Array.from({ length: slow }, () => system.get("/slow?ms=4000", { keepAlive: false }));
    await Promise.all(Array.from({ length: 100 }, () => system.get("/before", { keepAlive: false })));
    await system.lb.reload();
    await sleep(1500);
    await Promise.all(Array.from({ length: 100 }, () => system.get("/after", { keepAlive: false })));
    for (const answer of await Promise.all(kept)) assert.equal(answer.status, 200);
    await waitFor(() => system.lb.workers().length === 2, { what: "the end of the old workers", timeoutMs: 15000 });
  });
  const nodes = ["node1", "node2", "node3"];
  assert.equal(
    nodes.reduce((sum, node) => sum + grown(requests(node, "2xx")), 0),
    200 + slow,
  );
});

test("an open WebSocket is a gauge, and a request once it ends", async () => {
  const grown = await growth(async () => {
    const url = `${system.url}/socket.io/?EIO=4&transport=websocket`;
    const sockets = await Promise.all(Array.from({ length: 5 }, () => openWebSocket(url, PINNED)));
    assert.equal((await settled()).values.get("kuma_cluster_websockets"), 5);
    for (const socket of sockets) socket.close();
    await Promise.all(sockets.map(({ closed }) => closed));
    const none = async () => (await scrape()).values.get("kuma_cluster_websockets") === 0;
    await waitFor(none, { what: "no open WebSocket", timeoutMs: 10000 });
  });
  assert.equal(grown(requests("node2", "1xx")), 5);
});

test("a client that does not wait is no error of the node", async () => {
  const grown = await growth(() => system.get("/slow?ms=3000", { headers: PINNED, timeoutMs: 300, keepAlive: false }));
  assert.equal(grown(requests("node2", "canceled")), 1);
  assert.equal(grown(requests("node2", "none")), 0);
});

test("a request that is too large for the load balancer is none of a node's", async () => {
  const grown = await growth(async () => {
    const answer = await request(`${system.url}/x`, { method: "POST", headers: { "Content-Length": String(2 ** 31) } });
    assert.equal(answer.status, 413);
  });
  assert.equal(grown(requests("", "4xx")), 1);
});

test("a dead node costs retries, which are counted for it, and the answer for the one that gave it", async () => {
  const [, node2] = system.nodes;
  await node2.kill();
  const grown = await growth(async () => {
    for (let i = 0; i < 10; i++) assert.equal((await system.get("/retry", { headers: PINNED })).status, 200);
  });
  const took_over = grown(requests("node1", "2xx")) + grown(requests("node3", "2xx"));
  assert.deepEqual([took_over, grown(requests("node2", "2xx")), grown(requests("node2", "none"))], [10, 0, 0]);
  assert.equal(grown('kuma_cluster_request_retries_total{node="node2"}'), 10);
  await restart(node2);
});

test("time lost with a node that fails is overhead", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    setTimeout(() => socket.destroy(), 1200);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await system.sql(`UPDATE node SET host = '127.0.0.1:${port}' WHERE node_id = 'node2'`);
  try {
    const grown = await growth(async () => assert.equal((await system.get("/lost", { headers: PINNED })).status, 200));
    const below = (/** @type {string} */ le) => grown(`kuma_cluster_request_overhead_seconds_bucket{le="${le}"}`);
    assert.deepEqual([below("1"), below("+Inf")], [0, 1]);
    assert.ok(grown("kuma_cluster_request_overhead_seconds_sum") >= 1.15);
  } finally {
    await system.sql(`UPDATE node SET host = '127.0.0.1:${system.nodes[1].port}' WHERE node_id = 'node2'`);
    server.close();
    await sleep(3000);
  }
});

test("a request that a node breaks off counts as unanswered by it, one without any node by nobody", async () => {
  const [node1, node2, node3] = system.nodes;
  await node2.behave({ answer: "close" });
  const grown = await growth(async () => {
    const answer = await system.post("/broken", { headers: PINNED, body: "once" });
    assert.equal(answer.status, 502);
  });
  await node2.behave({ answer: "ok" });
  assert.equal(grown(requests("node2", "none")), 1);
  for (const node of [node1, node2, node3]) await node.kill();
  await sleep(500);
  const dead = await growth(async () => {
    for (let i = 0; i < 5; i++) assert.equal((await system.get("/all-dead")).status, 503);
  });
  const nodes = ["", "node1", "node2", "node3"];
  assert.equal(
    nodes.reduce((sum, node) => sum + dead(requests(node, "none")), 0),
    5,
  );
  await restart(node1, node2, node3);
});

test("checks, states, monitors and leadership are those of the status pages", async () => {
  const { values } = await scrape();
  const { nodes } = (await system.get("/lb/health-status")).json;
  for (const { node_id, checks, failed_checks } of nodes) {
    const good = values.get(`kuma_cluster_health_checks_total{node="${node_id}",result="ok"}`) ?? NaN;
    const failed = values.get(`kuma_cluster_health_checks_total{node="${node_id}",result="failed"}`) ?? NaN;
    assert.ok(good > 0 && good + failed <= checks && failed <= failed_checks, node_id);
    assert.equal(values.get(`kuma_cluster_node_monitors_active{node="${node_id}"}`), 3);
    assert.equal(values.get(`kuma_cluster_node_status{node="${node_id}",status="online"}`), 1);
  }
  const states = ["online", "recovering", "offline", "draining"].map((status) =>
    values.get(`kuma_cluster_nodes{status="${status}"}`),
  );
  assert.deepEqual(states, [3, 0, 0, 0]);
  assert.equal(values.get("kuma_cluster_node_capacity_monitors"), 20);
  assert.deepEqual([values.get("kuma_cluster_is_leader"), values.get("kuma_cluster_lease_epoch")], [1, 1]);
  assert.ok((values.get("kuma_cluster_failovers_total") ?? NaN) >= 0);
});

test("docs/metrics.md lists every metric of a scrape, with its type and labels, and no other", async () => {
  const { families } = await scrape();
  const rows = [
    ...readFileSync(`${root}docs/metrics.md`, "utf8").matchAll(/^\| `(kuma_cluster_\w+)` +\| (\w+) +\| (.*?) *\|/gm),
  ];
  const documented = rows.map(([, name, type, labels]) => `${name} ${type} ${labels?.replace(/`/g, "")}`).sort();
  const found = [...families].map(([name, { type, labels }]) => `${name} ${type} ${[...labels].join(", ")}`).sort();
  assert.deepEqual(documented, found);
});

/** The names of metrics in a text. @param {string} text */
const namesIn = (text) => new Set(text.match(/\bkuma_cluster_\w+/g) ?? []);

/** This one is in the scrape of Uptime Kuma: test/cluster/metrics.test.mjs. */
const OF_UPTIME_KUMA = "kuma_cluster_scrape_peer_up";

for (const file of ["alerts.yml", "alerts.test.yml", "grafana-dashboard.json"]) {
  test(`${file} uses only metrics that a scrape has`, async () => {
    const { series } = await scrape();
    const used = [...namesIn(readFileSync(monitoring + file, "utf8"))];
    assert.ok(used.length > 20, String(used));
    assert.deepEqual(
      used.filter((name) => name !== OF_UPTIME_KUMA && !series.has(name)),
      [],
    );
  });
}

test("the dashboard shows every metric", async () => {
  const { families } = await scrape();
  const shown = [...namesIn(readFileSync(`${monitoring}grafana-dashboard.json`, "utf8"))].map((name) =>
    name.replace(/_(bucket|sum|count)$/, ""),
  );
  assert.deepEqual(
    [...families.keys()].filter((name) => !shown.includes(name)),
    [],
  );
});

test("promtool accepts the configuration and the alert rules, and each rule has a test that it passes", async () => {
  await run("promtool", ["check", "config", "--syntax-only", "prometheus.yml"], { cwd: monitoring });
  await run("promtool", ["check", "rules", "alerts.yml"], { cwd: monitoring });
  await run("promtool", ["test", "rules", "alerts.test.yml"], { cwd: monitoring });
  const names = (/** @type {string} */ file, /** @type {RegExp} */ pattern) =>
    [...new Set([...readFileSync(monitoring + file, "utf8").matchAll(pattern)].map(([, name]) => name))].sort();
  assert.deepEqual(names("alerts.test.yml", /alertname: (\w+)/g), names("alerts.yml", /- alert: (\w+)/g));
});

test("each alert links to a section of the runbook, and each section is linked to", () => {
  const links = [
    ...readFileSync(`${monitoring}alerts.yml`, "utf8").matchAll(/runbook_url: docs\/runbook.md#([a-z-]+)/g),
  ];
  const titles = [...readFileSync(`${root}docs/runbook.md`, "utf8").matchAll(/^## (.+)$/gm)];
  const anchors = titles.map(([, title]) => String(title).toLowerCase().replaceAll(" ", "-")).sort();
  assert.deepEqual(links.map(([, anchor]) => anchor).sort(), anchors);
});

test("names of nodes are escaped, and a node that is gone from the table is gone from the scrape", async () => {
  const id = 'we"ird\\node\n{x="1"} 5';
  const name = "Knoten \u00e4 \u{1f642}";
  const utf8 = (/** @type {string} */ text) => `CONVERT(UNHEX('${Buffer.from(text).toString("hex")}') USING utf8mb4)`;
  const values = `${utf8(id)}, ${utf8(name)}, '127.0.0.1:1', 'offline', NOW(6)`;
  await system.sql(`INSERT INTO node (node_id, node_name, host, status, last_seen) VALUES (${values})`);
  const label = String.raw`we\"ird\\node\n{x=\"1\"} 5`;
  const series = `kuma_cluster_node_status{node="${label}",status="offline"}`;
  // The next scrape may be answered by a worker that has not read it yet.
  const appears = async () => {
    const { text, values } = await scrape();
    return values.get(series) === 1 ? text : undefined;
  };
  const text = await waitFor(appears, { what: series, timeoutMs: 10000 }).catch(async (error) => {
    throw new Error((await scrape()).text.match(/^kuma_cluster_node_info.*$/gm)?.join("\n"), { cause: error });
  });
  assert.match(text, new RegExp(`name="${name}"`));
  const checked = run("promtool", ["check", "metrics"]);
  checked.child.stdin?.end(text);
  await checked;
  await system.sql("DELETE FROM node WHERE node_id LIKE 'we%'");
  const gone = async () => !(await scrape()).text.includes('we\\"ird');
  await waitFor(gone, { what: "the end of its series", timeoutMs: 10000 });
});

test("without the database the scrape is as quick and complete, and says so", async () => {
  const before = await scrape();
  await system.db.kill();
  const down = async () => (await scrape()).values.get("kuma_cluster_database_up") === 0;
  await waitFor(down, { what: "kuma_cluster_database_up 0", timeoutMs: 15000 });
  // The first error may be that of a connection that was open.
  const refused = async () =>
    ((await scrape()).values.get('kuma_cluster_database_errors_total{kind="connect"}') ?? 0) > 0;
  await waitFor(refused, { what: "an error of the kind connect", timeoutMs: 15000 });
  const begun = Date.now();
  const { values, families } = await scrape();
  assert.ok(Date.now() - begun < 2000, "a scrape waits for no database");
  const missing = [...before.families.keys()].filter((family) => !families.has(family));
  assert.deepEqual(
    missing.filter((family) => family !== "kuma_cluster_knowledge_age_seconds"),
    [],
  );
  assert.equal(values.get("kuma_cluster_ready"), 1);
  assert.equal(values.get('kuma_cluster_nodes{status="online"}'), 3);
  assert.ok((values.get('kuma_cluster_database_errors_total{kind="connect"}') ?? 0) > 0);
  const age = values.get("kuma_cluster_snapshot_age_seconds") ?? 0;
  await sleep(1100);
  assert.ok(((await scrape()).values.get("kuma_cluster_snapshot_age_seconds") ?? 0) > age);
  assert.equal((await system.get("/still-served")).status, 200);
});

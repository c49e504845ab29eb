import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startSystem } from "./harness.mjs";

const NEW = { "X-Cluster-Secret": "n3w-secret" };
const OLD = { Authorization: "Bearer 0ld-secret" };
const OPEN = ["ping", "livez", "readyz", "fixed-node/node1", "clear-fixed-node", "fixed-node-status"];
const STATUS = [
  ...["health", "health-status", "capacity", "system-status", "node-status", "load-balancer-status"],
  ...["fault-detection-status", "rebalancing-status", "setup-status", "available-nodes", "events"],
];
const GUARDED = ["debug-config", "debug-logs", "monitors/1/explain"];

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  const env = {
    ...{ CLUSTER_SECRET: "n3w-secret", CLUSTER_SECRET_PREVIOUS: "0ld-secret", LB_STATUS_PUBLIC: "false" },
    LB_TRUSTED_PROXIES: "127.0.9.0/24, 127.0.10.1",
  };
  system = await startSystem({ nodes: 2, monitors: 4, env, online: false });
  const isOnline = async () => {
    const { json } = await system.get("/lb/health", { headers: NEW });
    return json.status === "ok";
  };
  for (let tries = 0; !(await isOnline()); tries += 1) {
    assert.ok(tries < 200, "the nodes do not come online");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});
after(() => system?.close());

test("with LB_STATUS_PUBLIC=false a status takes the secret, and what a browser needs does not", async () => {
  for (const path of OPEN) assert.equal((await system.get(`/lb/${path}`)).status, 200, path);
  for (const path of [...STATUS, ...GUARDED]) {
    const refused = await system.get(`/lb/${path}`, { from: "127.0.1.1", keepAlive: false });
    assert.deepEqual([refused.status, refused.json.error], [401, "authentication_required"], path);
    const shown = await system.get(`/lb/${path}`, { headers: NEW, from: "127.0.1.2", keepAlive: false });
    assert.equal(shown.status, 200, `${path}: ${shown.text}`);
  }
  const typed = await system.get("/lb/health", { headers: { ...NEW, "Sec-Fetch-Site": "none" } });
  assert.equal(typed.status, 200, "an address that was typed in");
});

test("while the secret is changed the one before opens as well", async () => {
  for (const headers of [NEW, OLD]) {
    assert.equal((await system.post("/lb/trigger-health-check", { headers })).status, 200);
  }
  const wrong = await system.post("/lb/trigger-health-check", { headers: { "X-Cluster-Secret": "0ld-secre" } });
  assert.equal(wrong.json.error, "invalid_credentials");
});

test("debug-config has every setting, and no secret", async () => {
  const { json, text } = await system.get("/lb/debug-config", { headers: NEW });
  assert.doesNotMatch(text, /n3w-secret|0ld-secret|"secret"/);
  const values = Object.fromEntries(
    json.settings.map((/** @type {{name: string, value: unknown}} */ { name, value }) => [name, value]),
  );
  for (const name of ["DB_PASSWORD", "CLUSTER_SECRET", "CLUSTER_SECRET_PREVIOUS"]) assert.equal(values[name], "***");
  assert.equal(values["LB_STATUS_PUBLIC"], "false");
  assert.match(json.nginx, /^\d+\.\d+\.\d+$/);
  assert.match(json.ngx_lua, /^0\.10\.\d+$/);
});

test("debug-logs has the latest lines of all workers, bounded, oldest first", async () => {
  for (let round = 0; round < 30; round += 1) {
    await system.post("/lb/trigger-health-check", { headers: NEW, from: "127.0.1.3", keepAlive: false });
  }
  const { lines } = (await system.get("/lb/debug-logs", { headers: NEW })).json;
  assert.ok(
    lines.some((/** @type {{message: string}} */ { message }) => message.includes("node1: recovering -> online")),
  );
  assert.ok(lines.length <= 500);
  const times = lines.map((/** @type {{at: string}} */ { at }) => at);
  assert.deepEqual(times, [...times].sort());
});

test("who tries secrets is slowed down, and nobody else is", async () => {
  const tries = await Promise.all(
    Array.from({ length: 120 }, (_, index) =>
      system.post("/lb/trigger-health-check", {
        headers: { "X-Cluster-Secret": `guess-${index}` },
        from: "127.0.2.1",
        keepAlive: false,
      }),
    ),
  );
  const limited = tries.filter(({ status }) => status === 429);
  assert.ok(limited.length >= 20, `${limited.length} of 120`);
  assert.equal(limited[0]?.json.error, "rate_limited");
  assert.ok(limited[0]?.headers["retry-after"]);
  assert.ok(tries.every(({ status }) => status === 429 || status === 401));
  const other = await system.post("/lb/trigger-health-check", { headers: NEW, from: "127.0.2.2", keepAlive: false });
  assert.equal(other.status, 200);
  const open = await Promise.all(Array.from({ length: 200 }, () => system.get("/lb/ping", { from: "127.0.2.1" })));
  assert.ok(open.every(({ status }) => status === 200));
});

test("behind a trusted proxy the client is counted, not the proxy", async () => {
  const guess = (/** @type {string} */ client) =>
    system.post("/lb/trigger-health-check", {
      headers: { "X-Cluster-Secret": "guess", "X-Forwarded-For": client },
      from: "127.0.9.7",
      keepAlive: false,
    });
  const tries = await Promise.all(Array.from({ length: 100 }, () => guess("203.0.113.1")));
  assert.ok(tries.some(({ status }) => status === 429));
  assert.equal((await guess("203.0.113.2")).status, 401);
});

test("a node hears of the client what a trusted proxy says, and nothing that a stranger makes up", async () => {
  const claim = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Cluster-Hop": "node1",
  };
  const heard = async (/** @type {string} */ from) =>
    (await system.get("/echo", { headers: claim, from, keepAlive: false })).json.headers;
  const stranger = await heard("127.0.3.1");
  assert.equal(stranger["x-real-ip"], "127.0.3.1");
  assert.equal(stranger["x-forwarded-for"], "127.0.3.1");
  assert.equal(stranger["x-forwarded-proto"], "http");
  assert.equal(stranger["x-cluster-hop"], undefined);
  for (const proxy of ["127.0.9.1", "127.0.10.1"]) {
    const behind = await heard(proxy);
    assert.equal(behind["x-real-ip"], "203.0.113.9");
    assert.equal(behind["x-forwarded-for"], `203.0.113.9, ${proxy}`);
    assert.equal(behind["x-forwarded-proto"], "https");
  }
});

test("the names that the routes had before lead to those they have, and all else to a node", async () => {
  const names = [...STATUS, ...OPEN, ...GUARDED, "trigger-rebalancing", "nodes/node1/drain"];
  for (const name of names) {
    const { status, headers } = await system.get(`/api/${name}`);
    assert.deepEqual([status, headers["location"]], [308, `/lb/${name}`], name);
  }
  const query = await system.post("/api/trigger-rebalancing?dry_run=1");
  assert.deepEqual([query.status, query.headers["location"]], [308, "/lb/trigger-rebalancing?dry_run=1"]);
  assert.equal((await system.get("/health")).headers["location"], "/lb/ping");
  for (const path of ["/api/status-page/x", "/api/push/token", "/api/badge/1/status", "/api/entry-page", "/api/"]) {
    assert.ok((await system.get(path)).headers["x-routed-to"], path);
  }
});

test("what only the cluster's own parts ask of a node never gets there from outside", async () => {
  for (const path of ["reconcile-monitors", "watch", "Watch", "reconcile-monitors/", "%77atch", "//watch", "./watch"]) {
    const answer = await system.post(`/api/v1/${path}`, { headers: NEW, timeoutMs: 5000 });
    assert.deepEqual([answer.status, answer.headers["x-routed-to"]], [404, undefined], path);
  }
});

test("every answer of the load balancer's own carries the security headers, also a refusal", async () => {
  const paths = ["ping", "health", "nope", "fixed-node/node1", "assets/page.css", "assets/nope"];
  for (const path of paths) {
    const { headers } = await system.get(`/lb/${path}`);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.equal(headers["x-frame-options"], "DENY", path);
    assert.equal(headers["referrer-policy"], "same-origin", path);
    assert.match(String(headers["content-security-policy"]), /default-src 'none'.*frame-ancestors 'none'/, path);
  }
  const removed = await system.get("/lb/assets/page.css", { method: "DELETE" });
  assert.deepEqual([removed.status, removed.json.error], [405, "method_not_allowed"]);
  assert.equal(removed.headers["allow"], "GET, HEAD");
});

test("none of this left an error of Lua in the log", () => {
  assert.doesNotMatch(readFileSync(system.lb.log, "utf8"), /\[error\].*lua|stack traceback|n3w-secret|0ld-secret/);
});

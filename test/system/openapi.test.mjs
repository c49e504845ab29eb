// The OpenAPI document against a linter, and every answer of the load balancer, in the states that a cluster can be in,
// against the document.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { request } from "../support/http.mjs";
import { contractOf } from "../support/openapi.mjs";
import { startSystem } from "./harness.mjs";
import { untilIdle } from "./shares.mjs";

const SECRET = { "X-Cluster-Secret": "s3cret" };
const LARGEST_BODY = 1 << 20;

/** @type {import("./harness.mjs").System} */
let system;
/** @type {ReturnType<typeof contractOf>} */
let contract;
/** @type {any} */
let document;

before(async () => {
  system = await startSystem({ nodes: 2, users: 0, env: { CLUSTER_SECRET: "s3cret", DB_TIMEOUT: "1000" } });
  document = (await system.get("/lb/openapi.json")).json;
  contract = contractOf(document);
});
after(() => system?.close());

let clients = 0;

/** Another client's address each time: those of guarded routes are counted. */
const anyClient = () => {
  clients += 1;
  return `127.0.${20 + Math.floor(clients / 200)}.${1 + (clients % 200)}`;
};

/**
 * Sends a request whose answer must be as the document has it.
 * @param {string} name "GET /lb/health?x=1" @param {Parameters<typeof request>[1]} [options] @param {string} [url]
 */
async function call(name, options = {}, url = system.url) {
  const [method = "", path = ""] = name.split(" ");
  const answer = await request(`${url}${path}`, { method, from: anyClient(), ...options });
  assert.notEqual(answer.status, 0, `${name}: ${answer.error}`);
  contract.check(method, path, answer);
  return answer;
}

/** @param {string} name @param {number} status @param {string} code @param {Parameters<typeof request>[1]} [options] @param {string} [url] */
async function refused(name, status, code, options, url) {
  const answer = await call(name, options, url);
  assert.equal(answer.status, status, `${name}: ${answer.text}`);
  assert.equal(answer.json?.error, code, name);
}

/** @typedef {import("../support/openapi.mjs").Operation} Operation */

/** "GET /lb/nodes/node2/drain" @param {Operation} operation */
const example = ({ method, path }) => `${method} ${path.replace("{node}", "node2").replace("{id}", "1")}`;

/** Those of checks from several places need what the others have not: see probesAndChecks. */
const isOfProbes = (/** @type {Operation} */ { path }) => path.startsWith("/lb/probe");

/** @param {Operation} operation */
const isGuarded = ({ statuses }) => statuses.has("401");

/** @param {unknown} body @param {Record<string, string>} [headers] */
const json = (body, headers = { "Content-Type": "application/json" }) => ({ headers, body: JSON.stringify(body) });

/**
 * Every operation with the secret, but drain and ready.
 * @param {{url?: string, dryOnly?: boolean}} [options] `dryOnly`: a rebalancing would wait for the other node
 */
async function callAll({ url, dryOnly = false } = {}) {
  for (const operation of contract.operations) {
    const name = example(operation);
    if (operation.path.startsWith("/lb/nodes/") || isOfProbes(operation)) continue;
    if (operation.path === "/lb/set-fixed-node") {
      await call(name, json({ node: "node1" }), url);
      continue;
    }
    const isDryable = operation.query.includes("dry_run");
    if (isDryable) await call(`${name}?dry_run=1`, { headers: SECRET }, url);
    if (!isDryable || !dryOnly) await call(name, { headers: SECRET }, url);
  }
}

test("the document is a valid OpenAPI 3.1 document", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, "3.1");
});

test("the document names everything once, and what it refers to is there", () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const ids = operations.map(({ operationId }) => operationId);
  assert.equal(new Set(ids).size, ids.length);
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    assert.ok(document.components.schemas[String(name)], name);
  }
  for (const { parameters = [] } of operations) {
    for (const parameter of parameters) assert.ok(parameter.description, JSON.stringify(parameter));
  }
});

test("two workers write the same document", async () => {
  const texts = await Promise.all(
    Array.from({ length: 8 }, () => system.get("/lb/openapi.json", { keepAlive: false }).then(({ text }) => text)),
  );
  assert.equal(new Set(texts).size, 1);
});

test("before Uptime Kuma's set-up every answer is as documented", () => callAll());

test("with monitors every answer is as documented", async () => {
  await system.sql("INSERT INTO user (username) VALUES ('admin')");
  const rows = Array.from({ length: 12 }, (_, index) => `('m${index}', 1, 'node${index < 9 ? 1 : 2}')`);
  await system.sql(`INSERT INTO monitor (name, user_id, node_id) VALUES ${rows.join(",")}`);
  await callAll();
  await untilIdle(system);
  await system.sql("INSERT INTO cluster_event (type, node_id, monitor_id, actor) VALUES ('odd', 'node1', 1, 'test')");
  await callAll();
  await untilIdle(system);
});

test("drain and ready are as documented, and what they move is explained so", async () => {
  assert.equal((await call("POST /lb/nodes/node2/drain", { headers: SECRET })).status, 202);
  await system.untilStatus({ node1: "online", node2: "draining" });
  await untilIdle(system);
  await callAll({ dryOnly: true });
  await refused("POST /lb/nodes/node1/drain", 409, "last_online_node", { headers: SECRET });
  await refused("POST /lb/set-fixed-node", 400, "node_not_online", json({ node: "node2" }));
  assert.equal((await call("GET /lb/fixed-node/node2")).status, 400);
  assert.equal((await call("POST /lb/nodes/node2/ready", { headers: SECRET })).status, 202);
  await system.untilStatus({ node2: "online" });
  await untilIdle(system);
  for (let id = 1; id <= 12; id += 1) await call(`GET /lb/monitors/${id}/explain`, { headers: SECRET });
});

test("a node that is gone for good is forgotten as documented", async () => {
  await refused("DELETE /lb/nodes/node2", 409, "node_not_offline", { headers: SECRET });
  await system.sql("INSERT INTO node (node_id, status) VALUES ('gone', 'offline'), ('wanted', 'offline')");
  // At once: the leader moves what it finds on a dead node without a pin.
  const addPinned = (/** @type {string} */ values) =>
    system.sql(`START TRANSACTION;
      INSERT INTO monitor (user_id, name, active, node_id, assigned_node) VALUES (1, ${values});
      INSERT INTO cluster_pin (monitor_id) VALUES (LAST_INSERT_ID()); COMMIT`);
  await addPinned("'pinned', 0, 'wanted', NULL");
  await refused("DELETE /lb/nodes/wanted", 409, "monitors_pinned", { headers: SECRET });
  await system.sql("DELETE FROM monitor WHERE name = 'pinned'");
  await addPinned("'left', 1, 'node1', 'wanted'");
  await refused("DELETE /lb/nodes/wanted", 409, "monitors_left", { headers: SECRET });
  await system.sql("DELETE FROM monitor WHERE name = 'left'");
  for (const node of ["gone", "wanted"]) {
    assert.equal((await call(`DELETE /lb/nodes/${node}`, { headers: SECRET })).status, 200);
  }
});

/** @param {unknown} body */
const withSecret = (body) => json(body, { ...SECRET, "Content-Type": "application/json" });

const CHECK = { name: "web", kind: "http", target: { url: "http://127.0.0.1:1/", headers: { A: "b" } }, interval: 5 };

test("probes and checks are as documented", async () => {
  for (const path of ["probes", "probe-checks"]) await call(`GET /lb/${path}`, { headers: SECRET });
  const start = { probe_id: "probe1", name: "one", region: "eu", version: "1" };
  const { session } = (await call("POST /lb/probes/register", withSecret(start))).json;
  const added = await call("POST /lb/probe-checks", withSecret(CHECK));
  assert.equal(added.status, 201, added.text);
  const { id } = added.json;
  const assignments = `GET /lb/probes/assignments?probe=probe1&session=${session}`;
  const { etag = "" } = (await call(assignments, { headers: SECRET })).headers;
  const unchanged = await call(assignments, { headers: { ...SECRET, "If-None-Match": String(etag) } });
  assert.deepEqual([unchanged.status, unchanged.text], [304, ""]);
  const result = { seq: 1, check_id: id, status: "down", age_ms: 5, message: "connection refused" };
  const batch = { probe_id: "probe1", session, results: [result, { ...result, seq: 2, status: "up", ping_ms: 3 }] };
  assert.deepEqual((await call("POST /lb/probes/results", withSecret(batch))).json, { accepted: 2, ignored: 0 });
  assert.deepEqual((await call("POST /lb/probes/results", withSecret(batch))).json, { accepted: 0, ignored: 2 });
  for (const path of ["probes", "probe-checks", `probe-checks/${id}`, `probe-checks/${id}/results`]) {
    await call(`GET /lb/${path}`, { headers: SECRET });
  }
  await call(`PUT /lb/probe-checks/${id}`, withSecret({ ...CHECK, regions: ["us"], strategy: "all-down" }));
  await refused("POST /lb/probes/results", 409, "unknown_session", withSecret({ ...batch, session: "x" }));
  await refused("GET /lb/probes/assignments?probe=x&session=x", 409, "unknown_session", { headers: SECRET });
  await refused("GET /lb/probes/assignments", 400, "invalid_parameter", { headers: SECRET });
  for (const results of ["x", [7], [{ ...result, age_ms: -1 }]]) {
    await refused("POST /lb/probes/results", 400, "invalid_parameter", withSecret({ ...batch, results }));
  }
  await refused("POST /lb/probes/register", 400, "invalid_parameter", withSecret({ probe_id: "a b" }));
  await refused("POST /lb/probe-checks", 400, "invalid_parameter", withSecret({ ...CHECK, kind: "icmp" }));
  await refused(`PUT /lb/probe-checks/${id}`, 400, "invalid_parameter", withSecret({}));
  for (const method of ["GET", "DELETE"]) {
    await refused(`${method} /lb/probe-checks/999`, 404, "check_not_found", { headers: SECRET });
    await refused(`${method} /lb/probe-checks/x`, 400, "invalid_parameter", { headers: SECRET });
  }
  await refused("PUT /lb/probe-checks/999", 404, "check_not_found", withSecret(CHECK));
  await refused("GET /lb/probe-checks/999/results", 404, "check_not_found", { headers: SECRET });
  await refused(`GET /lb/probe-checks/${id}/results?limit=0`, 400, "invalid_parameter", { headers: SECRET });
  for (const path of ["probes/register", "probes/results", "probe-checks"]) {
    await refused(`POST /lb/${path}`, 400, "bad_json", { headers: SECRET, body: "{" });
    const text = { ...SECRET, "Content-Type": "text/xml" };
    await refused(`POST /lb/${path}`, 415, "unsupported_media_type", json({}, text));
    await refused(`POST /lb/${path}`, 413, "body_too_large", withSecret("x".repeat(LARGEST_BODY)));
  }
  const put = `PUT /lb/probe-checks/${id}`;
  await refused(put, 400, "bad_json", { headers: SECRET, body: "{" });
  await refused(put, 415, "unsupported_media_type", json({}, { ...SECRET, "Content-Type": "text/xml" }));
  await refused(put, 413, "body_too_large", withSecret("x".repeat(LARGEST_BODY)));
  await Promise.all(system.nodes.map((node) => node.behave({ answer: "500" })));
  await refused("POST /lb/probe-checks", 502, "not_taken", withSecret(CHECK));
  await refused(put, 502, "not_taken", withSecret(CHECK));
  await refused(`DELETE /lb/probe-checks/${id}`, 502, "not_taken", { headers: SECRET });
  await Promise.all(system.nodes.map((node) => node.behave({ answer: "ok" })));
  assert.equal((await call(`DELETE /lb/probe-checks/${id}`, { headers: SECRET })).status, 200);
});

test("what is wrong about a request is answered as documented", async () => {
  for (const action of ["drain", "ready"]) {
    await refused(`POST /lb/nodes/node9/${action}`, 404, "node_not_found", { headers: SECRET });
  }
  await refused("DELETE /lb/nodes/node9", 404, "node_not_found", { headers: SECRET });
  await refused("GET /lb/monitors/999/explain", 404, "monitor_not_found", { headers: SECRET });
  await refused("GET /lb/monitors/x/explain", 400, "invalid_parameter", { headers: SECRET });
  await refused("GET /lb/events?limit=0", 400, "invalid_parameter");
  for (const name of ["trigger-rebalancing", "force-rebalance-all", "update-loads"]) {
    for (const method of ["GET", "POST"]) {
      await refused(`${method} /lb/${name}?dry_run=2`, 400, "invalid_parameter", { headers: SECRET });
    }
  }
  const set = "POST /lb/set-fixed-node";
  await refused(set, 400, "unknown_node", json({ node: "node9" }));
  for (const body of [{}, { node: 1 }, { node: "node1", expires: 59 }, { node: "node1", expires: "x" }]) {
    await refused(set, 400, "invalid_parameter", json(body));
  }
  await refused(set, 400, "bad_json", json([]));
  await refused(set, 400, "bad_json", { body: "{" });
  await refused(set, 415, "unsupported_media_type", json({}, { "Content-Type": "text/xml" }));
  await refused(set, 413, "body_too_large", json("x".repeat(LARGEST_BODY)));
});

test("whoever may not change the cluster hears of it as documented", async () => {
  const foreign = { headers: { ...SECRET, "Sec-Fetch-Site": "cross-site" } };
  for (const operation of contract.operations.filter(
    ({ method, query }) => method !== "GET" || query.includes("dry_run"),
  )) {
    await refused(example(operation), 403, "foreign_origin", foreign);
  }
});

/**
 * Runs a second load balancer for a while.
 * @param {Record<string, string>} env @param {(url: string) => Promise<unknown>} use
 * @param {Partial<import("../../local/mariadb.mjs").Mariadb>} [db] what differs from the database of the first
 */
async function withLoadBalancer(env, use, db = {}) {
  const dir = join(system.dir, `lb${await freePort()}`);
  const settings = { dir, port: await freePort(), db: { ...system.db, ...db }, workers: 1 };
  const lb = await startLoadBalancer({ ...settings, env: { DB_TIMEOUT: "500", ...env } });
  await use(lb.url).finally(() => lb.stop());
}

test("with LB_STATUS_PUBLIC=false even a look takes the secret, as documented", async () => {
  const env = { LB_STATUS_PUBLIC: "false", CLUSTER_SECRET: "s3cret", CLUSTER_NODE_COUNT: "2" };
  await withLoadBalancer(env, async (url) => {
    for (const operation of contract.operations.filter(isGuarded)) {
      const name = example(operation);
      await refused(name, 401, "authentication_required", {}, url);
      await refused(name, 401, "invalid_credentials", { headers: { "X-Cluster-Secret": "wrong" } }, url);
      const from = anyClient();
      const flood = await Promise.all(Array.from({ length: 60 }, () => call(name, { from }, url)));
      assert.ok(
        flood.some(({ status }) => status === 429),
        name,
      );
    }
    await call("GET /lb/health", { headers: { Authorization: "Bearer s3cret" } }, url);
  });
});

test("without a secret those from elsewhere are refused as documented", async () => {
  await withLoadBalancer({ LB_STATUS_PUBLIC: "false" }, async (url) => {
    for (const operation of contract.operations.filter(isGuarded)) {
      await refused(example(operation), 403, "forbidden", { headers: { "X-Forwarded-For": "203.0.113.7" } }, url);
    }
    await call("GET /lb/debug-config", {}, url);
  });
});

test("with a node down every answer is as documented", async () => {
  await system.nodes[1]?.kill();
  await system.untilStatus({ node2: "offline" });
  await callAll({ dryOnly: true });
  await refused("POST /lb/set-fixed-node", 400, "node_not_online", json({ node: "node2" }));
  await system.nodes[1]?.start();
  await system.untilStatus({ node2: "online" });
  await untilIdle(system);
  await callAll();
});

test("every operation has given a good answer", () => {
  const good = [...contract.seen].map((name) => /^(\S+ \S+) 2\d\d$/.exec(name)?.[1]);
  const missing = contract.operations.map(({ name }) => name).filter((name) => !good.includes(name));
  assert.deepEqual(missing, []);
});

test("a load balancer that never saw its database answers as documented", async () => {
  const dead = { port: await freePort() };
  await withLoadBalancer({ CLUSTER_SECRET: "s3cret" }, (url) => callAll({ url }), dead);
});

test("with the database down every answer is as documented", async () => {
  await system.db.kill();
  await callAll();
  for (const action of ["drain", "ready"]) {
    await refused(`POST /lb/nodes/node2/${action}`, 503, "database_lost", { headers: SECRET });
  }
  await refused("DELETE /lb/nodes/node2", 503, "database_lost", { headers: SECRET });
  const start = { probe_id: "probe1", region: "eu", version: "1" };
  await refused("POST /lb/probes/register", 503, "database_lost", withSecret(start));
  const batch = { probe_id: "probe1", session: "x", results: [] };
  await refused("POST /lb/probes/results", 503, "database_lost", withSecret(batch));
  await refused("GET /lb/probes/assignments?probe=x&session=x", 503, "database_lost", { headers: SECRET });
  for (const path of ["probes", "probe-checks", "probe-checks/1", "probe-checks/1/results"]) {
    await refused(`GET /lb/${path}`, 503, "database_lost", { headers: SECRET });
  }
  await refused("PUT /lb/probe-checks/1", 503, "database_lost", withSecret(CHECK));
  await refused("DELETE /lb/probe-checks/1", 503, "database_lost", { headers: SECRET });
});

test("every error that the document lists was seen, but for one that takes a round of many seconds", () => {
  const listed = contract.operations.flatMap(({ name, errors }) => errors.map((error) => `${name} ${error}`));
  assert.deepEqual(
    listed.filter((name) => !contract.seen.has(name)),
    ["POST /lb/trigger-health-check 503 health_check_busy"],
  );
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { request } from "../support/http.mjs";
import { makeKey, send } from "./support/api.mjs";
import { ask, connect, setUp } from "./support/browser.mjs";
import { health, startCluster, USER } from "./support/cluster.mjs";
import { load } from "./support/load.mjs";

/** @type {import("./support/cluster.mjs").Cluster} */
let cluster;
let key = "";

before(async () => {
  cluster = await startCluster({ nodes: 1 });
  await setUp(cluster.nodes[0]);
});

after(() => cluster?.close());

/** @param {string} name @param {string} password */
const basic = (name, password) => `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

/** Asks for the monitors. @param {string} [authorization] @param {{url: string}} [node] */
function get(authorization, node = cluster.nodes[0]) {
  return send(node, "GET", "/monitors", {
    headers: authorization === undefined ? {} : { Authorization: authorization },
  });
}

/** @param {string} method @param {string} path @param {Parameters<typeof request>[1]} [options] */
function raw(method, path, options = {}) {
  const headers = { Authorization: key, ...options.headers };
  return request(`${cluster.nodes[0].url}/api/v1${path}`, { method, ...options, headers });
}

/** @param {import("../support/http.mjs").Reply} answer @param {number} status @param {string} code */
function assertError(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.error, code, answer.text);
  assert.equal(answer.headers["cache-control"], "no-store");
  if (status === 401) assert.match(String(answer.headers["www-authenticate"]), /^Basic realm=.*Bearer/);
}

test("while there are no API keys, name and password are taken", async () => {
  assert.equal((await get(basic(USER.username, USER.password))).status, 200);
  assertError(await get(basic(USER.username, "wrong")), 401, "invalid_credentials");
  assertError(await get("uk1_nothing"), 401, "api_keys_not_enabled");
  await cluster.sql("UPDATE user SET twofa_status = 1");
  assertError(await get(basic(USER.username, USER.password)), 401, "two_factor_required");
  await cluster.sql("UPDATE user SET twofa_status = 0");
});

test("an API key is taken in each form", async () => {
  key = await makeKey(cluster.nodes[0]);
  for (const form of [key, `Bearer ${key}`, `bearer ${key}`, basic("anything", key), basic("", key)]) {
    const answer = await get(form);
    assert.equal(answer.status, 200, `${form}: ${answer.text}`);
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(answer.headers["x-powered-by"], undefined);
  }
});

test("whoever is not let in is told why", async () => {
  assertError(await get(), 401, "authentication_required");
  assertError(await get(`${key}x`), 401, "invalid_credentials");
  assertError(await get("uk77_x"), 401, "invalid_credentials");
  assertError(await get(basic(USER.username, USER.password)), 401, "invalid_credentials");
  for (const form of ["Bearer", "Basic !", "Digest x", "Bearer a b"]) {
    assertError(await get(form), 401, "invalid_credentials");
  }
  const expired = await makeKey(cluster.nodes[0], { expires: "2020-01-01 00:00:00" });
  assertError(await get(expired), 401, "api_key_expired");
  const disabled = await makeKey(cluster.nodes[0], { active: false });
  assertError(await get(disabled), 401, "api_key_disabled");
  assertError(await get(`${disabled}x`), 401, "invalid_credentials");
  await cluster.sql("UPDATE api_key SET active = 0 WHERE id = 1");
  assertError(await get(key), 401, "api_key_disabled");
  await cluster.sql("UPDATE api_key SET active = 1 WHERE id = 1");
  assert.equal((await get(key)).status, 200);
});

test("the token of a login is taken until the password changes", async () => {
  const browser = await connect(cluster.nodes[0]);
  const { token } = await ask(browser, "login", { ...USER, token: "" });
  browser.disconnect();
  assert.equal((await get(`Bearer ${token}`)).status, 200);
  const [head, content, signature] = token.split(".");
  const forged = Buffer.from(JSON.stringify({ username: USER.username })).toString("base64url");
  const none = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
  for (const bad of [`${head}.${forged}.${signature}`, `${none}.${content}.`, "x.y.z"]) {
    assertError(await get(`Bearer ${bad}`), 401, "invalid_credentials");
  }
  // 2.0.0-dev.0 has tokens that outlive the password.
  if ((await health(cluster.nodes[0])).version.startsWith("2.0.0")) return;
  const [[hash]] = await cluster.sql("SELECT password FROM user");
  await cluster.sql("UPDATE user SET password = 'sha1$other'");
  assertError(await get(`Bearer ${token}`), 401, "invalid_credentials");
  await cluster.sql(`UPDATE user SET password = '${hash}'`);
});

test("what is no proper request is answered in JSON", async () => {
  const json = { "Content-Type": "application/json" };
  for (const path of ["", "/", "/nothing", "/monitors/x", "/monitors/0", "/monitors/1/nothing", "/%zz"]) {
    assertError(await raw("GET", path), 404, "not_found");
  }
  const wrongMethod = await raw("DELETE", "/monitors");
  assertError(wrongMethod, 405, "method_not_allowed");
  assert.equal(wrongMethod.headers.allow, "GET, HEAD, POST");
  assertError(await raw("POST", "/health"), 405, "method_not_allowed");
  assertError(await raw("POST", "/monitors", { headers: json, body: "{" }), 400, "bad_json");
  assertError(await raw("POST", "/monitors", { headers: json, body: "[1]" }), 400, "bad_json");
  assertError(await raw("POST", "/monitors"), 400, "bad_json");
  const text = { "Content-Type": "text/plain" };
  assertError(await raw("POST", "/monitors", { headers: text, body: "{}" }), 415, "unsupported_media_type");
  const large = JSON.stringify({ name: "x".repeat(2_000_000) });
  assertError(await raw("POST", "/monitors", { headers: json, body: large, keepAlive: false }), 413, "body_too_large");
  const head = await raw("HEAD", "/monitors");
  assert.deepEqual([head.status, head.text], [200, ""]);
  assert.equal((await raw("GET", "/monitors/")).status, 200);
});

test("a page of another site changes nothing", async () => {
  const { host } = new URL(cluster.nodes[0].url);
  for (const origin of ["https://evil.example", "null"]) {
    assertError(await raw("POST", "/monitors/1/pause", { headers: { Origin: origin } }), 403, "foreign_origin");
  }
  const own = await raw("POST", "/monitors/1/pause", { headers: { Origin: `http://${host}` } });
  assertError(own, 404, "monitor_not_found");
});

test("openapi.json describes each route of the table", async () => {
  const { ROUTES } = await load("api/routes");
  const document = (await send(cluster.nodes[0], "GET", "/openapi.json")).json;
  assert.equal(document.openapi, "3.1.0");
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = ROUTES.map(
    (/** @type {{method: string, path: string}} */ { method, path }) => `${method} /api/v1${path}`,
  );
  assert.deepEqual(described.sort(), routes.sort());
  const text = readFileSync(new URL("../../API_DOCUMENTATION.md", import.meta.url), "utf8");
  for (const route of routes) assert.ok(text.includes(`\`${route}\``), `API_DOCUMENTATION.md has nothing of ${route}`);
  for (const [, schema] of JSON.stringify(document.paths).matchAll(/#\/components\/schemas\/(\w+)/g)) {
    assert.ok(document.components.schemas[schema], schema);
  }
});

test("only the cluster may have a node look for its monitors", async () => {
  const [node] = cluster.nodes;
  /** @param {{url: string}} to @param {Record<string, string>} [headers] */
  const reconcile = (to, headers) => send(to, "POST", "/reconcile-monitors", { ...(headers && { headers }) });
  const answer = await reconcile(node);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json, {
    ...{ node_id: "node1", monitors_assigned: 0, monitors_running: 0, monitors_stopped: 0, monitors_to_start: 0 },
  });
  assertError(await reconcile(node, { "X-Forwarded-For": "127.0.0.1" }), 403, "forbidden");
  const locked = await cluster.node("node2", { env: { CLUSTER_SECRET: "open sesame" } });
  await locked.ready();
  assertError(await reconcile(locked), 403, "forbidden");
  assertError(await reconcile(locked, { "X-Cluster-Secret": "open" }), 403, "forbidden");
  assert.equal((await reconcile(locked, { "X-Cluster-Secret": "open sesame" })).status, 200);
  await locked.stop();
  await cluster.sql("DELETE FROM node WHERE node_id = 'node2'");
});

test("guesses are limited, and whoever is known is not held up by them", async () => {
  const answers = await Promise.all(Array.from({ length: 61 }, (_, index) => get(`uk88_${index}`)));
  const limited = answers.filter((answer) => answer.status === 429);
  assert.ok(limited.length > 0);
  assertError(limited[0], 429, "rate_limited");
  assert.ok(Number(limited[0].headers["retry-after"]) > 0);
  assert.equal((await get(key)).status, 200);
});

test("without logins the API needs none, and browsers see only what changes", async () => {
  await cluster.sql("INSERT INTO setting (`key`, value) VALUES ('disableAuth', 'true')");
  const node = await cluster.node("node3");
  await node.ready();
  const browser = await connect(node);
  await sleep(2000);
  /** @type {string[]} */
  const seen = [];
  browser.onAny((event) => void seen.push(event));
  assert.equal((await get(undefined, node)).status, 200);
  const added = await send(node, "POST", "/monitors", { body: { type: "group", name: "open", active: false } });
  assert.equal(added.status, 201, added.text);
  await sleep(2000);
  browser.disconnect();
  const old = (await health(node)).version.startsWith("2.0.0");
  assert.deepEqual(seen, [old ? "monitorList" : "updateMonitorIntoList"]);
  await node.stop();
  await cluster.sql("DELETE FROM setting WHERE `key` = 'disableAuth'");
});

test("while the database is lost the API says so", async () => {
  await cluster.db.kill();
  const isLost = async () => {
    const answer = await get(key);
    return answer.status === 503 && answer.json.error === "database_lost" ? answer : undefined;
  };
  const answer = await waitFor(isLost, { what: "a 503", timeoutMs: 15000 });
  assert.ok(Number(answer.headers["retry-after"]) > 0);
  assertError(await raw("GET", "/nothing"), 404, "not_found");
});

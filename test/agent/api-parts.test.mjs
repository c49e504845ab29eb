import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { compilePath, matchPath } = await load("api/path");
const { readCredentials } = await load("api/credentials");
const { problemOfAnswer } = await load("api/kuma-answer");
const { typesInSource } = await load("api/monitor-types");
const { guardCluster } = await load("api/guard");
const { defaultsFor } = await load("api/monitor-defaults");
const { unchangedFields } = await load("api/row");
const { VerifiedSecrets } = await load("api/verified");

test("a path has numbers where its pattern has braces", () => {
  const pattern = compilePath("/monitors/{id}/pause");
  assert.deepEqual(matchPath(pattern, "/monitors/12/pause"), { id: 12 });
  assert.deepEqual(matchPath(pattern, "/monitors/12/pause/"), { id: 12 });
  for (const path of [
    "/monitors/x/pause",
    "/monitors/-1/pause",
    "/monitors/12",
    "/monitors/12/pause/x",
    "/monitors/0/pause",
  ]) {
    assert.equal(matchPath(pattern, path), undefined, path);
  }
  assert.equal(matchPath(compilePath("/openapi.json"), "/openapi_json"), undefined);
});

test("an Authorization header holds a key, a token or a name and a password", () => {
  assert.deepEqual(readCredentials(undefined), { kind: "none" });
  assert.deepEqual(readCredentials("uk12_ab-c"), { kind: "key", key: "uk12_ab-c" });
  assert.deepEqual(readCredentials("BEARER  uk1_x"), { kind: "key", key: "uk1_x" });
  assert.deepEqual(readCredentials("Bearer a.b.c"), { kind: "token", token: "a.b.c" });
  const encoded = Buffer.from("me:pass:word").toString("base64");
  assert.deepEqual(readCredentials(`Basic ${encoded}`), { kind: "basic", name: "me", password: "pass:word" });
  for (const text of ["Basic bm9jb2xvbg==", "Digest x", "Bearer", "nonsense"]) {
    assert.deepEqual(readCredentials(text), { kind: "unknown" }, text);
  }
});

test("an answer of Uptime Kuma becomes a problem that shows no statement", () => {
  /** @param {string | undefined} text */
  const of = (text) => {
    const { status, code, message, fields } = problemOfAnswer(text);
    return { status, code, message, fields };
  };
  const sql = "insert into `monitor` (`name`) values ('my - secret') - ";
  assert.deepEqual(of(`${sql}Data too long for column 'name' at row 1`), {
    ...{ status: 400, code: "invalid_value", message: "Data too long for column 'name' at row 1", fields: ["name"] },
  });
  assert.equal(of(`${sql}Duplicate entry 'x' for key 'y'`).code, "conflict");
  assert.equal(of(`${sql}connect ECONNREFUSED 127.0.0.1:3306`).code, "database_lost");
  assert.equal(of(`${sql}The MariaDB server is running with the --read-only option`).code, "database_lost");
  assert.equal(of(`${sql.replace("my - secret", "Deadlock found")}Unknown column 'x'`).code, "invalid_value");
  assert.equal(of("You do not own this monitor.").status, 404);
  assert.equal(of("Interval cannot be less than 20 seconds").message, "Interval cannot be less than 20 seconds");
  assert.doesNotMatch(of("Cannot read properties of null (reading 'user_id')").message, /user_id/);
  assert.equal(of(undefined).code, "invalid_monitor");
});

test("the types are those that Uptime Kuma's check asks for", () => {
  const source = 'if (this.type === "http" || this.type === "json-query") {} else if (this.type in list) {}';
  assert.deepEqual([...typesInSource(source)], ["http", "json-query"]);
});

test("without a secret only this machine may, and not through a proxy", () => {
  /** @param {string} remoteAddress @param {Record<string, string>} [headers] @param {string[]} secrets */
  const isLetIn = (remoteAddress, headers = {}, ...secrets) => {
    try {
      guardCluster({ headers, socket: { remoteAddress } }, secrets);
      return true;
    } catch (error) {
      assert.equal(/** @type {{status: number}} */ (error).status, 403);
      return false;
    }
  };
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.9"]) assert.ok(isLetIn(address), address);
  for (const address of ["10.0.0.1", "::ffff:10.0.0.1", "127.0.0.1.evil"]) assert.ok(!isLetIn(address), address);
  assert.ok(!isLetIn("127.0.0.1", { "x-real-ip": "127.0.0.1" }));
  assert.ok(!isLetIn("127.0.0.1", {}, "secret"));
  assert.ok(isLetIn("10.0.0.1", { authorization: "Bearer secret" }, "secret"));
  assert.ok(!isLetIn("10.0.0.1", { authorization: "Bearer secre" }, "secret"));
  assert.ok(isLetIn("10.0.0.1", { "x-cluster-secret": "old" }, "secret", "old"));
});

test("a new monitor gets only what its Uptime Kuma has, and what was given stays", () => {
  const columns = new Map(
    ["interval", "retry_interval", "timeout", "push_token"].map((name) => [name, { name, longest: 20 }]),
  );
  /** @param {Record<string, unknown>} given */
  const defaults = (given) => defaultsFor(given, columns, (/** @type {number} */ length) => "x".repeat(length));
  assert.deepEqual(defaults({ type: "http", interval: 20 }), {
    ...{ accepted_statuscodes: ["200-299"], retryInterval: 20, timeout: 16 },
  });
  assert.equal(defaults({ type: "push" }).pushToken, "x".repeat(20));
  assert.equal(defaults({ type: "http", timeout: 3 }).timeout, undefined);
  assert.equal(defaults({ type: "http", interval: "often" }).timeout, 48);
});

test("a field is unchanged when another value was given than before and its column stayed as it was", () => {
  const before = { port: 53, ignore_tls: 0, conditions: "[]", name: "a" };
  const same = { port: "53", ignoreTls: false, conditions: [], name: "b", tags: [1] };
  assert.deepEqual(unchangedFields(same, before, { ...before, name: "b" }), []);
  assert.deepEqual(unchangedFields({ port: 54, name: "b" }, before, { ...before, name: "b" }), ["port"]);
});

test("a secret is known as long as the stored hash is the same", () => {
  const verified = new VerifiedSecrets();
  verified.add("secret", "hash");
  assert.ok(verified.has("secret", "hash"));
  assert.ok(!verified.has("secret", "other"));
  assert.ok(!verified.has("secrets", "hash"));
  for (let index = 0; index < 300; index++) verified.add(String(index), "hash");
  assert.ok(!verified.has("secret", "hash"), "the oldest one is forgotten");
});

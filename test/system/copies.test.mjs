import assert from "node:assert/strict";
import { get } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { copiesOnDisk, keyOf } from "../support/copies.mjs";
import { startSystem } from "./harness.mjs";

const BADGE = "/api/badge/1/status";
/** A copy serves for the second in which it came: after this the node is asked. */
const REFRESHED_MS = 2100;

/** @type {import("./harness.mjs").System} */
let system;
/** @type {import("../../local/load-balancer.mjs").LoadBalancer | undefined} */
let restarted;

before(async () => {
  system = await startSystem({ monitors: 6, env: { DB_TIMEOUT: "1000" } });
});
after(async () => {
  await restarted?.stop();
  await system?.close();
});

const lbDir = () => join(system.dir, "lb");
const keys = () => copiesOnDisk(lbDir()).map(keyOf);
/** @param {Parameters<import("./harness.mjs").FakeNode["behave"]>[0]} behaviour */
const behave = (behaviour) => Promise.all(system.nodes.map((node) => node.behave(behaviour)));
/** How a path went through the cache that no URL may have. @param {string} path @returns {Promise<unknown>} */
const askRaw = (path) =>
  new Promise((resolve, reject) => {
    const { port } = system.lb;
    get({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.headers["x-kuma-cache"]));
    }).on("error", reject);
  });
/** @param {string} path @param {Parameters<import("./harness.mjs").System["get"]>[1]} [more] @returns {Promise<[number, unknown]>} */
async function ask(path, more) {
  const { status, headers } = await system.get(path, more);
  return [status, headers["x-kuma-cache"]];
}

test("while nodes answer, an answer is theirs and at most the second old", async () => {
  assert.deepEqual(await ask(BADGE), [200, "MISS"]);
  const seen = async () => {
    const nodes = await Promise.all(system.nodes.map((node) => node.seen()));
    return nodes.reduce((sum, { counts }) => sum + (counts[`GET ${BADGE}`] ?? 0), 0);
  };
  const copy = await system.get(BADGE);
  assert.equal(copy.headers["x-kuma-cache"], "HIT");
  assert.equal(copy.headers["x-routed-to"], undefined);
  assert.equal(await seen(), 1);
  await sleep(REFRESHED_MS);
  const fresh = await system.get(BADGE);
  assert.equal(fresh.headers["x-kuma-cache"], "EXPIRED");
  assert.match(String(fresh.headers["x-routed-to"]), /^uptime-kuma-node/);
  assert.equal(await seen(), 2);
});

test("hosts, queries and encodings have copies of their own", async () => {
  assert.deepEqual(await ask(BADGE, { headers: { Host: "status.example.org" } }), [200, "MISS"]);
  assert.deepEqual(await ask(`${BADGE}?style=flat`), [200, "MISS"]);
  assert.deepEqual(await ask(BADGE, { headers: { "Accept-Encoding": "gzip, deflate, br" } }), [200, "MISS"]);
  assert.deepEqual(await ask(BADGE, { headers: { "Accept-Encoding": "br;q=1, gzip" } }), [200, "HIT"]);
});

test("what shows credentials, is not a GET or is not for everybody goes by without a trace", async () => {
  const secret = "for-my-eyes-only";
  const path = `/api/badge/2/status?${secret}`;
  for (const value of [`Bearer ${secret}`, "0", `Basic ${secret}`]) {
    assert.deepEqual(await ask(path, { headers: { Authorization: value } }), [200, "BYPASS"]);
    assert.deepEqual(await ask(path, { headers: { "X-API-Key": value } }), [200, "BYPASS"]);
  }
  assert.deepEqual(await ask(path, { method: "POST" }), [200, undefined]);
  for (const other of ["/metrics", "/api/v1/monitors", "/screenshots/1.png", "/api/push/abc", "/dashboard", "/"]) {
    const [status, cache] = await ask(`${other}?${secret}`);
    assert.equal(status, 200, other);
    assert.ok(other === "/" ? cache === "MISS" : cache === undefined, other);
  }
  for (const odd of ["/metrics/../status/200", "/metrics/%2e%2E/status/200", "//status/200", "/api/badge/%2F1"]) {
    assert.deepEqual([odd, await askRaw(`${odd}?${secret}`)], [odd, "BYPASS"]);
  }
  await behave({ headers: { "Set-Cookie": "a=b" } });
  assert.deepEqual(await ask(path), [200, "MISS"]);
  await behave({ headers: { "Cache-Control": "private, max-age=60" } });
  assert.deepEqual(await ask(path), [200, "MISS"]);
  await behave({ headers: { "Content-Type": "text/html" } });
  assert.deepEqual(await ask("/status/404"), [404, "MISS"]);
  assert.deepEqual(await ask("/status/500"), [500, "MISS"]);
  await behave({ headers: {} });
  assert.deepEqual(
    copiesOnDisk(lbDir()).filter((copy) => copy.includes(secret)),
    [],
  );
  assert.ok(
    keys().every((key) => /\/api\/badge\/1\/status(\?style=flat)?$/.test(key)),
    String(keys()),
  );
});

test("what a node no longer has is gone, and does not come back when no node is left", async () => {
  const path = "/api/badge/3/status";
  assert.deepEqual(await ask(path), [200, "MISS"]);
  await sleep(REFRESHED_MS);
  await behave({ answer: "404" });
  assert.deepEqual(await ask(path), [404, "EXPIRED"]);
  await behave({ answer: "503" });
  await sleep(REFRESHED_MS);
  assert.deepEqual(await ask(path), [404, "STALE"]);
  await behave({ answer: "ok" });
  assert.deepEqual(await ask(path), [200, "EXPIRED"]);
});

test("nodes that fail, hang up or hang leave the copy to serve", async () => {
  for (const answer of ["500", "502", "503", "close", "hang"]) {
    await sleep(REFRESHED_MS);
    await behave({ answer });
    assert.deepEqual(await ask(BADGE, { timeoutMs: 15000 }), [200, "STALE"], answer);
    if (answer !== "hang") assert.notEqual((await ask("/api/badge/9/status"))[0], 200, "what there is no copy of");
    await behave({ answer: "ok" });
    assert.deepEqual(await ask(BADGE), [200, "EXPIRED"], "and a node is asked again at once");
  }
});

test("with no node left copies serve, but only whom they may", async () => {
  await sleep(REFRESHED_MS);
  await Promise.all(system.nodes.map((node) => node.kill()));
  const whole = await system.get(BADGE);
  assert.deepEqual([whole.status, whole.headers["x-kuma-cache"]], [200, "STALE"]);
  assert.equal(whole.headers["x-routed-to"], undefined);
  assert.equal(whole.headers["x-routed-via"], undefined);
  const head = await system.get(BADGE, { method: "HEAD" });
  assert.deepEqual([head.status, head.headers["x-kuma-cache"], head.text], [200, "STALE", ""]);
  assert.deepEqual(await ask(BADGE, { headers: { "X-API-Key": "0" } }), [503, undefined]);
  assert.deepEqual(await ask(BADGE, { method: "POST" }), [503, undefined]);
  assert.deepEqual(await ask("/api/badge/77/status"), [503, undefined]);
  assert.deepEqual(await ask("/dashboard"), [503, undefined]);
});

test("copies outlive the load balancer, and need neither node nor database", async () => {
  await system.lb.stop();
  await system.db.stop();
  const { db, lb } = system;
  restarted = await startLoadBalancer({ dir: lbDir(), port: lb.port, db, workers: 2, env: { DB_TIMEOUT: "1000" } });
  assert.deepEqual(await ask(BADGE), [200, "STALE"]);
  assert.deepEqual(await ask("/api/badge/77/status"), [503, undefined]);
  assert.deepEqual(await ask("/dashboard"), [503, undefined]);
});

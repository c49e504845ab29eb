import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ nodes: 3, monitors: 9, env: { LB_TRUSTED_PROXIES: "127.0.9.0/24" } });
});
after(() => system?.close());

/** What a browser would keep of an answer's cookies, as it sends it back. */
const kept = (/** @type {import("../support/http.mjs").Reply} */ reply) =>
  String(reply.headers["set-cookie"]?.[0]).split(";")[0];

/** @param {string} cookie */
const status = async (cookie) => (await system.get("/lb/fixed-node-status", { headers: { Cookie: cookie } })).json;

/** @param {string} body @param {Record<string, string>} [headers] */
const set = (body, headers = { "Content-Type": "application/json" }) =>
  system.post("/lb/set-fixed-node", { body, headers });

test("a page pins the browser to a node, and another one lets it go", async () => {
  const page = await system.get("/lb/fixed-node/node2");
  assert.equal(page.status, 200);
  assert.match(String(page.headers["content-type"]), /^text\/html/);
  assert.match(page.text, /<html lang="en">[^]*<h1>You are on node2 now<\/h1>/);
  assert.equal(
    page.headers["set-cookie"]?.[0],
    "KUMA_FIXED_NODE=node2; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax",
  );
  const cookie = kept(page);
  for (let count = 0; count < 5; count += 1) {
    const { headers } = await system.get("/", { headers: { Cookie: cookie } });
    assert.equal(headers["x-routed-via"], "fixed-node");
    assert.equal(headers["x-routed-to"], "uptime-kuma-node2");
  }
  const { has_fixed_node, current_node, is_valid, routed_to } = await status(cookie);
  assert.deepEqual([has_fixed_node, current_node, is_valid, routed_to], [true, "node2", true, "node2"]);
  const cleared = await system.get("/lb/clear-fixed-node", { headers: { Cookie: cookie } });
  assert.equal(cleared.headers["set-cookie"]?.[0], "KUMA_FIXED_NODE=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
  const free = await status("");
  assert.deepEqual([free.has_fixed_node, free.is_valid, free.current_node], [false, false, undefined]);
  assert.deepEqual(free.cluster_status, { status: "ok", online_nodes: 3, total_nodes: 3 });
});

test("the pages speak Traditional Chinese to who prefers it", async () => {
  const headers = { "Accept-Language": "zh-TW,zh;q=0.9,en;q=0.8" };
  for (const path of ["fixed-node/node1", "fixed-node/node9", "clear-fixed-node"]) {
    const page = await system.get(`/lb/${path}`, { headers });
    assert.match(page.text, /<html lang="zh-Hant">[^]*[節負]/);
    assert.equal(page.headers["content-language"], "zh-Hant");
    assert.equal(page.headers["vary"], "Accept-Language");
  }
});

test("no node, no cookie: 400, and nothing of the name becomes HTML", async () => {
  for (const name of ["node9", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "node1%0d%0aX-Evil:1", "x".repeat(3000), "%00"]) {
    const page = await system.get(`/lb/fixed-node/${name}`);
    assert.equal(page.status, name.includes("%2F") ? 404 : 400, name);
    assert.equal(page.headers["set-cookie"], undefined);
    assert.equal(page.headers["x-evil"], undefined);
    assert.doesNotMatch(page.text, /<script/);
  }
});

test("the API pins for as long as it is told, within bounds", async () => {
  const answer = await set('{"node": "node3", "expires": 60}');
  assert.equal(answer.status, 200);
  assert.deepEqual([answer.json.node, answer.json.expires], ["node3", 60]);
  assert.match(String(answer.headers["set-cookie"]), /^KUMA_FIXED_NODE=node3; Max-Age=60; /);
  const left = Date.parse(answer.json.expires_at) - Date.now();
  assert.ok(left > 50000 && left <= 60000, String(left));
  assert.equal((await set('{"node": "node3"}')).json.expires, 604800);
  assert.equal((await set('{"node": "node3", "expires": 31536000}')).status, 200);
  const refused = [
    ...["59", "31536001", "-1", "60.5", '"60"', "1e99", "null", "[]", "NaN", "true"].map(
      (expires) => `{"node":"node1","expires":${expires}}`,
    ),
    ...["{}", '{"node":""}', '{"node":7}', '{"node":null}', '{"node":["node1"]}', '{"node":{}}'],
  ];
  for (const body of refused) {
    const { status: code, json, headers } = await set(body);
    assert.deepEqual([code, json.error, headers["set-cookie"]], [400, "invalid_parameter", undefined], body);
  }
  for (const body of ["", "{", "[]", "7", '"node1"', "null", "node=node1", "\0", "[".repeat(5000)]) {
    assert.equal((await set(body)).json.error, "bad_json", body.slice(0, 20));
  }
  assert.equal((await set('{"node":"node9"}')).json.error, "unknown_node");
  assert.equal((await set('{"node":"node1"}', { "Content-Type": "text/plain" })).status, 415);
  const large = await set(`{"node":"node1","x":"${"y".repeat(1048600)}"}`);
  assert.deepEqual([large.status, large.json.error], [413, "body_too_large"]);
  assert.equal((await set(`{"node":"node1","x":"${"y".repeat(1000000)}"}`)).status, 200);
  const cleared = await system.post("/lb/clear-fixed-node");
  assert.deepEqual(cleared.json, { cleared: true });
  assert.match(String(cleared.headers["set-cookie"]), /Max-Age=0/);
});

test("a page of another site pins nobody", async () => {
  const headers = { "Content-Type": "application/json", "Sec-Fetch-Site": "cross-site" };
  const answer = await set('{"node":"node1"}', headers);
  assert.deepEqual([answer.status, answer.json.error], [403, "foreign_origin"]);
});

test("the cookie is secure where the browser came by HTTPS, as a trusted proxy says", async () => {
  const headers = { "X-Forwarded-Proto": "https" };
  const trusted = await system.get("/lb/fixed-node/node1", { headers, from: "127.0.9.1", keepAlive: false });
  assert.match(String(trusted.headers["set-cookie"]), /; Secure$/);
  const stranger = await system.get("/lb/fixed-node/node1", { headers });
  assert.doesNotMatch(String(stranger.headers["set-cookie"]), /Secure/);
});

test("garbage, a very long cookie and two cookies mean load balancing, and the cookie goes", async () => {
  const cookies = {
    unknown_node: [
      "KUMA_FIXED_NODE=node9",
      "KUMA_FIXED_NODE=';DROP TABLE node;--",
      `KUMA_FIXED_NODE=${"x".repeat(12000)}`,
    ],
    several_cookies: [
      "KUMA_FIXED_NODE=node1; KUMA_FIXED_NODE=node2",
      "a=b;KUMA_FIXED_NODE=node1;c=d; KUMA_FIXED_NODE=node1",
    ],
  };
  for (const [reason, list] of Object.entries(cookies)) {
    for (const cookie of list) {
      const { status: code, headers } = await system.get("/", { headers: { Cookie: cookie } });
      assert.equal(code, 200, cookie.slice(0, 60));
      assert.equal(headers["x-routed-via"], "load-balancer");
      assert.match(String(headers["set-cookie"]), /KUMA_FIXED_NODE=; Max-Age=0/);
      const { has_fixed_node, is_valid, invalid_reason } = await status(cookie);
      assert.deepEqual([has_fixed_node, is_valid, invalid_reason], [true, false, reason], cookie.slice(0, 60));
    }
  }
  for (const cookie of ["XKUMA_FIXED_NODE=node1", "KUMA_FIXED_NODE=", "KUMA_FIXED_NODE"]) {
    const { headers } = await system.get("/", { headers: { Cookie: cookie } });
    assert.deepEqual([headers["x-routed-via"], headers["set-cookie"]], ["load-balancer", undefined], cookie);
  }
  const one = await system.get("/", { headers: { Cookie: "XKUMA_FIXED_NODE=node1; KUMA_FIXED_NODE=node3" } });
  assert.equal(one.headers["x-routed-to"], "uptime-kuma-node3");
});

test("clients of a trusted proxy are spread by their own addresses, and each stays where it is", async () => {
  const nodeOf = async (/** @type {number} */ client) => {
    const headers = { "X-Forwarded-For": `10.0.0.${client}` };
    return (await system.get("/", { from: "127.0.9.7", headers })).headers["x-routed-to"];
  };
  const clients = Array.from({ length: 30 }, (_, index) => index + 1);
  const [first, second] = [await Promise.all(clients.map(nodeOf)), await Promise.all(clients.map(nodeOf))];
  assert.equal(new Set(first).size, 3);
  assert.deepEqual(second, first);
});

test("when the node goes offline the browser is back to load balancing, and cannot choose it", async () => {
  const cookie = "KUMA_FIXED_NODE=node3";
  await system.nodes[2]?.kill();
  await system.untilStatus({ node3: "offline" });
  const { status: code, headers } = await system.get("/", { headers: { Cookie: cookie } });
  assert.equal(code, 200);
  assert.equal(headers["x-routed-via"], "load-balancer");
  assert.match(String(headers["set-cookie"]), /KUMA_FIXED_NODE=; Max-Age=0/);
  const { is_valid, invalid_reason, routed_to } = await status(cookie);
  assert.deepEqual([is_valid, invalid_reason], [false, "node_not_online"]);
  assert.notEqual(routed_to, "node3");
  assert.equal((await set('{"node":"node3"}')).json.error, "node_not_online");
  assert.equal((await system.get("/lb/fixed-node/node3")).status, 400);
});

// Requests that are wrong in ways that only raw bytes can be.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sendRaw } from "../support/raw-http.mjs";
import { startSystem } from "./harness.mjs";

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ nodes: 2, env: { CLUSTER_SECRET: "s3cret" } });
});
after(() => system?.close());

/** @param {string} start the request line without the version @param {string} [headers] @param {Buffer | string} [body] */
function send(start, headers = "", body = "") {
  const length = body === "" ? "" : `Content-Length: ${body.length}\r\n`;
  const head = `${start} HTTP/1.1\r\nHost: lb\r\nConnection: close\r\n${headers}${length}\r\n`;
  return sendRaw(system.lb.port, [Buffer.from(head, "latin1"), body], { timeoutMs: 5000 });
}

test("what only load balancers ask of a node is hidden however its path is written", async () => {
  const ways = [
    "watch\\#",
    "watch\\",
    "watch/\\",
    "watch\xa0",
    "watch%0a",
    "WATCH%09",
    "watch/x",
    "reconcile-monitors\\",
  ];
  for (const way of [...ways.map((end) => `/api/v1/${end}`), "/api\\v1\\watch#", "\\api/v1/watch", "/api/v1\\watch#"]) {
    const answer = await send(`GET ${way}`);
    assert.ok([400, 404].includes(answer.status), `${way}: ${answer.status}`);
    assert.equal(answer.headers["x-routed-to"], undefined, way);
  }
});

test("an old name with odd bytes in it leads to the new one with the same bytes", async () => {
  const ways = {
    "/api/fixed-node/%0d%0aX-Odd:%201": "/lb/fixed-node/%0D%0AX-Odd:%201",
    "/api/monitors/%e7%af%80/explain?x=%0a": "/lb/monitors/%E7%AF%80/explain?x=%0a",
    "/api/fixed-node/a%3Fb%25": "/lb/fixed-node/a%3Fb%25",
  };
  for (const [old, now] of Object.entries(ways)) {
    const answer = await send(`GET ${old}`);
    assert.equal(answer.status, 308);
    assert.equal(answer.headers.location, now);
    assert.equal(answer.headers["x-odd"], undefined);
  }
});

test("a path or a body that is no UTF-8 is nothing, and no answer has such bytes", async () => {
  const secret = "X-Cluster-Secret: s3cret\r\n";
  const names = [
    "GET /lb/fixed-node/%ff",
    "POST /lb/nodes/%c3%28/drain",
    "POST /lb/nodes/%ed%a0%80/ready",
    "GET /lb/monitors/%80/explain",
  ];
  for (const name of names) assert.equal((await send(name, secret)).status, 404, name);
  const set = await send("POST /lb/set-fixed-node", "", Buffer.from('{"node":"\xff"}', "latin1"));
  assert.equal(set.status, 400);
  assert.equal(JSON.parse(set.body.toString()).message, "The body is not UTF-8.");
  const long = `{"node":"${"節".repeat(340000)}"}`;
  const unknown = await send("POST /lb/set-fixed-node", "", Buffer.from(long));
  assert.equal(JSON.parse(unknown.body.toString()).error, "unknown_node");
});

test("a body may have 1 MiB, in chunks or not", async () => {
  for (const [size, status] of /** @type {const} */ ([
    [1 << 20, 200],
    [(1 << 20) + 1, 413],
  ])) {
    const body = Buffer.from('{"node":"node1","x":""}'.replace('""', `"${"z".repeat(size - 23)}"`));
    assert.equal(body.length, size);
    const whole = await send("POST /lb/set-fixed-node", "", body);
    assert.equal(whole.status, status, whole.body.toString());
    const head =
      "POST /lb/set-fixed-node HTTP/1.1\r\nHost: lb\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    const parts = [head, `${size.toString(16)}\r\n`, body, "\r\n0\r\n\r\n"];
    const chunked = await sendRaw(system.lb.port, parts, { timeoutMs: 5000 });
    assert.equal(chunked.status, status, chunked.body.toString());
  }
});

test("a node that hangs up on a request of odd bytes is not blamed for it", async () => {
  const body = Buffer.alloc(200000, "x");
  for (let time = 0; time < 20; time += 1) {
    for (const method of ["POST", "GET", "PUT"]) {
      const answer = await send(`${method} /anything`, "X-Odd: a\x0fb\r\n", body);
      assert.equal(answer.status, 400, answer.body.toString());
    }
    const answer = await send("NO_SUCH_METHOD /anything", "", body);
    assert.equal(answer.status, 400, answer.body.toString());
  }
  const { nodes } = (await system.get("/lb/load-balancer-status")).json;
  assert.deepEqual(
    nodes.map((/** @type {{suspect: boolean}} */ node) => node.suspect),
    [false, false],
  );
});

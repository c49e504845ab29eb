import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { requestHeaders, answerHeaders } = await load("peers/headers");

test("a request that is sent on keeps its headers and names the client and the node that sends it", () => {
  const headers = {
    host: "kuma.example.org",
    "user-agent": "curl",
    "x-forwarded-for": "10.0.0.9",
    "x-real-ip": "10.0.0.9",
  };
  assert.deepEqual(requestHeaders(headers, "10.0.0.2", "node1"), {
    ...headers,
    "x-forwarded-for": "10.0.0.9, 10.0.0.2",
    "x-cluster-hop": "node1",
  });
  assert.equal(requestHeaders({}, "::ffff:10.0.0.2", "node1")["x-forwarded-for"], "10.0.0.2");
  assert.deepEqual(requestHeaders({}, undefined, "node1"), { "x-cluster-hop": "node1" });
});

test("what belongs to one connection, or to the body, is not sent on", () => {
  const connection = {
    connection: "keep-alive",
    "keep-alive": "timeout=5",
    "transfer-encoding": "chunked",
    upgrade: "h2c",
  };
  const body = { "content-length": "10", "content-type": "application/json" };
  assert.deepEqual(requestHeaders({ ...connection, ...body, expect: "100-continue" }, undefined, "n"), {
    "x-cluster-hop": "n",
  });
  assert.deepEqual(answerHeaders({ ...connection, ...body }), body);
});

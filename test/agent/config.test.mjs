import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { readConfig } = await load("config");

/** @param {Record<string, string>} environment @param {string[]} [args] */
const config = (environment, args = []) => readConfig(environment, args, "pod-1").config;

/** @param {Record<string, string>} environment */
const mistakes = (environment) => readConfig(environment, [], "pod-1").mistakes;

test("without any setting a node is known by its host name", () => {
  assert.deepEqual(config({}), {
    nodeId: "pod-1",
    nodeName: "pod-1",
    nodeHost: "pod-1:3001",
    isPrimary: false,
    heartbeatMs: 30000,
    pollMs: 1000,
    fullScanMs: 15000,
    leaseMs: 3000,
    spreadPerSecond: 50,
    maxSkewMs: 2000,
    mergeMetrics: true,
  });
});

test("the port is the one that Kuma takes", () => {
  assert.equal(config({ PORT: "80", UPTIME_KUMA_PORT: "4000" }).nodeHost, "pod-1:4000");
  assert.equal(config({ PORT: "80" }).nodeHost, "pod-1:80");
  assert.equal(config({ UPTIME_KUMA_PORT: "4000" }, ["--port=5000"]).nodeHost, "pod-1:5000");
  assert.equal(config({ UPTIME_KUMA_NODE_HOST: "kuma.lan", PORT: "80" }).nodeHost, "kuma.lan:80");
  assert.equal(config({ UPTIME_KUMA_NODE_HOST: "[::1]:81", PORT: "80" }).nodeHost, "[::1]:81");
});

test("each mistake is one sentence with the variable, its value and what is allowed", () => {
  assert.deepEqual(
    mistakes({ UPTIME_KUMA_NODE_ID: "-x", NODE_HEARTBEAT_INTERVAL: "0", UPTIME_KUMA_PRIMARY: "maybe" }),
    [
      `UPTIME_KUMA_NODE_ID="-x" is not valid: allowed is 1 to 50 letters, digits, '_', '.' or '-', beginning with a letter or digit`,
      `UPTIME_KUMA_PRIMARY="maybe" is not valid: allowed is 1, true, 0 or false`,
      `NODE_HEARTBEAT_INTERVAL="0" is not valid: allowed is a number from 1 to 3600`,
    ],
  );
});

test("an empty setting counts as none", () => {
  assert.equal(config({ UPTIME_KUMA_NODE_ID: " ", CLUSTER_POLL_MS: "" }).nodeId, "pod-1");
});

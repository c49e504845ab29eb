import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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
    environment: "plain",
    isPassingId: false,
    isPrimary: false,
    heartbeatMs: 30000,
    pollMs: 500,
    fullScanMs: 15000,
    leaseMs: 3000,
    spreadPerSecond: 50,
    maxSkewMs: 2000,
    foreignStatistics: 500,
    clusterSecrets: [],
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

test("a node looks at its monitors twice at least before what it knows is old", () => {
  assert.deepEqual(mistakes({ CLUSTER_POLL_MS: "500", CLUSTER_LEASE_MS: "900" }), [
    "CLUSTER_LEASE_MS is 900, but must be at least twice CLUSTER_POLL_MS, which is 500",
  ]);
  assert.equal(config({ CLUSTER_POLL_MS: "2000", CLUSTER_LEASE_MS: "4000" }).pollMs, 2000);
});

test("a name for people is one line that fits its column", () => {
  assert.equal(config({ UPTIME_KUMA_NODE_NAME: "ü".repeat(100) }).nodeName.length, 100);
  for (const name of ["x".repeat(101), "two\nlines"]) {
    assert.deepEqual(mistakes({ UPTIME_KUMA_NODE_NAME: name }), [
      `UPTIME_KUMA_NODE_NAME="${name}" is not valid: allowed is one line of up to 100 characters`,
    ]);
  }
});

test("an empty setting counts as none", () => {
  assert.equal(config({ UPTIME_KUMA_NODE_ID: " ", CLUSTER_POLL_MS: "" }).nodeId, "pod-1");
});

test("the environment is known, and a pod by its full name", () => {
  const hosts = "127.0.0.1 localhost\n10.1.2.3\tkuma-0.kuma.shop.svc.cluster.local\tkuma-0\n";
  const pod = readConfig({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, [], "kuma-0", { isContainer: true, hosts }).config;
  assert.equal(pod.environment, "kubernetes");
  assert.equal(pod.nodeId, "kuma-0");
  assert.equal(pod.nodeHost, "kuma-0.kuma.shop.svc.cluster.local:3001");
  const bare = { isContainer: true, hosts: "fd00::7 kuma-9f7d\n" };
  assert.equal(readConfig({ KUBERNETES_SERVICE_HOST: "x" }, [], "kuma-9f7d", bare).config.nodeHost, "[fd00::7]:3001");
  const docker = readConfig({}, [], "0123456789ab", { isContainer: true, hosts: "" }).config;
  assert.deepEqual([docker.environment, docker.isPassingId], ["docker", true]);
  assert.equal(readConfig({}, [], "kuma1", { isContainer: true, hosts: "" }).config.isPassingId, false);
});

test("a secret comes from its variable, or else from a file", () => {
  const file = join(mkdtempSync(join(tmpdir(), "config-")), "secret");
  writeFileSync(file, "from a file\n");
  assert.deepEqual(config({ CLUSTER_SECRET_FILE: file }).clusterSecrets, ["from a file"]);
  assert.deepEqual(config({ CLUSTER_SECRET_FILE: file, CLUSTER_SECRET: "direct" }).clusterSecrets, ["direct"]);
  const both = { CLUSTER_SECRET: "new", CLUSTER_SECRET_PREVIOUS_FILE: file };
  assert.deepEqual(config(both).clusterSecrets, ["new", "from a file"]);
  assert.match(
    String(mistakes({ CLUSTER_SECRET_PREVIOUS: "old" })),
    /CLUSTER_SECRET_PREVIOUS is set without CLUSTER_SECRET/,
  );
  rmSync(dirname(file), { recursive: true });
  assert.deepEqual(mistakes({ CLUSTER_SECRET_FILE: file }), [
    `CLUSTER_SECRET_FILE="${file}" is not valid: allowed is a file that can be read`,
  ]);
});

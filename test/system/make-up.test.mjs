import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort, neighbouringPorts } from "../../local/ports.mjs";
import { isAlive, waitFor } from "../../local/processes.mjs";
import { clusterHealth } from "../../local/cluster-health.mjs";
import { readState } from "../../local/state.mjs";

const CLI = fileURLToPath(new URL("../../local/cli.mjs", import.meta.url));
const data = mkdtempSync(join(tmpdir(), "up-"));
// Two nodes: enough for each command, and quick to start.
const options = { DATA: data, NODES: "2", PORT: String(await freePort()), DB_PORT: String(await freePort()) };

after(async () => {
  await cli("down");
  rmSync(data, { recursive: true, force: true });
});

/** What `make <command>` does. */
async function cli(/** @type {string} */ command, /** @type {Record<string, string>} */ more = {}) {
  const env = { ...process.env, ...options, NODE_PORT: nodePort, ...more };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, command], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

const nodePort = String(await neighbouringPorts(2));

function state() {
  const found = readState(data);
  assert.ok(found?.lb && found.db);
  return { ...found, lb: found.lb, db: found.db };
}

test("wrong options are one line each and start nothing", async () => {
  const { code, stderr } = await cli("up", { NODES: "many", PORT: "70000" });
  assert.equal(code, 1);
  assert.match(stderr, /^error: NODES=many is not .*\nPORT=70000 is not .*\n$/);
  assert.equal(readState(data), undefined);
});

test("a port that somebody else holds is named, with the option that changes it", async () => {
  const server = createServer().listen(Number(options.PORT), "127.0.0.1");
  const { code, stderr } = await cli("up");
  server.close();
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^error: port ${options.PORT} of 127.0.0.1 is in use: .*\\bPORT=\\n$`));
});

test("a folder that holds no Uptime Kuma is refused", async () => {
  const { code, stderr } = await cli("up", { KUMA_DIR: data });
  assert.equal(code, 1);
  assert.match(stderr, /is no Uptime Kuma/);
  assert.equal(readState(data), undefined);
});

test("status and node-start say so when no cluster runs", async () => {
  assert.equal((await cli("status")).code, 1);
  assert.match((await cli("node-start", { N: "1" })).stderr, /no cluster runs/);
});

test("up ends when every node is online, and says where everything is", async () => {
  const { code, stdout, stderr } = await cli("up");
  assert.equal(code, 0, stderr);
  const { lb, db, nodes } = state();
  assert.match(stdout, new RegExp(`is up: ${lb.url}`));
  const health = await clusterHealth(lb.url);
  assert.deepEqual(
    health.nodes.map((node) => [node.node_id, node.status]),
    [
      ["node1", "online"],
      ["node2", "online"],
    ],
  );
  for (const { pid } of [lb, db, ...nodes]) assert.ok(isAlive(pid));
});

test("up on a running cluster changes nothing", async () => {
  const before = state();
  const { code, stdout } = await cli("up");
  assert.equal(code, 0);
  assert.match(stdout, /runs already/);
  assert.deepEqual(state(), before);
});

test("status tells a node that was killed, and node-start brings it back", async () => {
  process.kill(state().nodes[1]?.pid ?? 0, "SIGKILL");
  await waitFor(async () => /node2 .*stopped/.test((await cli("status")).stdout), { what: "node2 in the status" });
  const { code, stderr } = await cli("node-start", { N: "2" });
  assert.equal(code, 0, stderr);
  assert.match((await cli("status")).stdout, /node2 .*running/);
  assert.match((await cli("node-start", { N: "2" })).stderr, /runs already/);
});

test("node-stop lets a node say that it leaves", async () => {
  assert.equal((await cli("node-stop", { N: "node1" })).code, 0);
  const isOffline = async () => {
    const { nodes } = await clusterHealth(state().lb.url);
    return nodes.some((node) => node.node_id === "node1" && node.status === "offline");
  };
  await waitFor(isOffline, { what: "node1 offline", timeoutMs: 5000 });
});

test("logs shows the end of every log", async () => {
  const { stdout } = await cli("logs");
  for (const { log } of [state().lb, state().db, ...state().nodes]) assert.ok(stdout.includes(log));
});

test("down ends every process and keeps the data: the next start is quick", async (t) => {
  const { lb, db, nodes } = state();
  assert.equal((await cli("down")).code, 0);
  for (const { pid } of [lb, db, ...nodes]) assert.ok(!isAlive(pid));
  assert.equal(readState(data), undefined);
  const started = performance.now();
  const { code, stderr } = await cli("up");
  const seconds = (performance.now() - started) / 1000;
  t.diagnostic(`second start: ${seconds.toFixed(1)} s`);
  assert.equal(code, 0, stderr);
  assert.ok(seconds < 30);
});

test("a node that dies while it starts ends the start with the end of its log, and nothing is left", async () => {
  await cli("down");
  const { code, stderr } = await cli("up", { CLUSTER_POLL_MS: "nonsense" });
  assert.equal(code, 1);
  assert.match(stderr, /node\d: process \d+ ended\n--- the end of .*node\d\.log/);
  assert.match(stderr, /CLUSTER_POLL_MS/);
  assert.equal(readState(data), undefined);
});

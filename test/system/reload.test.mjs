import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { startLoad } from "../support/http.mjs";
import { startSystem } from "./harness.mjs";

const RELOADS = 5;
const CHECK_INTERVAL_S = 2;

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  system = await startSystem({ monitors: 9, workers: 2, env: { HEALTH_CHECK_INTERVAL: String(CHECK_INTERVAL_S) } });
});
after(() => system?.close());

test("five reloads under load fail no request and leave no old worker", async () => {
  const kept = startLoad(`${system.url}/`, { clients: 6 });
  const fresh = startLoad(`${system.url}/`, { clients: 2, keepAlive: false });
  await sleep(1000);
  for (let i = 0; i < RELOADS; i++) {
    await system.lb.reload();
    await sleep(1500);
  }
  // A busy machine takes its time.
  const isEnough = () => [kept, fresh].every(({ result }) => result.total > 500);
  await waitFor(isEnough, { what: "500 requests of each", timeoutMs: 60000 });
  for (const { failures, total } of [await kept.stop(), await fresh.stop()]) {
    assert.deepEqual(failures, []);
    assert.ok(total > 500, `only ${total} requests`);
  }
  await waitFor(() => system.lb.workers().length === 2, { what: "the end of the old workers", timeoutMs: 10000 });
});

test("after the reloads each node is still checked once an interval, not once a worker", async () => {
  await sleep(2000);
  const start = Date.now();
  await sleep(10 * CHECK_INTERVAL_S * 1000);
  const end = Date.now();
  for (const node of system.nodes) {
    const probes = (await node.seen()).probes.filter(({ at }) => at >= start && at < end);
    assert.ok(probes.length >= 7 && probes.length <= 12, `${node.node_id}: ${probes.length} checks in ten intervals`);
    const gaps = probes.slice(1).map(({ at }, index) => at - (probes[index]?.at ?? 0));
    assert.ok(Math.min(...gaps) > CHECK_INTERVAL_S * 500, `two checks ${Math.min(...gaps)} ms apart`);
  }
});

test("a node that dies after the reloads is found offline", async () => {
  await system.nodes[2]?.kill();
  await system.untilStatus({ node1: "online", node2: "online", node3: "offline" });
});

test("headers.conf is for all answers, whoever gives them", async () => {
  const header = 'add_header Strict-Transport-Security "max-age=31536000" always;\n';
  writeFileSync(join(system.dir, "lb", "headers.conf"), header);
  await system.lb.reload();
  for (const path of ["/", "/any", "/assets/x.js", "/lb/", "/lb/ping", "/lb/nope"]) {
    const has = async () => (await system.get(path, { keepAlive: false })).headers["strict-transport-security"];
    await waitFor(async () => (await has()) !== undefined, { what: `the header at ${path}`, timeoutMs: 10000 });
  }
});

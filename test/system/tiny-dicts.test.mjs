// Shared dictionaries as small as nginx makes them: what they drop is counted, and nothing that is promised breaks.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CONFIGURATION, startLoadBalancer } from "../../local/load-balancer.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { parse } from "../support/exposition.mjs";
import { openWebSocket } from "../support/websocket.mjs";
import { startSystem } from "./harness.mjs";
import { untilShares } from "./shares.mjs";

/** Smaller ones are refused. */
const SIZE = "64k";
const NODES = 4;
const MONITORS = 24;
/** Rows of nodes that are no more: so many that they fit with the others, and more than the dictionaries hold. */
const FEW = 20;
const MANY = 300;

const folder = mkdtempSync(join(tmpdir(), "conf-"));
/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  cpSync(CONFIGURATION, folder, { recursive: true });
  const file = join(folder, "cluster.conf");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, sized(text, SIZE));
  // Nobody dies here but by a kill, which no check has to wait for: not even a busy machine may make a node look dead.
  const env = { HEALTH_CHECK_TIMEOUT: "5000" };
  system = await startSystem({ nodes: NODES, monitors: MONITORS, configuration: folder, env });
  await addGone(FEW);
});
after(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The configuration with dictionaries of that size. @param {string} text @param {string} size */
function sized(text, size) {
  const tiny = text.replaceAll(/^(lua_shared_dict \w+) \w+;/gm, `$1 ${size};`);
  assert.equal(tiny.match(new RegExp(` ${size};`, "g"))?.length, 7);
  return tiny;
}

/** @param {number} count */
async function addGone(count) {
  const rows = Array.from({ length: count }, (_, index) => `('gone${index}', '127.0.0.1:1', 'offline')`);
  await system.sql(`INSERT IGNORE INTO node (node_id, host, status) VALUES ${rows.join(", ")}`);
  const isKnown = async () => (await system.get("/lb/health")).json.nodes.length === NODES + count;
  await waitFor(isKnown, { what: `${count} more nodes` });
}

const epoch = async () => (await system.sql("SELECT epoch FROM cluster_lease WHERE name = 'leader'")).trim();

/** Requests on connections of their own, by both workers. @param {number} count @param {Record<string, string>} [headers] */
const ask = (count, headers = {}) =>
  Promise.all(Array.from({ length: count }, () => system.get("/page", { keepAlive: false, headers })));

async function evictions() {
  const { values } = parse((await system.get("/lb/metrics")).text);
  const found = [...values].filter(([name]) => name.startsWith("kuma_cluster_shared_dict_evictions_total"));
  return Object.fromEntries(found.map(([name, value]) => [/dict="(.*)"/.exec(name)?.[1], value]));
}

test("requests and sessions find their nodes", async () => {
  for (const { status, text } of await ask(200)) assert.equal(status, 200, text);
  for (const answer of await ask(50, { Cookie: "KUMA_FIXED_NODE=node3" })) {
    assert.equal(answer.headers["x-routed-to"], "uptime-kuma-node3");
  }
  for (let session = 0; session < 10; session++) {
    const { sid, node_id: opened } = (await system.get("/socket.io/?EIO=4&transport=polling", { keepAlive: false }))
      .json;
    for (let poll = 0; poll < 5; poll++) {
      const { json } = await system.get(`/socket.io/?EIO=4&transport=polling&sid=${sid}`, { keepAlive: false });
      assert.equal(json.node_id, opened);
    }
  }
  const socket = await openWebSocket(`${system.url}/socket.io/?EIO=4&transport=websocket`);
  await socket.next();
  socket.send("hello");
  assert.equal(await socket.next(), "hello");
  socket.close();
});

async function losesAndRegains() {
  await untilShares(system, { node1: 6, node2: 6, node3: 6, node4: 6 }, 60000);
  await system.nodes[1].kill();
  await system.untilStatus({ node1: "online", node2: "offline", node3: "online", node4: "online" });
  await untilShares(system, { node1: 8, node3: 8, node4: 8 });
  for (const { status, text } of await ask(100)) assert.equal(status, 200, text);
  await system.nodes[1].start();
  await system.untilStatus({ node1: "online", node2: "online", node3: "online", node4: "online" }, 60000);
  await untilShares(system, { node1: 6, node2: 6, node3: 6, node4: 6 }, 60000);
}

test("a node that dies is found dead, its monitors move, and go home when it is back", async () => {
  const before = await epoch();
  await losesAndRegains();
  assert.equal(await epoch(), before, "it leads all the time");
});

test("dictionaries that are full cost no lease and no request, and what they drop is counted", async () => {
  const [before, first] = [await epoch(), await evictions()];
  await addGone(MANY);
  const full = async () => ((await evictions()).health_checker ?? 0) > (first.health_checker ?? 0) + 100;
  await waitFor(full, { what: `more evictions than ${JSON.stringify(first)}`, timeoutMs: 60000, everyMs: 500 });
  for (const { status, text } of await ask(200)) assert.equal(status, 200, text);
  const paths = ["health", "health-status", "system-status", "node-status", "load-balancer-status", "debug-logs"];
  for (const path of paths) assert.equal((await system.get(`/lb/${path}`)).status, 200, path);
  assert.equal(await epoch(), before, "it leads all the time");
  assert.equal((await system.sql("SELECT COUNT(*) FROM node WHERE status = 'online'")).trim(), String(NODES));
});

test("with room again all is as before", async () => {
  await system.sql("DELETE FROM node WHERE node_id LIKE 'gone%'");
  await losesAndRegains();
  const lines = readFileSync(system.lb.log, "utf8").split("\n");
  const bad = lines.filter((line) => /\[(crit|alert|emerg)\]|stack traceback|attempt to |failed:/.test(line));
  assert.deepEqual(bad.slice(0, 10), []);
});

test("smaller ones are refused in a line that says so", async () => {
  const file = join(folder, "cluster.conf");
  writeFileSync(file, sized(readFileSync(file, "utf8"), "32k"));
  const place = { dir: join(system.dir, "refused"), port: await freePort(), db: system.db };
  const refusal = /lua_shared_dict \w+ is too small in the nginx configuration: it takes 64k at least/;
  await assert.rejects(startLoadBalancer({ ...place, configuration: folder }), refusal);
});

// Ten thousand odd requests: none may get a 5xx, leave an error of Lua's in the log, or learn of the inside.
// FUZZ_SEED=<number> makes the same requests again, FUZZ_REQUESTS=<number> more or fewer of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { sendRaw } from "../support/raw-http.mjs";
import { startSystem } from "./harness.mjs";
import { HEADER, MARKUP, oddRequests } from "./odd-requests.mjs";
import { untilIdle } from "./shares.mjs";

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1000000000);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10000);
const PORTION = 250;
const CLIENTS = 16;
/** Bytes by which the resident memory of a worker may grow over the second half of the requests. */
const GROWTH_LIMIT = 16 << 20;

const SECRET = { "X-Cluster-Secret": "s3cret" };
const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const INSIDE = [/stack traceback/, /\.lua\b/, /\[lua\]/, /\.ts:\d/, new RegExp(REPOSITORY)];

/** What nginx says of a protocol that it does not speak. */
const PROTOCOL = [501, 505];

/** @typedef {import("./odd-requests.mjs").OddRequest} OddRequest */
/** @typedef {import("../support/raw-http.mjs").RawReply} RawReply */

/** @type {import("./harness.mjs").System} */
let system;

before(async () => {
  const env = { CLUSTER_SECRET: "s3cret", LB_TRUSTED_PROXIES: "127.128.0.0/9", REBALANCE_QUIET_TIME: "86400" };
  system = await startSystem({ nodes: 3, monitors: 9, env });
});
after(() => system?.close());

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** What is wrong with an answer; undefined when nothing is. @param {OddRequest} request @param {RawReply} reply */
function fault({ isWhole }, reply) {
  const { status, headers, body, end } = reply;
  if (isWhole && end === "late") return "no answer";
  if (status >= 500 && (isWhole || !PROTOCOL.includes(status))) return "a 5xx";
  if (HEADER.toLowerCase() in headers) return "a header of the client's making";
  // A node echoes what it gets.
  if (headers["x-routed-to"] !== undefined || status === 0) return undefined;
  const text = body.toString("latin1");
  if (INSIDE.some((pattern) => pattern.test(text))) return "the inside shows";
  if (/^text\/html/.test(headers["content-type"] ?? "") && text.includes(MARKUP))
    return "markup of the client's making";
  return wrongEncoding(headers, body);
}

/** @param {Record<string, string>} headers @param {Buffer} body */
function wrongEncoding(headers, body) {
  const type = headers["content-type"] ?? "";
  if (body.length === 0 || headers["transfer-encoding"] !== undefined || !/json|html/.test(type)) return undefined;
  try {
    const text = UTF8.decode(body);
    if (type === "application/json") JSON.parse(text);
  } catch (error) {
    return String(error);
  }
  return undefined;
}

/** @param {OddRequest} request */
const shown = ({ from, parts }) =>
  `${from} ${JSON.stringify(parts.map((part) => part.toString("latin1").slice(0, 1500)))}`;

/** Sends a portion by several clients. @param {OddRequest[]} requests @param {Record<string, number>} statuses */
async function sendAll(requests, statuses) {
  /** @type {string[]} */
  const faults = [];
  const queue = [...requests];
  const client = async () => {
    for (let request = queue.pop(); request !== undefined; request = queue.pop()) {
      const { from, parts, isWhole } = request;
      const reply = await sendRaw(system.lb.port, parts, { from, timeoutMs: isWhole ? 20000 : 300 });
      const key = reply.status === 0 ? reply.end : String(reply.status);
      statuses[key] = (statuses[key] ?? 0) + 1;
      const found = fault(request, reply);
      if (found !== undefined) {
        faults.push(`${found}: ${shown(request)} -> ${reply.status} ${reply.body.toString("latin1").slice(0, 300)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return faults;
}

/** Bytes of resident memory of all workers. */
function workersMemory() {
  const kilobytes = system.lb
    .workers()
    .map((pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0));
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024;
}

test("odd requests get no 5xx, and tell nothing of the inside", async (t) => {
  t.diagnostic(`FUZZ_SEED=${SEED} FUZZ_REQUESTS=${REQUESTS}`);
  const workers = system.lb.workers();
  /** @type {Record<string, number>} */
  const statuses = {};
  /** @type {string[]} */
  const faults = [];
  let halfway = 0;
  for (let sent = 0; sent < REQUESTS; sent += PORTION) {
    if (halfway === 0 && sent >= REQUESTS / 2) halfway = workersMemory();
    const count = Math.min(PORTION, REQUESTS - sent);
    faults.push(...(await sendAll(oddRequests(count, SEED + sent), statuses)));
  }
  const grown = workersMemory() - halfway;
  t.diagnostic(`answers by status: ${JSON.stringify(statuses)}`);
  t.diagnostic(
    `memory of the workers: ${halfway >> 20} MiB, ${(grown / (1 << 20)).toFixed(1)} MiB more after the second half`,
  );
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
  assert.deepEqual(system.lb.workers(), workers, "a worker has died");
  assert.ok(grown < GROWTH_LIMIT * workers.length, `the workers have grown by ${grown} bytes`);
});

test("they leave no error of Lua's in the log", () => {
  const lines = readFileSync(system.lb.log, "utf8").split("\n");
  const bad = lines.filter((line) => /\[(error|crit|alert|emerg)\]/.test(line) && /lua/i.test(line));
  assert.deepEqual(bad.slice(0, 20), [], `${bad.length} lines`);
  assert.deepEqual(lines.filter((line) => /\[(crit|alert|emerg)\]/.test(line)).slice(0, 20), []);
});

test("the cluster is as well as before", async () => {
  for (const { node_id } of system.nodes) {
    await system.post(`/lb/nodes/${node_id}/ready`, { headers: SECRET });
  }
  await system.untilStatus({ node1: "online", node2: "online", node3: "online" });
  await untilIdle(system);
  assert.equal((await system.get("/lb/health")).json.status, "ok");
  assert.equal((await system.get("/")).status, 200);
  assert.equal((await system.sql("SELECT COUNT(*) FROM monitor WHERE active = 1")).trim(), "9");
});

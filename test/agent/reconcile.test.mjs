import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "../../local/processes.mjs";
import { load } from "./support/load.mjs";

const { startReconciling } = await load("reconcile");
const { Runs, newRun } = await load("runs");
const { EditsUnderWay } = await load("sync/edits-under-way");
const MONITORS = 60;

test("an edit that comes while many others are carried out is not undone by them", async (t) => {
  const alive = setInterval(() => {}, 1000);
  t.after(() => clearInterval(alive));
  const stored = new Map(Array.from({ length: MONITORS }, (_, index) => [index + 1, "old"]));
  const bean = (/** @type {number} */ id) => ({
    ...{ id, url: stored.get(id), stop() {} },
    export() {
      return { id, url: this.url };
    },
  });
  const runs = new Runs();
  for (const id of stored.keys()) runs.add(newRun(bean(id)));
  const find = async (/** @type {string} */ _type, /** @type {string} */ clause) => {
    const ids = /IN \(([\d,]+)\)/.exec(clause)?.[1].split(",").map(Number) ?? [];
    const beans = ids.map(bean);
    await sleep(2);
    return beans;
  };
  const agent = {
    ...{ phase: "ready", runs, starting: new Set(), degraded: [], fenced: 0, database: {}, relay: {} },
    config: { nodeId: "a", pollMs: 1e6 },
    /** @type {{poll: () => Promise<void>, onPlan?: (plan: object) => void}} */
    ownership: { poll: async () => {} },
    stillness: { watch: () => undefined },
    edits: new EditsUnderWay(),
    handover: { overdue: () => new Map() },
    events: { publish() {} },
    kuma: { server: { monitorList: {}, io: {} }, startMonitor: () => sleep(3), redbean: { find } },
  };
  startReconciling(agent);
  for (const id of stored.keys()) stored.set(id, "bulk");
  agent.ownership.onPlan?.({ start: [], stop: [], check: [...stored.keys()] });
  await sleep(50);
  stored.set(MONITORS - 1, "edited");
  agent.ownership.onPlan?.({ start: [], stop: [], check: [MONITORS - 1] });
  await sleep(1000);
  assert.equal(runs.get(MONITORS - 1).bean.url, "edited");
  assert.equal(runs.get(MONITORS).bean.url, "bulk");
});

test("a start that failed waits for the nodes that the monitor comes from all the same", async (t) => {
  const alive = setInterval(() => {}, 1000);
  t.after(() => clearInterval(alive));
  /** @type {[number, object][]} */
  const waits = [];
  let isAway = true;
  const query = async (/** @type {string} */ sql) => {
    if (isAway) throw new Error("the database is away");
    const statuses = ["b", "c", "d"].map((node) => ({ node_id: node, status: "online" }));
    const moves = ["d", "c"].map((from, index) => ({
      monitor_id: 1,
      from_node: from,
      moved_at: String(1 + index * 2),
    }));
    if (sql.includes("FROM cluster_move")) return moves;
    return /FROM node$/.test(sql) ? statuses : [];
  };
  const bean = { id: 1, url: "", stop() {}, export: () => ({ id: 1 }) };
  const agent = {
    ...{ phase: "ready", runs: new Runs(), starting: new Set(), degraded: [], fenced: 0, database: { query } },
    config: { nodeId: "a", pollMs: 1e6, leaseMs: 3000 },
    /** @type {{poll: () => Promise<void>, onPlan?: (plan: object) => void}} */
    ownership: { poll: async () => {} },
    stillness: { watch: () => undefined },
    edits: new EditsUnderWay(),
    handover: {
      overdue: () => new Map(),
      wait: (/** @type {number} */ id, /** @type {Map<string, string>} */ origins) => {
        waits.push([id, Object.fromEntries(origins)]);
        return new Promise(() => {});
      },
    },
    events: { publish() {} },
    kuma: { server: { monitorList: {}, io: {} }, startMonitor: () => undefined, redbean: { find: async () => [bean] } },
  };
  startReconciling(agent);
  const start = { id: 1, mtime: "4", resumed: false };
  agent.ownership.onPlan?.({ start: [{ ...start, from: "b", knownAt: "2" }], stop: [], check: [] });
  await sleep(50);
  isAway = false;
  // Whoever looks again finds a monitor that is this node's, and was at the look before.
  agent.ownership.onPlan?.({ start: [{ ...start, from: undefined, knownAt: "4" }], stop: [], check: [] });
  await waitFor(() => waits.length > 0, { what: "the start", everyMs: 10 });
  assert.deepEqual(waits, [[1, { b: "4", c: "3" }]]);
});

/** An agent on a database whose monitors are the node's own, and the ids of those that were started. */
function agentThatStarts() {
  /** @type {number[]} */
  const started = [];
  const find = async (/** @type {string} */ _type, /** @type {string} */ clause) =>
    [...clause.matchAll(/\d+/g)]
      .map(Number)
      .filter((id) => id > 1)
      .map((id) => ({ id, type: "push", interval: 1, retryInterval: 1, stop() {}, export: () => ({ id }) }));
  function startMonitor(/** @type {{id: number}} */ { id }) {
    started.push(id);
  }
  const edits = new EditsUnderWay();
  const agent = {
    ...{ phase: "ready", runs: new Runs(), starting: new Set(), degraded: [], fenced: 0, edits },
    stillness: { watch: () => undefined },
    ...{ database: { query: async () => [] }, events: { publish() {} } },
    config: { nodeId: "a", pollMs: 1e6, leaseMs: 3000, spreadPerSecond: 100 },
    /** @type {{poll: () => Promise<void>, onPlan?: (plan: object) => void}} */
    ownership: { poll: async () => {} },
    handover: { overdue: () => new Map(), isWaiting: () => false },
    kuma: {
      ...{ server: { monitorList: {}, io: {} }, redbean: { find } },
      startMonitor(/** @type {object} */ _io) {
        startMonitor(/** @type {{id: number}} */ (/** @type {unknown} */ (this)));
      },
    },
  };
  startReconciling(agent);
  const look = async (/** @type {object[]} */ start) => {
    agent.ownership.onPlan?.({ start, stop: [], check: [] });
    await sleep(50);
  };
  return { started, look, edits };
}

test("a monitor that begins waits for an edit that was under way, one that moves does not", async () => {
  const { started, look, edits } = agentThatStarts();
  const known = { from: undefined, mtime: "2", knownAt: "1", resumed: false, begins: false };
  const resumed = { ...known, id: 2, resumed: true, begins: true };
  const moved = { ...known, id: 3, from: "b" };
  /** @type {() => void} */
  let end = () => undefined;
  const edit = edits.note(new Promise((resolve) => (end = () => resolve(undefined))));
  await look([resumed, moved]);
  await waitFor(() => started.length > 0, { what: "the start of the one that moves", everyMs: 10 });
  assert.deepEqual(started, [3]);
  // Seen again it is no longer told as resumed; and an edit that begins now is not waited for.
  void edits.note(new Promise(() => undefined));
  await look([{ ...known, id: 2, knownAt: "2" }]);
  assert.deepEqual(started, [3]);
  end();
  await edit;
  await look([{ ...known, id: 2, knownAt: "2" }]);
  await waitFor(() => started.length > 1, { what: "the start of the one that waited", everyMs: 10 });
  assert.deepEqual(started, [3, 2]);
});

test("an edit that fails does so for who waits for it", async () => {
  await assert.rejects(Promise.resolve(new EditsUnderWay().note(Promise.reject(new Error("no")))), /no/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { load } from "./support/load.mjs";

const { startReconciling } = await load("reconcile");
const { Runs, newRun } = await load("runs");
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

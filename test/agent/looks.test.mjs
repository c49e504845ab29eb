import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { load } from "./support/load.mjs";

const { Ownership } = await load("ownership");
const { Runs, isFenced, newRun } = await load("runs");

const duties = { beginAnew() {}, follow() {} };

/** @param {number} id @param {number} second when it changed @param {string} [owner] */
const row = (id, second, owner = "a") => ({ id, active: 1, owner, mtime: `2026-01-01 00:00:0${second}.000000` });

test("a look of which one half fails is as if it had not been", async () => {
  let stored = [row(1, 1), row(2, 1)];
  let isAway = false;
  /** @type {string[]} */
  const cursors = [];
  const database = {
    query: async (/** @type {string} */ sql, /** @type {string[]} */ values = []) => {
      if (sql.includes("boot_id")) {
        if (isAway) throw new Error("the connection is lost");
        return [{ boot_id: "boot", status: "online", assigned: 2 }];
      }
      if (sql.includes("cluster_mtime >=")) cursors.push(String(values[0]));
      return stored;
    },
  };
  const ownership = new Ownership({ nodeId: "a", leaseMs: 3000, fullScanMs: 600000 }, new Runs(), duties);
  await ownership.poll(database, "boot");
  isAway = true;
  stored = [row(1, 5), row(2, 9)];
  await assert.rejects(ownership.poll(database, "boot"), /lost/);
  assert.equal(ownership.seen, row(1, 1).mtime);
  isAway = false;
  await ownership.poll(database, "boot");
  assert.deepEqual(cursors, [row(1, 1).mtime, row(1, 1).mtime]);
  assert.equal(ownership.seen, row(2, 9).mtime);
});

/**
 * Moves a monitor whose check is under way from this node, whose status changes with it, to another.
 * @param {string} status
 */
async function moveWhileChecking(status) {
  const runs = new Runs();
  const run = newRun({ id: 1, type: "http", export: () => ({}), stop() {} });
  run.checking = true;
  runs.add(run);
  let owner = "a";
  let seenStatus = "online";
  const database = {
    query: async (/** @type {string} */ sql) => {
      if (sql.includes("boot_id")) return [{ boot_id: "boot", status: seenStatus, assigned: owner === "a" ? 1 : 0 }];
      // While this node reads its monitors, so that what it reads with them is of before.
      await setImmediate();
      if (owner === "b") seenStatus = status;
      return [row(1, owner === "a" ? 1 : 2, owner)];
    },
  };
  /** @type {number[]} */
  const released = [];
  const ownership = new Ownership({ nodeId: "a", leaseMs: 3000, fullScanMs: 600000 }, runs, duties);
  ownership.onReleased = (/** @type {number[]} */ ids) => released.push(...ids);
  await ownership.poll(database, "boot");
  owner = "b";
  await ownership.poll(database, "boot");
  assert.equal(run.stopped, true);
  return { isFenced: isFenced(run), released };
}

for (const status of ["online", "draining"]) {
  test(`a check under way comes to its end when its monitor moves from a node that is ${status}`, async () => {
    assert.deepEqual(await moveWhileChecking(status), { isFenced: false, released: [] });
  });
}

for (const status of ["offline", "recovering"]) {
  test(`not from a node that was taken for dead and is ${status}: the new owner has not waited for it`, async () => {
    assert.deepEqual(await moveWhileChecking(status), { isFenced: true, released: [1] });
  });
}

test("what begins while the rows are read is not stopped by them, but by newer ones", async () => {
  const runs = new Runs();
  const bean = { id: 1, type: "http", export: () => ({}), stop() {} };
  /** @type {(string | null)[]} */
  const owners = [null, "a", "b"];
  let reads = 0;
  const database = {
    query: async (/** @type {string} */ sql) => {
      if (sql.includes("boot_id")) return [{ boot_id: "boot", status: "online", assigned: 1 }];
      const owner = owners[Math.min(reads++, owners.length - 1)];
      await setImmediate();
      // Kuma gives a new monitor this node, and starts it, after the first rows were read.
      if (reads === 1) runs.add(newRun(bean));
      return [{ ...row(1, reads), owner }];
    },
  };
  const ownership = new Ownership({ nodeId: "a", leaseMs: 3000, fullScanMs: 0 }, runs, duties);
  await ownership.poll(database, "boot");
  assert.equal(reads, 2, "the rows were out of date");
  assert.equal(runs.get(1)?.stopped, false);
  await ownership.poll(database, "boot");
  assert.equal(reads, 3);
  assert.equal(runs.get(1), undefined);
});

test("nor is a monitor that is paused and resumed while they are read: it runs anew", async () => {
  const runs = new Runs();
  const begin = () => {
    const run = newRun({ id: 1, type: "http", export: () => ({}), stop() {} });
    runs.add(run);
    return run;
  };
  /** @type {{stopped: boolean} | undefined} */
  let resumed;
  let reads = 0;
  const database = {
    query: async (/** @type {string} */ sql) => {
      if (sql.includes("boot_id")) return [{ boot_id: "boot", status: "online", assigned: 1 }];
      reads += 1;
      await setImmediate();
      if (reads === 2) resumed = begin();
      return [{ ...row(1, reads), active: reads === 2 ? 0 : 1 }];
    },
  };
  const ownership = new Ownership({ nodeId: "a", leaseMs: 3000, fullScanMs: 0 }, runs, duties);
  /** @type {number[]} */
  const starts = [];
  ownership.onPlan = (/** @type {{start: {id: number}[]}} */ plan) => starts.push(...plan.start.map(({ id }) => id));
  begin();
  await ownership.poll(database, "boot");
  await ownership.poll(database, "boot");
  assert.equal(reads, 3, "the rows were out of date");
  assert.equal(resumed?.stopped, false);
  assert.deepEqual(starts, []);
});

test("a look whose second half fails does not count as one that was good", async () => {
  const runs = new Runs();
  let reads = 0;
  const database = {
    query: async (/** @type {string} */ sql) => {
      if (sql.includes("boot_id")) return [{ boot_id: "boot", status: "online", assigned: 1 }];
      reads += 1;
      if (reads === 2) throw new Error("the connection is lost");
      await setImmediate();
      if (reads === 1) runs.add(newRun({ id: 1, type: "http", export: () => ({}), stop() {} }));
      return [row(1, 1, "b")];
    },
  };
  const ownership = new Ownership({ nodeId: "a", leaseMs: 3000, fullScanMs: 0 }, runs, duties);
  await assert.rejects(ownership.poll(database, "boot"), /lost/);
  assert.equal(ownership.isFresh, false);
  await ownership.poll(database, "boot");
  assert.deepEqual([ownership.isFresh, runs.get(1)], [true, undefined]);
});

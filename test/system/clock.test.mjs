// The clock of the database host jumps, by libfaketime: nothing is called dead, nothing moves, the lease stays, and what
// fails after it is found.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSystem } from "./harness.mjs";
import { untilShares } from "./shares.mjs";

const JUMPS_S = [3600, -86400, 30, 0];
/** Rounds of the control plane and beats of the nodes. */
const SETTLE_MS = 4000;

const folder = mkdtempSync(join(tmpdir(), "clock-"));
const clock = join(folder, "offset");
/** @type {import("./harness.mjs").System} */
let system;

/** Where Debian has it: the architecture is a part of the path. */
function library() {
  const found = readdirSync("/usr/lib")
    .map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`)
    .find((path) => existsSync(path));
  return String(found);
}

/** @param {number} seconds from the real time on */
const setClock = (seconds) => writeFileSync(clock, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}\n`);

before(async () => {
  setClock(0);
  const dbEnv = {
    ...{ LD_PRELOAD: library(), FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: "1" },
    // Timeouts are no matter of the time of day.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  system = await startSystem({ nodes: 3, monitors: 9, dbEnv, env: { NODE_OFFLINE_AFTER: "10" } });
});
after(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const number = async (/** @type {string} */ query) => Number((await system.sql(query)).trim());

test("a clock that jumps takes no node down and moves nothing", async () => {
  const epoch = await number("SELECT epoch FROM cluster_lease WHERE name = 'leader'");
  for (const jump of JUMPS_S) {
    setClock(jump);
    const seconds = await number("SELECT UNIX_TIMESTAMP(NOW(6))");
    assert.ok(Math.abs(seconds - Date.now() / 1000 - jump) < 10, `the database's clock is ${seconds}`);
    await sleep(SETTLE_MS);
    assert.equal(await number("SELECT COUNT(*) FROM node WHERE status = 'online'"), 3, `after a jump of ${jump} s`);
    assert.equal(await number("SELECT COUNT(*) FROM cluster_move"), 0);
    assert.equal((await system.get("/page")).status, 200);
  }
  assert.equal(await number("SELECT epoch FROM cluster_lease WHERE name = 'leader'"), epoch);
});

test("a node that dies after a jump into the past is found, and its monitors move", async () => {
  setClock(-7200);
  await sleep(1000);
  await system.nodes[2].kill();
  await untilShares(system, { node1: 5, node2: 4 }).catch(() => untilShares(system, { node1: 4, node2: 5 }, 1000));
});

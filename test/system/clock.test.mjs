// The clock of the database's host jumps, and that of the load balancer's, by libfaketime: nothing is called dead, nothing
// moves, the lease stays, what fails after it is found, and all that is done now and then goes on.
import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CONFIGURATION } from "../../local/load-balancer.mjs";
import { waitFor } from "../../local/processes.mjs";
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

/** Settings of a process that goes by the clock. */
const faked = () => ({
  ...{ LD_PRELOAD: library(), FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: "1" },
  // Timeouts are no matter of the time of day.
  FAKETIME_DONT_FAKE_MONOTONIC: "1",
});

/** @param {number} seconds from the real time on */
const setClock = (seconds) => writeFileSync(clock, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}\n`);

before(async () => {
  setClock(0);
  system = await startSystem({ nodes: 3, monitors: 9, dbEnv: faked(), env: { NODE_OFFLINE_AFTER: "10" } });
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

/** The load balancer's configuration, whose workers know the clock too: nginx hides its environment from them. */
function configuration() {
  const conf = join(folder, "conf.d");
  cpSync(CONFIGURATION, conf, { recursive: true });
  for (const name of Object.keys(faked())) appendFileSync(join(conf, "main.conf"), `env ${name};\n`);
  return conf;
}

test("a load balancer whose clock is set back does all that is due, and goes by what is so now", async (t) => {
  setClock(0);
  const own = await startSystem({ nodes: 3, monitors: 9, env: faked(), configuration: configuration() });
  t.after(() => own.close());
  const epoch = await own.sql("SELECT epoch FROM cluster_lease WHERE name = 'leader'");
  setClock(-7200);
  const told = () => /the clock of this host was set back by 7200 s/.test(readFileSync(own.lb.log, "utf8"));
  await waitFor(told, { what: "a line in the log" });
  await own.sql("INSERT INTO monitor (name, user_id) VALUES ('homeless', 1)");
  const adopted = async () => (await own.sql("SELECT COUNT(*) FROM monitor WHERE node_id IS NULL")).trim() === "0";
  await waitFor(adopted, { what: "a home", timeoutMs: 15000 });
  await own.nodes[2].kill();
  await own.untilStatus({ node1: "online", node2: "online", node3: "offline" });
  for (let count = 0; count < 10; count++) assert.equal((await own.get("/page")).status, 200);
  await own.nodes[2].start();
  await own.untilStatus({ node1: "online", node2: "online", node3: "online" });
  assert.equal(await own.sql("SELECT epoch FROM cluster_lease WHERE name = 'leader'"), epoch);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startLoadBalancer } from "../../local/load-balancer.mjs";
import { startMariadb } from "../../local/mariadb.mjs";
import { freePort } from "../../local/ports.mjs";
import { waitFor } from "../../local/processes.mjs";
import { startToxicProxy } from "../chaos/toxic-proxy.mjs";
import { request } from "../support/http.mjs";
import { clusterTables, KUMA_TABLES } from "../support/tables.mjs";
import { startSystem } from "./harness.mjs";

/** @typedef {Awaited<ReturnType<typeof startLoadBalancer>>} LoadBalancer */

const TIMERS = { HEALTH_CHECK_INTERVAL: "2", HEALTH_CHECK_TIMEOUT: "1000", ROUTING_SNAPSHOT_TTL: "1" };
const SECRET = { CLUSTER_SECRET: "s3cret", PEER_CHECK_INTERVAL: "1" };

/** @type {import("./harness.mjs").System} */
let system;
/** @type {LoadBalancer} */
let leader;
/** @type {LoadBalancer} */
let follower;
/** @type {(() => Promise<unknown>)[]} */
const closers = [];

/** @param {string} name @param {Record<string, string>} env @param {{port?: number, db?: System["db"]}} [more]
 * @typedef {import("./harness.mjs").System} System */
async function startOne(name, env, { port, db = system.db } = {}) {
  const settings = { ...TIMERS, ...SECRET, UPTIME_KUMA_NODE_ID: name, ...env };
  const dir = join(system.dir, name);
  const lb = await startLoadBalancer({ dir, port: port ?? (await freePort()), db, workers: 2, env: settings });
  closers.push(lb.stop);
  return lb;
}

/** @param {string} name @param {string} leaderUrl @param {Record<string, string>} [env] @param {System["db"]} [db] */
const startFollower = (name, leaderUrl, env = {}, db = undefined) =>
  startOne(name, { CLUSTER_MODE: "follower", CLUSTER_PEER_URL: leaderUrl, ...env }, { db });

before(async () => {
  system = await startSystem({ nodes: 2, monitors: 6, env: { UPTIME_KUMA_NODE_ID: "lb1", ...SECRET } });
  leader = system.lb;
  follower = await startFollower("lb2", leader.url);
});
after(async () => {
  for (const close of closers) await close();
  await system?.close();
});

/** @param {{url: string}} lb */
const roleOf = async (lb) => (await request(`${lb.url}/lb/system-status`)).json.leader;

/** @param {{url: string}} lb @param {(role: any) => boolean} isSo @param {number} [timeoutMs] */
function until(lb, isSo, timeoutMs = 30000) {
  const check = async () => {
    const role = await roleOf(lb);
    if (role !== undefined && isSo(role)) return true;
    throw new Error(JSON.stringify(role));
  };
  return waitFor(check, { what: String(isSo), timeoutMs, everyMs: 50 });
}

/** @param {{url: string}} lb @param {boolean} leads @param {number} [timeoutMs] */
const untilLeads = (lb, leads, timeoutMs) => until(lb, (role) => role.is_this === leads, timeoutMs);

/** @param {{url: string}} lb */
const untilPeerWorks = (lb) => until(lb, (role) => role.peer?.state === "works");

test("the leader leads, the follower says why it does not, and both route", async () => {
  await untilLeads(leader, true);
  await untilPeerWorks(follower);
  const role = await roleOf(follower);
  assert.deepEqual([role.mode, role.role, role.node_id, role.peer.node_id], ["follower", "standby", "lb1", "lb1"]);
  assert.match(role.why, /^standby: lb1 leads in epoch 1/);
  assert.equal((await roleOf(leader)).why, "It holds the lease of epoch 1.");
  const warning = /CLUSTER_PEER_URL http:\S+ is plain http: who is on the way can change what it says/;
  assert.match(readFileSync(follower.log, "utf8"), warning);
  assert.equal((await roleOf(leader)).peer, undefined);
  for (const lb of [leader, follower]) assert.equal((await request(`${lb.url}/`)).status, 200);
});

test("a leader that is restarted says goodbye: the follower leads at once, and hands back when it is back for good", async (t) => {
  const asked = performance.now();
  await leader.quit();
  await untilLeads(follower, true, 5000);
  t.diagnostic(`${((performance.now() - asked) / 1000).toFixed(1)} s until the follower led`);
  const { epoch } = await roleOf(follower);
  leader = await startOne("lb1", {}, { port: leader.port });
  await untilLeads(leader, true);
  await untilLeads(follower, false);
  assert.ok((await roleOf(leader)).epoch > epoch);
  await untilPeerWorks(follower);
});

test("a leader that is killed is followed when it has failed three times and its lease has run out", async () => {
  const { epoch } = await roleOf(leader);
  leader.kill();
  await until(follower, (role) => role.peer.state === "fails", 15000);
  await untilLeads(follower, true);
  const role = await roleOf(follower);
  assert.deepEqual([role.role, role.epoch, role.peer.state], ["leader", epoch + 1, "fails"]);
  assert.match(role.peer.last_error, /connection refused/);
  leader = await startOne("lb1", {}, { port: leader.port });
  await untilLeads(leader, true);
  await untilPeerWorks(follower);
});

test("a leader that stood still leads no more when it goes on, until the follower hands back", async () => {
  const { epoch } = await roleOf(leader);
  const all = [leader.pid, ...leader.workers()];
  for (const pid of all) process.kill(pid, "SIGSTOP");
  await untilLeads(follower, true);
  for (const pid of all) process.kill(pid, "SIGCONT");
  await untilLeads(leader, true);
  await untilLeads(follower, false);
  assert.equal((await roleOf(leader)).epoch, epoch + 2);
  await untilPeerWorks(follower);
});

test("two that do not reach each other, but both the database, are one leader and one that stands by", async () => {
  const cut = await startFollower("lb3", `http://127.0.0.1:${await freePort()}`);
  await until(cut, (role) => role.peer.state === "fails");
  const events = async () => Number(await system.sql("SELECT epoch FROM cluster_lease"));
  const epoch = await events();
  for (let look = 0; look < 30; look += 1) {
    assert.equal((await roleOf(cut)).is_this, false);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.match((await roleOf(cut)).why, /^standby: lb1 leads/);
  assert.equal(await events(), epoch);
  await cut.stop();
});

test("a follower is no leader for another one: two would wait for each other", async () => {
  const second = await startFollower("lb5", follower.url);
  await until(second, (role) => role.peer.state === "fails");
  assert.match((await roleOf(second)).peer.last_error, /is a follower itself/);
  await second.stop();
});

test("somebody else behind the leader's address is no leader", async () => {
  const stranger = await startFollower("lb4", leader.url, { CLUSTER_SECRET: "another" });
  await until(stranger, (role) => role.peer.state === "fails");
  assert.match((await roleOf(stranger)).peer.last_error, /does not know CLUSTER_SECRET/);
  assert.equal((await roleOf(stranger)).is_this, false);
  await stranger.stop();
});

test("behind its own address, as a floating one that has come to it, a follower finds no leader to wait for", async () => {
  const port = await freePort();
  const env = { CLUSTER_MODE: "follower", CLUSTER_PEER_URL: `http://127.0.0.1:${port}` };
  const own = await startOne("lb5", env, { port });
  await until(own, (role) => role.peer.state === "fails");
  assert.match((await roleOf(own)).peer.last_error, /has the UPTIME_KUMA_NODE_ID of this load balancer, lb5/);
  await own.stop();
});

test("a leader that loses the database alone says at once that it cannot lead", async () => {
  const proxy = await startToxicProxy(system.db.port);
  closers.push(proxy.close);
  const cut = await startOne("lb8", { DB_PORT: String(proxy.port) });
  const canLead = async () => (await request(`${cut.url}/lb/livez`)).json.can_lead;
  await waitFor(canLead, { what: "a load balancer that can lead" });
  await proxy.cut();
  // Sooner than what it knew would be too old.
  await waitFor(async () => !(await canLead()), { what: "one that cannot", timeoutMs: 6000 });
  await proxy.heal();
  await waitFor(canLead, { what: "one that can again" });
  await cut.stop();
});

test("with a database of its own a follower leads there only while the leader fails", async () => {
  const db = await startMariadb({ dir: join(system.dir, "own"), port: await freePort(), password: "secret" });
  closers.push(db.kill);
  await db.sql(KUMA_TABLES + clusterTables(), db.name);
  const alone = await startFollower("lb6", leader.url, {}, db);
  await untilPeerWorks(alone);
  assert.equal((await roleOf(alone)).is_this, false);
  assert.match((await roleOf(alone)).why, /^standby: a follower, and lb1 works/);
  // What another follower has given back is there for the leader.
  await db.sql("UPDATE cluster_lease SET holder = 'lb9', epoch = 1 WHERE name = 'leader'", db.name);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  assert.equal((await roleOf(alone)).is_this, false);
  await leader.stop();
  await untilLeads(alone, true);
  leader = await startOne("lb1", {}, { port: leader.port });
  await untilLeads(alone, false);
  await alone.stop();
});

test("without the leader's URL a follower does not start", async () => {
  await assert.rejects(startOne("lb7", { CLUSTER_MODE: "follower" }), /CLUSTER_MODE=follower needs CLUSTER_PEER_URL/);
  const wrong = { UPTOP_CLUSTER_MODE: "follower", UPTOP_PEER_URL: "leader:80" };
  await assert.rejects(startOne("lb7", wrong), /CLUSTER_PEER_URL="leader:80": must list URLs/);
});

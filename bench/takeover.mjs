// How fast a follower takes over: real Uptime Kumas, a leader and its follower with the default settings. The leader is
// killed by kill -9, later ended by SIGQUIT, and each time a node is killed at the same moment; then both come back. All
// times are the database's: triggers note each lease, status, owner and beat. See test/chaos/audit.mjs.
//
// Prints JSON, with OUT=FILE also into a file. RUNS of each kind, or CRASHES and STOPS, and MONITORS say how many; KUMA_DIR
// takes another Uptime Kuma.
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../local/ports.mjs";
import { isAlive, waitFor } from "../local/processes.mjs";
import { accountSettings } from "../test/chaos/accounts.mjs";
import { beginHistory, databaseTime, installAudit } from "../test/chaos/audit.mjs";
import { balancer, followerEnv, untilPeer } from "../test/chaos/balancers.mjs";
import { INVARIANTS } from "../test/chaos/invariants.mjs";
import { measureFailover, measureTakeover, spread } from "../test/chaos/measure.mjs";
import { forgetRelapses, untilRest } from "../test/chaos/rest.mjs";
import { startBeatingCluster } from "../test/cluster/beating-cluster.mjs";
import { INTERVAL_S } from "../test/cluster/kuma-client.mjs";
import { milliseconds, runOnCluster, series, shareOf, spreadOfKnown, sumOf } from "./losses.mjs";

const { RUNS = "10", CRASHES = RUNS, STOPS = RUNS } = process.env;
const count = Number(process.env.MONITORS ?? 12);
const NODES = ["node1", "node2", "node3"];
/** A check may be late by what it takes to notice both losses. */
const TERMS = { intervalS: INTERVAL_S, latenessS: 30, outages: [], evensOut: false };
const PEER_CHECK_INTERVAL_S = 5;
const NOTICE_LIMIT_MS = 60000;

/**
 * @typedef {import("../test/chaos/balancers.mjs").Balancer} Balancer
 * @typedef {import("../test/cluster/beating-cluster.mjs").BeatingCluster & {lb1: Balancer, lb2: Balancer}} Site
 * @typedef {"kill" | "quit"} Way
 * @typedef {Awaited<ReturnType<typeof lose>>} Loss
 */

/** @param {string} data @returns {Promise<Site>} */
async function startSite(data) {
  const accounts = accountSettings(data, await freePort());
  const beating = await startBeatingCluster({ count, ...accounts.settings });
  await installAudit(beating.cluster.sql);
  const { lb } = beating.cluster.state();
  const lb1 = balancer(data, "lb1", lb, { CLUSTER_NODE_COUNT: "3", ...accounts.balancerEnv("lb1") });
  const port = await freePort();
  const place = { port, url: `http://127.0.0.1:${port}` };
  const lb2 = balancer(data, "lb2", place, { ...accounts.balancerEnv("lb2"), ...followerEnv(lb.url) });
  await lb2.start();
  return { ...beating, lb1, lb2 };
}

/**
 * Loses the leader and a node, waits until the node's monitors beat elsewhere, and brings all back.
 * @param {Site} site @param {number} turn @param {Way} way
 */
async function lose(site, turn, way) {
  const { cluster, lb1, lb2, receiver } = site;
  const node = NODES[turn % NODES.length];
  // A node that goes offline again and again is held back; each loss here is to be the first.
  await forgetRelapses(site);
  await untilPeer(lb2, ({ state }) => state === "works");
  await sleep(shareOf(turn) * PEER_CHECK_INTERVAL_S * 1000);
  const lost = await site.monitorsOf(node);
  const alerted = receiver.notifications.length;
  const history = await beginHistory(cluster.sql);
  const at = await databaseTime(cluster.sql);
  await Promise.all([lb1[way](), cluster.kill(node)]);
  const gone = async () => ![...(await cluster.owners()).values()].includes(node);
  await waitFor(gone, { what: `the move of the monitors of ${node}`, timeoutMs: NOTICE_LIMIT_MS, everyMs: 200 });
  const others = NODES.filter((other) => other !== node);
  const [backAt] = await Promise.all([bringBack(site), site.untilChecked(lost, Date.now(), others)]);
  const failover = measureFailover(await history.read(), { nodeId: node, at, intervalS: INTERVAL_S });
  await cluster.start(node);
  await untilRest(site);
  const read = await history.read();
  const broken = INVARIANTS.map(({ name, find }) => [name, find(read, TERMS).length]);
  return {
    ...{ node, ...failover, ...measureTakeover(read, { from: "lb1", to: "lb2", at, backAt }) },
    ...{ alerts: receiver.notifications.length - alerted, violations: Object.fromEntries(broken) },
  };
}

/** Starts the leader again and waits until it leads. @param {Site} site @returns {Promise<number>} when it answered */
async function bringBack({ cluster, lb1 }) {
  await waitFor(() => !isAlive(lb1.pid), { what: "the end of the leader", timeoutMs: NOTICE_LIMIT_MS });
  await lb1.start();
  const at = await databaseTime(cluster.sql);
  const leads = async () => {
    const [lease] = await cluster.sql("SELECT holder, session FROM cluster_lease WHERE name = 'leader'");
    return lease.holder === lb1.name && lease.session !== "";
  };
  await waitFor(leads, { what: "the leader's lease", timeoutMs: NOTICE_LIMIT_MS, everyMs: 200 });
  return at;
}

/** @param {Loss} loss */
function row({ node, takenOver, detected, ownersChanged, lateness, handedBack, leaderless, doubleMoves }) {
  return {
    node,
    taken_over_s: milliseconds(takenOver),
    node_offline_s: milliseconds(detected),
    owners_changed_s: milliseconds(ownersChanged),
    latest_check_s: milliseconds(Math.max(0, ...lateness)),
    handed_back_s: milliseconds(handedBack),
    without_leader_at_hand_back_s: milliseconds(leaderless),
    double_moves: doubleMoves,
  };
}

/** @param {Loss[]} losses */
function summary(losses) {
  const sum = (/** @type {(loss: Loss) => number} */ of) => sumOf(losses, of);
  const known = (/** @type {(loss: Loss) => number | undefined} */ of) => spreadOfKnown(losses.map(of));
  return {
    count: losses.length,
    taken_over_s: known(({ takenOver }) => takenOver),
    node_offline_s: known(({ detected }) => detected),
    owners_changed_s: known(({ ownersChanged }) => ownersChanged),
    first_check_late_s: spread(losses.flatMap(({ lateness }) => lateness)),
    handed_back_s: known(({ handedBack }) => handedBack),
    without_leader_at_hand_back_s: known(({ leaderless }) => leaderless),
    moved: sum(({ moved }) => moved),
    double_moves: sum(({ doubleMoves }) => doubleMoves),
    epochs_in_order: losses.every(({ epochsInOrder }) => epochsInOrder),
    false_notifications: sum(({ alerts }) => alerts),
    violations: Object.fromEntries(INVARIANTS.map(({ name }) => [name, sum(({ violations }) => violations[name])])),
    each: losses.map(row),
  };
}

await runOnCluster(async (data) => {
  const site = await startSite(data);
  await untilRest(site);
  /** @param {string} times @param {Way} way */
  const lost = async (times, way) => summary(await series(way, Number(times), (turn) => lose(site, turn, way), row));
  const settings = { crashes: Number(CRASHES), stops: Number(STOPS), monitors: count };
  const result = {
    benchmark: "takeover",
    kuma: site.cluster.version,
    settings: { ...settings, interval_s: INTERVAL_S, nodes: NODES.length },
    crash: await lost(CRASHES, "kill"),
    clean_stop: await lost(STOPS, "quit"),
  };
  return { result, close: () => site.close() };
});

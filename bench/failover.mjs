// How fast monitors move: real Uptime Kumas with the default settings, nodes killed by kill -9 in turn, then stopped by
// SIGTERM in turn. All times are the database's: triggers note each status, owner and beat. See test/chaos/audit.mjs.
//
// Prints JSON, with OUT=FILE also into a file. KILLS, STOPS and MONITORS say how many; KUMA_DIR takes another Uptime Kuma.
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../local/ports.mjs";
import { waitFor } from "../local/processes.mjs";
import { accountSettings } from "../test/chaos/accounts.mjs";
import { beginHistory, databaseTime, installAudit } from "../test/chaos/audit.mjs";
import { INVARIANTS, allGaps } from "../test/chaos/invariants.mjs";
import { measureFailover, spread } from "../test/chaos/measure.mjs";
import { forgetRelapses, untilRest } from "../test/chaos/rest.mjs";
import { startBeatingCluster } from "../test/cluster/beating-cluster.mjs";
import { INTERVAL_S } from "../test/cluster/kuma-client.mjs";
import { milliseconds, runOnCluster, series, shareOf, spreadOfKnown, sumOf } from "./losses.mjs";

const kills = Number(process.env.KILLS ?? 20);
const stops = Number(process.env.STOPS ?? 5);
const count = Number(process.env.MONITORS ?? 60);
const NODES = ["node1", "node2", "node3"];
const TERMS = { intervalS: INTERVAL_S, latenessS: 10, outages: [], evensOut: false };

/**
 * @typedef {import("../test/chaos/measure.mjs").Failover & {node: string, longestGap: number, duplicates: number,
 *   violations: Record<string, number>, alerts: number}} Loss
 */

/**
 * Loses a node, waits until its monitors beat elsewhere, and brings all back.
 * @param {import("../test/cluster/beating-cluster.mjs").BeatingCluster} site @param {number} turn
 * @param {"kill" | "stop"} way
 * @returns {Promise<Loss>}
 */
async function lose(site, turn, way) {
  const { cluster, receiver } = site;
  const node = NODES[turn % NODES.length];
  // A node that goes offline again and again is held back; each loss here is to be the first.
  await forgetRelapses(site);
  await sleep(shareOf(turn) * INTERVAL_S * 1000);
  const lost = await site.monitorsOf(node);
  const alerted = receiver.notifications.length;
  const history = await beginHistory(cluster.sql);
  const at = await databaseTime(cluster.sql);
  const ended = cluster[way](node);
  const gone = async () => ![...(await cluster.owners()).values()].includes(node);
  await waitFor(gone, { what: `the move of the monitors of ${node}`, timeoutMs: 120000, everyMs: 200 });
  await ended;
  await site.untilChecked(
    lost,
    Date.now(),
    NODES.filter((other) => other !== node),
  );
  const failover = measureFailover(await history.read(), { nodeId: node, at, intervalS: INTERVAL_S });
  await cluster.start(node);
  await untilRest(site);
  const read = await history.read();
  const broken = INVARIANTS.map(({ name, find }) => ({ name, found: find(read, TERMS) }));
  return {
    ...{ node, ...failover, alerts: receiver.notifications.length - alerted },
    longestGap: Math.max(...allGaps(read, TERMS).map(({ gap }) => gap)),
    duplicates: broken.find(({ name }) => name === "no beat is made twice")?.found.length ?? 0,
    violations: Object.fromEntries(broken.map(({ name, found }) => [name, found.length])),
  };
}

/** @param {Loss} loss */
function row({ node, detected, ownersChanged, lateness, longestGap }) {
  return {
    node,
    detected_s: milliseconds(detected),
    owners_changed_s: milliseconds(ownersChanged),
    latest_check_s: milliseconds(Math.max(0, ...lateness)),
    longest_gap_s: longestGap,
  };
}

/** @param {Loss[]} losses */
function summary(losses) {
  const sum = (/** @type {(loss: Loss) => number} */ of) => sumOf(losses, of);
  return {
    count: losses.length,
    detected_s: spreadOfKnown(losses.map(({ detected }) => detected)),
    owners_changed_s: spreadOfKnown(losses.map(({ ownersChanged }) => ownersChanged)),
    first_check_late_s: spread(losses.flatMap(({ lateness }) => lateness)),
    longest_gap_s: spread(losses.map(({ longestGap }) => longestGap)),
    moved: sum(({ moved }) => moved),
    missed_checks: sum(({ missed }) => missed),
    duplicate_checks: sum(({ duplicates }) => duplicates),
    false_notifications: sum(({ alerts }) => alerts),
    violations: Object.fromEntries(INVARIANTS.map(({ name }) => [name, sum(({ violations }) => violations[name])])),
    each: losses.map(row),
  };
}

await runOnCluster(async (data) => {
  const { settings } = accountSettings(data, await freePort());
  const site = await startBeatingCluster({ count, ...settings });
  await installAudit(site.cluster.sql);
  await untilRest(site);
  /** @param {number} times @param {"kill" | "stop"} way */
  const lost = async (times, way) => summary(await series(way, times, (turn) => lose(site, turn, way), row));
  const result = {
    benchmark: "failover",
    kuma: site.cluster.version,
    settings: { kills, stops, monitors: count, interval_s: INTERVAL_S, nodes: NODES.length },
    kill: await lost(kills, "kill"),
    sigterm: await lost(stops, "stop"),
  };
  return { result, close: () => site.close() };
});

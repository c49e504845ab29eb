// A cluster with a user and HTTP monitors that beat, each with an alert that goes to the receiver.
import { waitFor } from "../../local/processes.mjs";
import { logIn, setUp } from "../agent/support/browser.mjs";
import { startTestCluster } from "./cluster.mjs";
import { INTERVAL_S, addMonitors, addWebhook } from "./kuma-client.mjs";
import { startReceiver } from "./receiver.mjs";

// The interval, and what a node may take to start them after a move.
const CHECK_LIMIT_MS = (INTERVAL_S + 25) * 1000;

/**
 * @typedef {import("./kuma-client.mjs").Monitor} Monitor
 * @typedef {import("./receiver.mjs").Hit} Hit
 * @typedef {Awaited<ReturnType<typeof startBeatingCluster>>} BeatingCluster
 */

/**
 * Starts it and waits until each monitor was checked once.
 * @param {{count: number} & Parameters<typeof startTestCluster>[0]} options `count` of monitors, added by a user at the
 *   load balancer; the others as of `startTestCluster`
 */
export async function startBeatingCluster({ count, ...options }) {
  const cluster = await startTestCluster(options);
  const receiver = await startReceiver(cluster.nodeOfPid);
  await setUp(cluster);
  const socket = await logIn(cluster);
  const notificationId = await addWebhook(socket, receiver);
  const monitors = await addMonitors(socket, receiver, { count, notificationId });
  socket.disconnect();
  await untilChecked(receiver, monitors, 0);
  return {
    ...{ cluster, receiver, monitors },
    /** The monitors that a node owns now. @param {string} nodeId @returns {Promise<Monitor[]>} */
    monitorsOf: async (nodeId) => {
      const owners = await cluster.owners();
      return monitors.filter(({ id }) => owners.get(id) === nodeId);
    },
    /** @param {Monitor[]} list @param {number} since @param {string[]} [nodes] */
    untilChecked: (list, since, nodes) => untilChecked(receiver, list, since, nodes),
    /** @param {boolean} [keep] the cluster's files */
    close: async (keep) => {
      await receiver.close();
      await cluster.close(keep);
    },
  };
}

/**
 * The address of a client among several: nodes that run as many monitors share clients by their addresses.
 * @param {number} client
 */
export function clientAddress(client) {
  return `127.0.1.${client + 1}`;
}

/**
 * Waits until each of these was checked since a time, by one of these nodes if they are given.
 * @param {import("./receiver.mjs").Receiver} receiver @param {Monitor[]} list
 * @param {number} since milliseconds since 1970 @param {string[]} [nodes]
 * @returns {Promise<number>} when the last of them was checked for the first time, milliseconds since 1970
 */
async function untilChecked(receiver, list, since, nodes) {
  const counts = (/** @type {Hit} */ { node }) => nodes === undefined || nodes.includes(node ?? "");
  const lastFirst = () =>
    Math.max(...list.map(({ path }) => receiver.hitsOf(path, since).find(counts)?.at ?? Infinity));
  const what = `a check of each of ${list.length} monitors`;
  await waitFor(() => lastFirst() < Infinity, { what, timeoutMs: CHECK_LIMIT_MS, everyMs: 50 });
  return lastFirst();
}

// Users of the cluster who speak Kuma's socket protocol, through the load balancer.
import { Agent } from "node:http";
import { ask, connect, newMonitor } from "../agent/support/browser.mjs";
import { HOOK } from "./receiver.mjs";

/**
 * @typedef {import("socket.io-client").Socket} Socket
 * @typedef {{id: number, path: string}} Monitor an HTTP monitor of this path at the receiver, which is its name, too
 */

/** Seconds between two beats of the tests' monitors: the least that Kuma's page takes. */
export const INTERVAL_S = 20;

/**
 * Adds HTTP monitors `/m1`, `/m2` and so on, one after the other as a person would.
 * @param {Socket} socket logged in
 * @param {import("./receiver.mjs").Receiver} receiver
 * @param {{count: number, notificationId?: number, more?: Record<string, unknown>}} options `more` settings of each
 * @returns {Promise<Monitor[]>}
 */
export async function addMonitors(socket, receiver, { count, notificationId, more = {} }) {
  const notificationIDList = notificationId === undefined ? {} : { [notificationId]: true };
  const monitors = [];
  for (let number = 1; number <= count; number++) {
    const path = `/m${number}`;
    const settings = { name: path, url: receiver.url + path, interval: INTERVAL_S, notificationIDList, ...more };
    const monitor = newMonitor(settings);
    monitors.push({ id: Number((await accepted(socket, "add", monitor)).monitorID), path });
  }
  return monitors;
}

/**
 * Adds a webhook that tells the receiver of every alert.
 * @param {Socket} socket logged in
 * @param {import("./receiver.mjs").Receiver} receiver
 * @returns {Promise<number>} its id
 */
export async function addWebhook(socket, receiver) {
  const webhook = { webhookURL: receiver.url + HOOK, webhookContentType: "json", httpMethod: "post" };
  const notification = { name: "hook", type: "webhook", isDefault: false, applyExisting: false, ...webhook };
  return Number((await accepted(socket, "addNotification", notification, null)).id);
}

/** An icon of one pixel. */
const ICON =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** What is in the file that becomes of it. */
export const ICON_BYTES = Buffer.from(ICON.slice(ICON.indexOf(",") + 1), "base64");

/**
 * Adds a status page with an icon of its own.
 * @param {Socket} socket logged in
 * @param {string} slug its title, too
 * @param {{id: number}[]} monitors
 * @param {string[]} [domains] that show it in place of Kuma's own entry page
 */
export async function addStatusPage(socket, slug, monitors, domains = []) {
  await accepted(socket, "addStatusPage", slug, slug);
  const texts = { slug, title: slug, description: "", theme: "auto", customCSS: "", footerText: "" };
  const analytics = { analyticsType: null, analyticsId: null, googleAnalyticsId: null };
  const config = { ...texts, ...analytics, showTags: false, domainNameList: domains, autoRefreshInterval: 300 };
  await accepted(socket, "saveStatusPage", slug, config, ICON, [{ name: "Services", monitorList: monitors }]);
}

/** What connectFrom has begun. @type {Promise<Socket>[]} */
const connections = [];

/**
 * Connects as a browser does by default: by long polling, then by WebSocket on top of it.
 * @param {string} url
 * @param {{from: string, transports?: string[], reconnection?: boolean}} options `from`: the client's address, any of
 *   127.0.0.0/8
 * @returns {Promise<Socket>}
 */
export function connectFrom(url, { from, transports = ["polling", "websocket"], reconnection = false }) {
  const agent = new Agent({ localAddress: from, keepAlive: true });
  const connecting = connect({ url }, { transports, agent, reconnection });
  connections.push(connecting);
  return connecting;
}

/** Ends all connections of `connectFrom`: one that a failed test has left would keep the process from ending. */
export async function disconnectAll() {
  for (const result of await Promise.allSettled(connections.splice(0))) {
    if (result.status === "fulfilled") result.value.disconnect();
  }
}

/**
 * The node at the other end, as the session's id names it.
 * @param {Socket} socket
 */
export function nodeOf(socket) {
  return String(socket.io.engine.id).split(".")[0];
}

/** @param {Socket} socket @param {string} event @param {unknown[]} args */
async function accepted(socket, event, ...args) {
  const answer = await ask(socket, event, ...args);
  if (answer.ok !== true) throw new Error(`${event} is refused: ${JSON.stringify(answer)}`);
  return answer;
}

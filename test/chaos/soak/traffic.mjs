// Those who use the cluster all the time: requests on kept and on fresh connections, and browsers that look on.
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../../agent/support/browser.mjs";
import { USER } from "../../agent/support/cluster.mjs";
import { clientAddress } from "../../cluster/beating-cluster.mjs";
import { connectFrom } from "../../cluster/kuma-client.mjs";
import { waitFor } from "../../../local/processes.mjs";
import { request } from "../../support/http.mjs";

/**
 * @typedef {import("./site.mjs").SoakSite} SoakSite
 * @typedef {import("./journal.mjs").Journal} Journal
 * @typedef {import("socket.io-client").Socket} Socket
 */

const CLIENTS = 3;
const PAUSE_MS = 200;
const REQUEST_LIMIT_MS = 75000;
const RETRY_MS = 1000;
/** A load balancer may be away for half a minute, and its nodes take their time after that. */
const CONNECTED_MS = 60000;

/**
 * Requests to both load balancers until they are stopped.
 * @param {SoakSite} site @param {Journal} journal
 */
export function startRequests({ balancers }, journal) {
  const result = { total: 0, excused: 0, slowestMs: 0, failures: /** @type {string[]} */ ([]) };
  let running = true;
  const client = async (
    /** @type {import("../balancers.mjs").Balancer} */ { name, url },
    /** @type {number} */ number,
  ) => {
    const keepAlive = number > 0;
    while (running) {
      const from = Date.now();
      const address = clientAddress(number);
      const answer = await request(`${url}/dashboard`, { keepAlive, timeoutMs: REQUEST_LIMIT_MS, from: address });
      const to = Date.now();
      result.total += 1;
      const isExcused = answer.status !== 200 && journal.excusesRefusal(name, from / 1000, to / 1000);
      if (isExcused) result.excused += 1;
      else result.slowestMs = Math.max(result.slowestMs, to - from);
      if (answer.status !== 200 && !isExcused) {
        const at = new Date(from).toISOString();
        result.failures.push(
          `${at} ${name} after ${to - from} ms: ${answer.error ?? `${answer.status} ${answer.text.slice(0, 120)}`}`,
        );
      }
      await sleep(PAUSE_MS);
    }
  };
  const loops = balancers.flatMap((lb) => Array.from({ length: CLIENTS }, (_, number) => client(lb, number)));
  return {
    stop: async () => {
      running = false;
      await Promise.all(loops);
      return result;
    },
  };
}

/** A browser that stays: it connects and logs in again whenever it is cut off. @param {string} url @param {number} number */
export function openBrowser(url, number) {
  /** @type {Socket | undefined} */
  let socket;
  let open = true;
  /** @type {Map<number, number>} */
  const beats = new Map();
  const connectAgain = async () => {
    socket = undefined;
    while (open && socket === undefined) {
      socket = await logIn(url, number).catch(() => undefined);
      if (socket === undefined) await sleep(RETRY_MS);
    }
    if (!open) return void socket?.disconnect();
    socket?.on("heartbeat", (beat) => beats.set(Number(beat.monitorID), Date.now()));
    socket?.once("disconnect", () => void connectAgain());
  };
  const ready = connectAgain();
  return {
    ready,
    /** Its socket, once it is logged in: a page that has lost its connection takes no edit. */
    connected: () => {
      const logged = () => (socket?.connected === true ? socket : undefined);
      return waitFor(logged, { what: `a browser's connection to ${url}`, timeoutMs: CONNECTED_MS, everyMs: 100 });
    },
    /** Waits until it has seen a beat of each of these since now. @param {{id: number}[]} monitors @param {number} timeoutMs */
    untilBeats: (monitors, timeoutMs) => {
      const since = Date.now();
      const seen = () => monitors.every(({ id }) => (beats.get(id) ?? 0) >= since);
      return waitFor(seen, { what: `a beat of each monitor in a browser at ${url}`, timeoutMs, everyMs: 200 });
    },
    close: () => {
      open = false;
      socket?.disconnect();
    },
  };
}

/** @param {string} url @param {number} number */
async function logIn(url, number) {
  const socket = await connectFrom(url, { from: clientAddress(number) });
  const answer = await ask(socket, "login", { ...USER, token: "" }).catch((error) => ({ ok: false, error }));
  if (answer.ok === true) return socket;
  socket.disconnect();
  throw new Error(`cannot log in: ${JSON.stringify(answer)}`);
}

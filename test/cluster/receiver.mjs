// What the monitors of the tests check and where their notifications go, on loopback.
import { createServer } from "node:http";
import { processOfConnection } from "./connection-process.mjs";

/**
 * @typedef {object} Hit one check
 * @property {string} path
 * @property {number} at milliseconds since 1970
 * @property {string | undefined} node who checked; undefined when it was dead before that could be found out
 *
 * @typedef {Awaited<ReturnType<typeof startReceiver>>} Receiver
 */

/** The path of the webhook. */
export const HOOK = "/hook";

/**
 * @param {() => Map<number, string>} nodeOfPid the nodes that may check
 */
export async function startReceiver(nodeOfPid) {
  /** @type {Hit[]} */
  const hits = [];
  /** @type {{monitor: string, status: number, at: number}[]} */
  const notifications = [];
  /** @type {Map<string, number>} */
  const answers = new Map();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const at = Date.now();
    const nodes = nodeOfPid();
    const pid = processOfConnection(request.socket, [...nodes.keys()]);
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      if (path === HOOK) notifications.push({ ...notification(body), at });
      else hits.push({ path, at, node: pid === undefined ? undefined : nodes.get(pid) });
      response.writeHead(answers.get(path) ?? 200, { Connection: "close" }).end("ok");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    hits,
    notifications,
    /** @param {string} path @param {number} status with which it is answered from now on */
    answer: (path, status) => void answers.set(path, status),
    /** The checks of one path, since a time. @param {string} path @param {number} [since] */
    hitsOf: (path, since = 0) => hits.filter((hit) => hit.path === path && hit.at >= since),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

/** @param {string} body as Uptime Kuma's webhook sends it */
function notification(body) {
  const { monitor, heartbeat } = JSON.parse(body);
  return { monitor: monitor.name, status: heartbeat.status };
}

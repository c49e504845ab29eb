// What the monitors of the tests check, and what their notifications go to.
import { createServer } from "node:http";

/**
 * @typedef {object} Hit
 * @property {string} path
 * @property {number} at milliseconds since 1970
 *
 * @typedef {Awaited<ReturnType<typeof startTarget>>} Target
 */

/** Starts a server that notes each request. `/hook` takes notifications, everything else is checked by monitors. */
export async function startTarget() {
  /** @type {Hit[]} */
  const hits = [];
  /** @type {any[]} */
  const notifications = [];
  /** @type {Map<string, {status?: number, delayMs?: number}>} */
  const behaviours = new Map();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    /** @type {Uint8Array[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (path === "/hook") notifications.push(JSON.parse(Buffer.concat(chunks).toString()));
      else hits.push({ path, at: Date.now() });
      const { status = 200, delayMs = 0 } = behaviours.get(path) ?? {};
      setTimeout(() => response.writeHead(status, { Connection: "close" }).end("ok"), delayMs);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    hits,
    notifications,
    /** @param {string} path @param {{status?: number, delayMs?: number}} behaviour how it answers from now on */
    behave: (path, behaviour) => void behaviours.set(path, behaviour),
    /** @param {string} path @returns {number[]} when it was checked */
    times: (path) => hits.filter((hit) => hit.path === path).map((hit) => hit.at),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

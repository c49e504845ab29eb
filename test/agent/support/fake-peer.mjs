// A node that is only an HTTP server: it notes what other nodes ask it and answers as told.
import { createServer } from "node:http";

/** @typedef {import("./cluster.mjs").Site} Site */

/**
 * Starts it and registers it as an online node.
 * @param {Site} site @param {string} nodeId
 */
export async function startFakePeer(site, nodeId) {
  /** @type {import("node:http").IncomingMessage[]} */
  const requests = [];
  /** @type {import("node:http").RequestListener} */
  let answer = (_request, response) => void response.end("{}");
  const server = createServer((request, response) => {
    if (request.url !== "/api/v1/health") requests.push(request);
    answer(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await site.sql(`INSERT INTO node (node_id, node_name, host, status, last_seen, status_since)
    VALUES ('${nodeId}', '${nodeId}', '127.0.0.1:${port}', 'online', NOW(6), NOW(6))`);
  return {
    requests,
    /** @param {import("node:http").RequestListener} listener */
    answers: (listener) => void (answer = listener),
    /** From now on nobody listens there. */
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

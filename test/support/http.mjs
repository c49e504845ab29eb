import { Agent, request as open } from "node:http";
import { request as openTls } from "node:https";

const KEEP_ALIVE = new Agent({ keepAlive: true, maxSockets: 200 });
const TIMEOUT_MS = 60000;

/**
 * @typedef {object} Reply
 * @property {number} status 0 when there was no answer
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {string} text
 * @property {any} json undefined when the body is none
 * @property {string} [error] why there was no answer
 * @property {boolean} [repeated] it was sent again, see request
 */

/**
 * One HTTP request with exactly the headers that are given; never throws. Like a browser it repeats a GET once when a
 * kept connection is closed just as the request goes out (RFC 9112, 9.3.1).
 * @param {string} url
 * @param {{method?: string, headers?: Record<string, string>, body?: string | Uint8Array, timeoutMs?: number,
 *   keepAlive?: boolean, from?: string, ca?: string}} [options] `keepAlive: false` opens a connection of its own, as https
 *   always does; `from`: the client's address, any of 127.0.0.0/8; `ca`: who vouches for a server of https, in PEM
 * @returns {Promise<Reply>}
 */
export async function request(url, options = {}) {
  const first = await attempt(url, options);
  const repeatable = first.staleConnection && (options.method ?? "GET") === "GET";
  return repeatable ? { ...(await attempt(url, { ...options, keepAlive: false })), repeated: true } : first;
}

/**
 * @param {string} url @param {NonNullable<Parameters<typeof request>[1]>} options
 * @returns {Promise<Reply & {staleConnection?: boolean}>}
 */
function attempt(url, { method = "GET", headers = {}, body, timeoutMs = TIMEOUT_MS, keepAlive = true, from, ca }) {
  const isTls = url.startsWith("https:");
  const agent = keepAlive && !isTls ? KEEP_ALIVE : false;
  const length = body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  const details = { method, headers: { ...length, ...headers }, agent, timeout: timeoutMs, localAddress: from, ca };
  return new Promise((resolve) => {
    let answered = false;
    const outgoing = (isTls ? openTls : open)(url, details, (response) => {
      answered = true;
      /** @type {Uint8Array[]} */
      const chunks = [];
      response.on("error", failed);
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve(reply(response, Buffer.concat(chunks).toString())));
    });
    const failed = (/** @type {NodeJS.ErrnoException} */ error) => {
      const staleConnection = outgoing.reusedSocket && !answered && error.code === "ECONNRESET";
      resolve({ status: 0, headers: {}, text: "", json: undefined, error: error.message, staleConnection });
    };
    outgoing.on("error", failed);
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    outgoing.end(body);
  });
}

/**
 * @typedef {object} LoadResult
 * @property {number} total
 * @property {string[]} failures everything but a 200
 * @property {number} repeated
 * @property {number} slowestMs
 * @property {Record<string, number>} nodes requests by X-Routed-To
 */

/**
 * Sends GET requests from several clients at once until it is stopped.
 * @param {string} url
 * @param {{clients?: number, pauseMs?: number, headers?: Record<string, string>, keepAlive?: boolean,
 *   timeoutMs?: number, ca?: string, from?: (client: number) => string}} [options] `pauseMs` between two requests of one client; the others as of
 *   `request`, `from` for each client
 * @returns {{result: LoadResult, stop: () => Promise<LoadResult>}} `result`: so far
 */
export function startLoad(url, { clients = 4, pauseMs = 5, from, ...options } = {}) {
  /** @type {LoadResult} */
  const result = { total: 0, failures: [], repeated: 0, slowestMs: 0, nodes: {} };
  let running = true;
  const loops = Array.from({ length: clients }, async (_, client) => {
    while (running) {
      const started = performance.now();
      record(result, await request(url, { ...options, from: from?.(client) }), performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  });
  const stop = async () => {
    running = false;
    await Promise.all(loops);
    return result;
  };
  return { result, stop };
}

/** @param {LoadResult} result @param {Reply} answer @param {number} milliseconds */
function record(result, answer, milliseconds) {
  result.total += 1;
  result.repeated += answer.repeated ? 1 : 0;
  result.slowestMs = Math.max(result.slowestMs, milliseconds);
  const node = String(answer.headers["x-routed-to"] ?? "none");
  result.nodes[node] = (result.nodes[node] ?? 0) + 1;
  if (answer.status !== 200) result.failures.push(answer.error ?? `${answer.status} ${answer.text.slice(0, 120)}`);
}

/** @param {import("node:http").IncomingMessage} response @param {string} text @returns {Reply} */
function reply(response, text) {
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.statusCode ?? 0, headers: response.headers, text, json };
}

// What a probe sees of its leader: registrations, assignments with an ETag, results. Speaks the protocol of types/contract
// and keeps everything that came, with the times at which it came.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

/**
 * @typedef {{seq: number, check_id: number, status: "up" | "down" | "abstain", age_ms: number, ping_ms?: number,
 *   message: string}} Result
 * @typedef {Result & {at: number, checked_at: number}} Received `checked_at`: when the check ended, by its age; ms
 * @typedef {{id: number, kind: string, target: object, interval: number, timeout_ms: number}} Check
 * @typedef {{at: number, method: string, path: string, secret: string, etag?: string, body: any, status: number}} Seen
 */

/**
 * Starts a leader on 127.0.0.1.
 * @param {number} port
 * @param {{secret?: string, refresh?: number}} [options] `refresh`: seconds between two looks at the assignments
 */
export async function startFakeLeader(port, { secret = "s3cret", refresh = 1 } = {}) {
  /** @type {{checks: object[], sessions: Map<string, string>, seen: Seen[], results: Received[], secret: string,
   *   refuse: number | undefined, refresh: number}} */
  const state = { checks: [], sessions: new Map(), seen: [], results: [], secret, refuse: undefined, refresh };
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    const url = new URL(request.url ?? "/", "http://leader");
    const body = text === "" ? undefined : JSON.parse(text);
    const secret = String(request.headers["x-cluster-secret"]);
    const etag = request.headers["if-none-match"];
    const answer = answerTo(state, { method: String(request.method), url, body, secret, etag });
    const { pathname: path } = url;
    state.seen.push({
      at: Date.now(),
      method: String(request.method),
      path,
      secret,
      etag,
      body,
      status: answer.status,
    });
    response.writeHead(answer.status, { "Content-Type": "application/json", ...answer.headers });
    response.end(answer.status === 304 ? undefined : JSON.stringify(answer.body));
  });
  const listen = () => new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  await listen();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    ...state,
    /** @param {object[]} checks from the next look on */
    assign: (checks) => void (state.checks = checks),
    /** As after a restored database. */
    forgetProbes: () => state.sessions.clear(),
    /** @param {number | undefined} status of every answer to results from now on; nothing to be well again */
    refuseResults: (status) => void (state.refuse = status),
    /** @param {string} value */
    changeSecret: (value) => void (state.secret = value),
    /** Requests for a path. @param {string} path */
    requests: (path) => state.seen.filter((one) => one.path === path),
    /** @param {number} checkId */
    resultsOf: (checkId) => state.results.filter(({ check_id }) => check_id === checkId),
    /** Takes no connections until back(). */
    away() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve(undefined)));
    },
    back: listen,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve(undefined)));
    },
  };
}

/** @param {number} status @param {string} error */
const failure = (status, error) => ({ status, body: { error, message: `${error}.` }, headers: {} });

/**
 * @param {any} state @param {{method: string, url: URL, body: any, secret: string, etag?: string}} request
 * @returns {{status: number, body: unknown, headers: Record<string, string>}}
 */
function answerTo(state, { method, url, body, secret, etag }) {
  if (secret !== state.secret) return failure(401, "invalid_credentials");
  const route = `${method} ${url.pathname}`;
  if (state.refuse !== undefined && route === "POST /lb/probes/results") return failure(state.refuse, "refused");
  if (route === "POST /lb/probes/register") return register(state, body);
  const probe = body?.probe_id ?? url.searchParams.get("probe");
  const session = body?.session ?? url.searchParams.get("session");
  if (state.sessions.get(probe) !== session) return failure(409, "unknown_session");
  if (route === "GET /lb/probes/assignments") return assignments(state, etag);
  if (route === "POST /lb/probes/results") return results(state, body);
  return failure(404, "not_found");
}

/** @param {any} state @param {any} body */
function register(state, body) {
  const session = `session-${state.seen.length}`;
  state.sessions.set(body.probe_id, session);
  return { status: 200, body: { probe_id: body.probe_id, session }, headers: {} };
}

/** @param {any} state @param {string | undefined} etag */
function assignments(state, etag) {
  const body = { checks: state.checks, refresh: state.refresh };
  const tag = `"${createHash("sha1").update(JSON.stringify(body)).digest("hex")}"`;
  return { status: etag === tag ? 304 : 200, body, headers: { ETag: tag } };
}

/** @param {any} state @param {{results: Result[]}} body */
function results(state, body) {
  const now = Date.now();
  for (const result of body.results) {
    state.results.push({ ...result, at: now, checked_at: now - result.age_ms });
  }
  return { status: 200, body: { accepted: body.results.length, ignored: 0 }, headers: {} };
}

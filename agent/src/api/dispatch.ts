import { standingVerdict } from "../health";
import type { Request, Response } from "../kuma-web";
import { authenticate, firstUser } from "./auth";
import { readBody } from "./body";
import { guardCluster, guardOrigin, hasClusterSecret } from "./guard";
import type { Answer, Api, User } from "./http";
import { compilePath, matchPath } from "./path";
import { databaseLost, Problem, problemOf } from "./problem";
import { ROUTES, type Route } from "./routes";

const NOBODY: User = { id: 0 };
const RETRY_AFTER_S = 5;

const compiled = ROUTES.map((route) => ({ route, pattern: compilePath(route.path) }));

/** The route of a request and the numbers in its path. Throws a Problem: 404, or 405 with what is allowed. */
function findRoute(method: string, path: string): { route: Route; params: Record<string, number> } {
    const wanted = method === "HEAD" ? "GET" : method;
    const allowed: string[] = [];
    for (const { route, pattern } of compiled) {
        const params = matchPath(pattern, path);
        if (params === undefined) continue;
        if (route.method === wanted) return { route, params };
        allowed.push(...(route.method === "GET" ? ["GET", "HEAD"] : [route.method]));
    }
    if (allowed.length === 0) throw new Problem(404, "not_found", "there is no such path in the API");
    const headers = { Allow: allowed.join(", ") };
    throw new Problem(405, "method_not_allowed", `this path takes ${headers.Allow}`, { headers });
}

/** Throws a Problem when the node cannot answer for its monitors. */
function requireReady({ agent }: Api): void {
    const { status, reason } = standingVerdict(agent);
    if (status === "database_lost" || agent.database?.isLost === true) throw databaseLost();
    if (status === "ok") return;
    const headers = { "Retry-After": String(RETRY_AFTER_S) };
    throw new Problem(503, "not_ready", reason ?? "the node is not ready", { headers });
}

/** Lets a request pass, as the user that it comes from. Throws a Problem when it may not pass. */
async function admit(api: Api, route: Route, request: Request): Promise<User> {
    if (route.auth === "none") return NOBODY;
    guardOrigin(request);
    if (route.auth === "cluster") guardCluster(request, api.agent.config.clusterSecrets);
    requireReady(api);
    if (route.auth !== "user") return NOBODY;
    return hasClusterSecret(request, api.agent.config.clusterSecrets)
        ? firstUser(api.agent)
        : authenticate(api, request);
}

async function answer(api: Api, request: Request, response: Response): Promise<Answer | undefined> {
    const { route, params } = findRoute(request.method, request.path);
    const user = await admit(api, route, request);
    const hasBody = route.method !== "GET" && route.method !== "DELETE";
    const body = hasBody ? await readBody(api, request, response, route.body !== undefined) : {};
    return route.handler({ ...api, request, response, params, query: request.query, body, user });
}

/** Answers a request under /api/v1, whatever it is. Never throws. */
export async function dispatch(api: Api, request: Request, response: Response): Promise<void> {
    let given: Answer | undefined;
    // As Kuma does on its own routes.
    response.removeHeader("X-Powered-By");
    try {
        given = await answer(api, request, response);
    } catch (thrown) {
        const { status, body, headers } = problemOf(thrown);
        given = { status, body, headers };
    }
    if (given === undefined) return;
    response.setHeader("Cache-Control", "no-store");
    for (const [name, value] of Object.entries(given.headers ?? {})) response.setHeader(name, value);
    response.status(given.status).json(given.body);
}

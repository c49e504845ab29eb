/* The HTTP API under /lb/: finds the handler of a request and sends what it returns. */
import * as access from "./api/access";
import { not_here } from "./api/probe";
import { read_body, read_query } from "./api/request";
import { failure, send } from "./api/respond";
import type { Answer } from "./api/respond";
import { allowed_methods, finder, is_change, route_for } from "./api/route";
import type { Route } from "./api/route";
import { ROUTES } from "./api/routes";
import * as client from "./lib/client";
import { escape_path } from "./lib/text";
import * as logger from "./logger";
import * as middleware from "./middleware";
import * as probe_mode from "./probe_mode";

export { unavailable } from "./api/unavailable";

const PREFIX = "/lb/";
/** Where the routes were before they were under /lb/. */
const OLD_PREFIX = "/api/";

const NO_BODY: Record<string, unknown> = {};

const find = finder(ROUTES);

function path_below(prefix: string): string {
    return string.sub(ngx.var.uri ?? "", prefix.length + 1);
}

function nothing(): LuaMultiReturn<[body: Record<string, unknown>, refusal?: Answer]> {
    return $multi(NO_BODY);
}

function answer_of(route: Route, parameter: string): Answer {
    const refused = access.refusal(route.guard, is_change(route));
    if (refused !== undefined) {
        return refused;
    }
    const [body, unreadable] = route.takes === undefined ? nothing() : read_body();
    if (unreadable !== undefined) {
        return unreadable;
    }
    return route.handler({
        parameter,
        query: read_query(),
        body,
        challenge: ngx.var.http_x_cluster_challenge,
        if_none_match: ngx.var.http_if_none_match,
    });
}

function dispatch(): Answer {
    const path = path_below(PREFIX);
    if (!probe_mode.has_page(path)) {
        return not_here();
    }
    const [methods, parameter] = find(path);
    if (methods === undefined) {
        return failure(404, "not_found", "There is no such page under /lb/.");
    }
    const route = route_for(methods, ngx.req.get_method());
    if (route === undefined) {
        const allow = allowed_methods(methods);
        return failure(405, "method_not_allowed", `Use ${allow} here.`, { Allow: allow });
    }
    return answer_of(route, parameter);
}

/** content_by_lua of /lb/. A handler that raises is logged and answered with a 500 that tells nothing of the inside. */
export function handle(): void {
    const [done, answer] = pcall(dispatch);
    if (!done) {
        logger.error("API", "%s %s failed: %s", ngx.req.get_method(), ngx.var.uri, answer);
        send(failure(500, "internal_error", "The load balancer could not answer; its error log says why."));
        return;
    }
    send(answer);
}

/**
 * rewrite_by_lua of /lb/: requests for guarded routes are counted by client, so that nobody tries secrets by the thousand.
 * nginx counts those for which $guarded_client is not empty.
 */
export function classify(): void {
    const [methods] = find(path_below(PREFIX));
    const route = methods === undefined ? undefined : route_for(methods, ngx.req.get_method());
    if (route !== undefined && access.is_guarded(route.guard)) {
        ngx.var.guarded_client = client.current().address;
    }
}

/** access_by_lua of /api/: the names that the routes had before go to those under /lb/, all else to a node. */
export function access_old_names(): void {
    const name = path_below(OLD_PREFIX);
    const [methods] = find(name);
    if (methods === undefined) {
        middleware.access();
        return;
    }
    const query = ngx.var.args;
    ngx.redirect(PREFIX + escape_path(name) + (query === undefined || query === "" ? "" : "?" + query), 308);
}

/** access_by_lua of the dashboard, which a probe does not have. */
export function access_dashboard(): void {
    if (probe_mode.IS_PROBE) {
        send(not_here());
        ngx.exit(ngx.HTTP_OK);
    }
}

/** content_by_lua of paths that the parts of the cluster use among themselves: nobody outside gets at them. */
export function hide(): void {
    send(failure(404, "not_found", "There is no such page."));
}

/** What nginx itself finds wrong with a request, by status. */
const REFUSALS: Record<number, readonly [code: string, message: string] | undefined> = {
    404: ["not_found", "There is no such page under /lb/."],
    405: ["method_not_allowed", "Use GET, HEAD here."],
    413: ["body_too_large", "The body is longer than 1 MiB."],
    429: ["rate_limited", "Too many requests from this client; try again in a second."],
};

/** content_by_lua of @refused: an error of nginx's own, in the form of all others. */
export function refuse(): void {
    // 403 is a folder.
    const status = ngx.status === 403 ? 404 : ngx.status;
    const [code, message] = REFUSALS[status] ?? ["bad_request", "The load balancer cannot serve this request."];
    const headers: Record<string, string> = {};
    if (status === 405) {
        headers.Allow = "GET, HEAD";
    } else if (status === 429) {
        headers["Retry-After"] = "1";
    }
    send(failure(status, code, message, headers));
}

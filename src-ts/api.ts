/*
 * The HTTP API under /lb/: finds the handler of a request and sends what it returns; and what the load balancer answers in
 * place of a node.
 */
import * as access from "./api/access";
import { page } from "./api/page";
import type { Language, Words } from "./api/page";
import { read_body, read_query } from "./api/request";
import type { Request } from "./api/request";
import { failure, send } from "./api/respond";
import type { Answer } from "./api/respond";
import { allowed_methods, finder, is_change, route_for } from "./api/route";
import type { Route } from "./api/route";
import { ROUTES } from "./api/routes";
import * as client from "./lib/client";
import { is_odd_request } from "./lib/odd_request";
import { contains, escape_path } from "./lib/text";
import * as logger from "./logger";
import * as middleware from "./middleware";
import * as monitor_router from "./monitor_router";

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
    const request: Request = { parameter, query: read_query(), body };
    return route.handler(request);
}

function dispatch(): Answer {
    const [methods, parameter] = find(path_below(PREFIX));
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

const UNAVAILABLE: Record<Language, Words> = {
    en: {
        title: "Uptime Kuma is not available",
        text: "{reason} This page tries again every 5 seconds.",
    },
    zh: {
        title: "Uptime Kuma 目前無法使用",
        text: "目前沒有節點可以處理此請求。此頁面每 5 秒會自動重試。",
    },
};

function wants_html(): boolean {
    return contains(ngx.var.http_accept ?? "", "text/html");
}

/** The last of nginx's values for the attempts of a request, "a, b, c". */
function of_last_attempt(values: string | undefined): string | undefined {
    const [last] = string.match(values ?? "", "([^%s,]+)$");
    return last;
}

function blame(): Answer {
    if (is_odd_request()) {
        return failure(400, "bad_request", "No node takes this request: a header or its method is none of HTTP's.");
    }
    const address = of_last_attempt(ngx.var.upstream_addr);
    const is_connected = (of_last_attempt(ngx.var.upstream_connect_time) ?? "-") !== "-";
    if (address !== undefined) {
        monitor_router.report_failed_address(address);
    }
    return (ngx.status === 502 || ngx.status === 504) && is_connected
        ? failure(
              ngx.status,
              "node_failed",
              "The node that took the request did not answer, and no other could take it over.",
          )
        : failure(503, "no_node_available", "No Uptime Kuma node is available at the moment.");
}

/**
 * content_by_lua of @unavailable: no node could serve the request. 503 when none was there to ask or none took the
 * connection; else the 502 or 504 that nginx made of the node's failure, since the request may have been carried out. 400
 * when the failure is the request's own.
 */
export function unavailable(): void {
    middleware.forget_routing_headers();
    const answer = blame();
    const headers = answer.status === 400 ? {} : { "Retry-After": "5" };
    if (answer.status !== 400 && wants_html()) {
        const shown = page(answer.status, UNAVAILABLE, { reason: (answer.body as ErrorBody).message }, 5);
        send({ status: shown.status, body: shown.body, content_type: "text/html; charset=utf-8", headers });
        return;
    }
    send({ status: answer.status, body: answer.body, headers });
}

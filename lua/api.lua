-- Generated from src-ts/api.ts: edit that file, then run npm run build.
-- The HTTP API under /lb/: finds the handler of a request and sends what it returns.
local _M = {}
local access = require("api.access")
local ____probe = require("api.probe")
local not_here = ____probe.not_here
local ____request = require("api.request")
local read_body = ____request.read_body
local read_query = ____request.read_query
local ____respond = require("api.respond")
local failure = ____respond.failure
local send = ____respond.send
local ____route = require("api.route")
local allowed_methods = ____route.allowed_methods
local finder = ____route.finder
local is_change = ____route.is_change
local route_for = ____route.route_for
local ____routes = require("api.routes")
local ROUTES = ____routes.ROUTES
local client = require("lib.client")
local ____text = require("lib.text")
local escape_path = ____text.escape_path
local logger = require("logger")
local middleware = require("middleware")
local probe_mode = require("probe_mode")
do
    local ____unavailable = require("api.unavailable")
    _M.unavailable = ____unavailable.unavailable
end
local PREFIX = "/lb/"
--- Where the routes were before they were under /lb/.
local OLD_PREFIX = "/api/"
local NO_BODY = {}
local find = finder(ROUTES)

local function path_below(prefix)
    return string.sub(ngx.var.uri or "", #prefix + 1)
end

local function nothing()
    return NO_BODY
end

local function answer_of(route, parameter)
    local refused = access.refusal(
        route.guard,
        is_change(route)
    )
    if refused ~= nil then
        return refused
    end
    local body, unreadable = unpack(
        route.takes == nil and ({nothing()}) or ({read_body()}),
        1,
        2
    )
    if unreadable ~= nil then
        return unreadable
    end
    return route.handler({
        parameter = parameter,
        query = read_query(),
        body = body,
        challenge = ngx.var.http_x_cluster_challenge,
        if_none_match = ngx.var.http_if_none_match
    })
end

local function dispatch()
    local path = path_below(PREFIX)
    if not probe_mode.has_page(path) then
        return not_here()
    end
    local methods, parameter = find(path)
    if methods == nil then
        return failure(404, "not_found", "There is no such page under /lb/.")
    end
    local route = route_for(
        methods,
        ngx.req.get_method()
    )
    if route == nil then
        local allow = allowed_methods(methods)
        return failure(405, "method_not_allowed", ("Use " .. allow) .. " here.", {Allow = allow})
    end
    return answer_of(route, parameter)
end

--- content_by_lua of /lb/. A handler that raises is logged and answered with a 500 that tells nothing of the inside.
function _M.handle()
    local done, answer = pcall(dispatch)
    if not done then
        logger.error(
            "API",
            "%s %s failed: %s",
            ngx.req.get_method(),
            ngx.var.uri,
            answer
        )
        send(failure(500, "internal_error", "The load balancer could not answer; its error log says why."))
        return
    end
    send(answer)
end

--- rewrite_by_lua of /lb/: requests for guarded routes are counted by client, so that nobody tries secrets by the thousand.
-- nginx counts those for which $guarded_client is not empty.
function _M.classify()
    local methods = find(path_below(PREFIX))
    local ____temp_0
    if methods == nil then
        ____temp_0 = nil
    else
        ____temp_0 = route_for(
            methods,
            ngx.req.get_method()
        )
    end
    local route = ____temp_0
    if route ~= nil and access.is_guarded(route.guard) then
        ngx.var.guarded_client = client.current().address
    end
end

--- access_by_lua of /api/: the names that the routes had before go to those under /lb/, all else to a node.
function _M.access_old_names()
    local name = path_below(OLD_PREFIX)
    local methods = find(name)
    if methods == nil then
        middleware.access()
        return
    end
    local query = ngx.var.args
    ngx.redirect(
        (PREFIX .. escape_path(name)) .. ((query == nil or query == "") and "" or "?" .. query),
        308
    )
end

--- access_by_lua of the dashboard, which a probe does not have.
function _M.access_dashboard()
    if probe_mode.IS_PROBE then
        send(not_here())
        ngx.exit(ngx.HTTP_OK)
    end
end

--- content_by_lua of paths that the parts of the cluster use among themselves: nobody outside gets at them.
function _M.hide()
    send(failure(404, "not_found", "There is no such page."))
end
--- What nginx itself finds wrong with a request, by status.
local REFUSALS = {[404] = {"not_found", "There is no such page under /lb/."}, [405] = {"method_not_allowed", "Use GET, HEAD here."}, [413] = {"body_too_large", "The body is longer than 1 MiB."}, [429] = {"rate_limited", "Too many requests from this client; try again in a second."}}

--- content_by_lua of
--
-- @refused : an error of nginx's own, in the form of all others.
function _M.refuse()
    local status = ngx.status == 403 and 404 or ngx.status
    local code, message = unpack(REFUSALS[status] or ({"bad_request", "The load balancer cannot serve this request."}), 1, 2)
    local headers = {}
    if status == 405 then
        headers.Allow = "GET, HEAD"
    elseif status == 429 then
        headers["Retry-After"] = "1"
    end
    send(failure(status, code, message, headers))
end
return _M

-- Generated from src-ts/api.ts: edit that file, then run npm run build.
-- The HTTP API under /lb/: finds the handler of a request and sends what it returns.
local _M = {}
local access = require("api.access")
local drain = require("api.drain")
local history = require("api.history")
local nodes = require("api.nodes")
local operations = require("api.operations")
local rebalancing = require("api.rebalancing")
local ____respond = require("api.respond")
local failure = ____respond.failure
local send = ____respond.send
local status = require("api.status")
local logger = require("logger")
local middleware = require("middleware")
local monitor_router = require("monitor_router")
--- Path below /lb/ -> handlers by method: every route of the API, nowhere else.
_M.ROUTES = {
    ping = {GET = status.ping},
    livez = {GET = status.livez},
    readyz = {GET = status.readyz},
    health = {GET = status.health},
    ["health-status"] = {GET = status.health_status},
    ["available-nodes"] = {GET = nodes.available_nodes},
    capacity = {GET = nodes.capacity},
    ["node-status"] = {GET = nodes.node_status},
    ["setup-status"] = {GET = status.setup_status},
    ["fault-detection-status"] = {GET = history.fault_detection_status},
    events = {GET = history.events},
    ["monitors/{id}/explain"] = {GET = history.explain},
    ["rebalancing-status"] = {GET = rebalancing.rebalancing_status},
    ["trigger-health-check"] = {POST = operations.trigger_health_check, guarded = true},
    ["trigger-rebalancing"] = {GET = rebalancing.trigger_rebalancing, POST = rebalancing.trigger_rebalancing, guarded = true},
    ["force-rebalance-all"] = {GET = rebalancing.force_rebalance_all, POST = rebalancing.force_rebalance_all, guarded = true},
    ["update-loads"] = {GET = rebalancing.update_loads, POST = rebalancing.update_loads, guarded = true},
    ["nodes/{node}/drain"] = {POST = drain.drain, guarded = true},
    ["nodes/{node}/ready"] = {POST = drain.ready, guarded = true}
}
--- The routes with a name in braces, by the Lua pattern of their paths.
local PATTERNS = {}
for path, route in pairs(_M.ROUTES) do
    local pattern, names = string.gsub(path, "{%w+}", "([^/]+)")
    if names > 0 then
        PATTERNS[("^" .. (string.gsub(pattern, "%-", "%%-"))) .. "$"] = route
    end
end

local function find_route(path)
    local route = _M.ROUTES[path]
    if route ~= nil then
        return route, ""
    end
    for pattern, found in pairs(PATTERNS) do
        local parameter = string.match(path, pattern)
        if parameter ~= nil then
            return found, parameter
        end
    end
    return nil, ""
end

local function handler_of(route, method)
    if method == "POST" then
        return route.POST
    end
    local is_read = method == "GET" or method == "HEAD" and route.guarded ~= true
    local ____is_read_0
    if is_read then
        ____is_read_0 = route.GET
    else
        ____is_read_0 = nil
    end
    return ____is_read_0
end

local function allowed_methods(route)
    local names = {}
    for ____, name in ipairs({"GET", "HEAD", "POST"}) do
        if handler_of(route, name) ~= nil then
            table.insert(names, name)
        end
    end
    return table.concat(names, ", ")
end

local function dispatch()
    local route, parameter = find_route(string.sub(
        ngx.var.uri or "",
        string.len("/lb/") + 1
    ))
    if route == nil then
        return failure(404, "not_found", "There is no such page under /lb/.")
    end
    local handler = handler_of(
        route,
        ngx.req.get_method()
    )
    if handler == nil then
        local allow = allowed_methods(route)
        return failure(405, "method_not_allowed", ("Use " .. allow) .. " here.", {Allow = allow})
    end
    local ____temp_1
    if route.guarded == true then
        ____temp_1 = access.refusal()
    else
        ____temp_1 = nil
    end
    local refused = ____temp_1
    return refused or handler(parameter)
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

--- content_by_lua of paths that the parts of the cluster use among themselves: nobody outside gets at them.
function _M.hide()
    send(failure(404, "not_found", "There is no such page."))
end
local HTML_PAGE = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"refresh\" content=\"5\"><title>Uptime Kuma is not available</title>\n<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em}</style></head>\n<body><h1>Uptime Kuma is not available</h1><p>%s This page tries again every 5 seconds.</p></body></html>\n"

local function wants_html()
    local html = string.match(ngx.var.http_accept or "", "text/html")
    return html ~= nil
end

--- The last of nginx's values for the attempts of a request, "a, b, c".
local function of_last_attempt(values)
    local last = string.match(values or "", "([^%s,]+)$")
    return last
end

--- content_by_lua of
--
-- @unavailable : no node could serve the request. 503 when none was there to ask or none took the
-- connection; else the 502 or 504 that nginx made of the node's failure, since the request may have been carried out.
function _M.unavailable()
    middleware.forget_routing_headers()
    local address = of_last_attempt(ngx.var.upstream_addr)
    local is_connected = (of_last_attempt(ngx.var.upstream_connect_time) or "-") ~= "-"
    if address ~= nil then
        monitor_router.report_failed_address(address)
    end
    local answer = (ngx.status == 502 or ngx.status == 504) and is_connected and failure(ngx.status, "node_failed", "The node that took the request did not answer, and no other could take it over.") or failure(503, "no_node_available", "No Uptime Kuma node is available at the moment.")
    local headers = {["Retry-After"] = "5"}
    if not wants_html() then
        send({status = answer.status, body = answer.body, headers = headers})
        return
    end
    local page = string.format(HTML_PAGE, answer.body.message)
    send({status = answer.status, body = page, content_type = "text/html; charset=utf-8", headers = headers})
end
return _M

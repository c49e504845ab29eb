-- Generated from src-ts/attempts.ts: edit that file, then run npm run build.
-- The balancer phase: connects a request to its node and, when that fails, to the next one.
local _M = {}
local balancer = require("ngx.balancer")
local ____odd_request = require("lib.odd_request")
local is_odd_request = ____odd_request.is_odd_request
local logger = require("logger")
local requests = require("metrics.requests")
local monitor_router = require("monitor_router")
--- NGX_BUSY: makes nginx answer 502, or with a copy, as it does itself when no server of an upstream is left.
local NO_LIVE_UPSTREAM = -3
--- nginx's code for an attempt that took too long.
local TIMED_OUT = 504
--- Seconds for a connection, and between two reads or writes, where a copy can serve in place of the node.
local TIMEOUT_WITH_COPY = 2

--- nginx has a copy that it serves when no node answers in time.
local function has_copy()
    return ngx.ctx.is_public == true and ngx.var.upstream_cache_status == "EXPIRED"
end

--- After a failed attempt: the next node. False when everyone has been tried, or the next would fail in the same way.
local function go_on(failed_with)
    if is_odd_request() then
        return false
    end
    if failed_with == TIMED_OUT and monitor_router.database_error() ~= nil and has_copy() then
        return false
    end
    local failed = monitor_router.get_route()
    local route = monitor_router.select_next_node()
    if route == nil then
        return false
    end
    if failed ~= nil then
        requests.count_retry(failed.peer.node_id)
    end
    if ngx.var.routed_to ~= nil then
        ngx.var.routed_to = route.peer.routed_to
        ngx.var.routed_via = route.via
    end
    return true
end

local function connect(host, port)
    local ok, err = balancer.set_current_peer(host or "", port or 0)
    if ok == nil then
        logger.error(
            "ROUTER",
            "cannot use %s port %s: %s",
            host,
            port,
            err
        )
        return ngx.exit(NO_LIVE_UPSTREAM)
    end
end

--- balancer_by_lua: connects to the chosen node; after a failure to the next one, each node once.
function _M.balance()
    local failure, code = balancer.get_last_failure()
    if failure ~= nil and not go_on(code) then
        return ngx.exit(NO_LIVE_UPSTREAM)
    end
    local host, port, route = monitor_router.get_preselected_node()
    if route == nil then
        return ngx.exit(NO_LIVE_UPSTREAM)
    end
    if failure == nil and route.alternatives > 0 then
        balancer.set_more_tries(route.alternatives)
    end
    if has_copy() then
        balancer.set_timeouts(TIMEOUT_WITH_COPY, TIMEOUT_WITH_COPY, TIMEOUT_WITH_COPY)
    end
    return connect(host, port)
end
return _M

-- Generated from src-ts/middleware.ts: edit that file, then run npm run build.
-- One function for each nginx phase. nginx.conf calls these and nothing else but api.
local _M = {}
local balancer = require("ngx.balancer")
local config = require("config")
local dynamic_upstream = require("dynamic_upstream")
local health_check = require("health_check")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local monitor_router = require("monitor_router")
--- Seconds for connect, send and silence on a socket.io session; nginx.conf has the limits of other requests.
local SESSION_TIMEOUTS = {connect = 3, send = 60, read = 86400}
--- NGX_BUSY: makes nginx answer 502, as it does itself when no server of an upstream is left.
local NO_LIVE_UPSTREAM = -3

--- init_by_lua: with wrong settings nginx does not start, and says so in one line for each; at a reload it keeps the
-- workers it has.
function _M.init()
    local dict = shared_dict.open("health_checker")
    local is_reload = shared_dict.get_number(dict, "started_at") ~= nil
    if #config.problems == 0 then
        shared_dict.set(
            dict,
            "started_at",
            ngx.now()
        )
        return
    end
    config.report_problems()
    if is_reload then
        error("wrong settings in the environment, see the lines above", 0)
    end
    os.exit(1)
end

--- init_worker_by_lua: starts the background work of this worker.
function _M.init_worker()
    math.randomseed(ngx.worker.pid() * 65537 + math.floor(ngx.now() * 1000))
    dynamic_upstream.start()
    health_check.health_check_worker()
end

--- access_by_lua: chooses the node.
function _M.preselect_node()
    local chosen, err = monitor_router.preselect_node()
    if chosen == nil then
        logger.warn("ROUTER", "cannot route %s: %s", ngx.var.uri, err)
        ngx.exec("@unavailable")
    end
end

local function prepare_attempts(route)
    local alternatives = monitor_router.count_alternatives(route)
    if alternatives > 0 then
        balancer.set_more_tries(alternatives)
    end
    if route.is_session then
        balancer.set_timeouts(SESSION_TIMEOUTS.connect, SESSION_TIMEOUTS.send, SESSION_TIMEOUTS.read)
    end
end

--- balancer_by_lua: connects to the chosen node; after a failure to the next one, each node once.
function _M.balance()
    local failure = balancer.get_last_failure()
    if failure ~= nil and not monitor_router.select_next_node() then
        return ngx.exit(NO_LIVE_UPSTREAM)
    end
    local host, port, route = monitor_router.get_preselected_node()
    if failure == nil and route ~= nil then
        prepare_attempts(route)
    end
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

local function add_cookie(cookie)
    local present = ngx.header["Set-Cookie"]
    if present == nil then
        ngx.header["Set-Cookie"] = cookie
        return
    end
    local cookies = {}
    for ____, one in ipairs(type(present) == "table" and present or ({tostring(present)})) do
        table.insert(cookies, one)
    end
    table.insert(cookies, cookie)
    ngx.header["Set-Cookie"] = cookies
end

--- header_filter_by_lua: says where the request went.
function _M.add_routing_headers()
    local route = monitor_router.get_route()
    if route == nil then
        return
    end
    local header = ngx.header
    header["X-Routed-Via"] = route.via
    header["X-Routed-To"] = route.peer.routed_to
    if route.clear_cookie then
        add_cookie(monitor_router.CLEARED_FIXED_NODE)
    end
end
return _M

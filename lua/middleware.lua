-- Generated from src-ts/middleware.ts: edit that file, then run npm run build.
-- One function for each nginx phase. nginx.conf calls these and nothing else but api.
local _M = {}
local balancer = require("ngx.balancer")
local config = require("config")
local dynamic_upstream = require("dynamic_upstream")
local health_check = require("health_check")
local logger = require("logger")
local monitor_router = require("monitor_router")
local CONNECT_TIMEOUT = 3
--- Seconds without a byte from the node before the request goes elsewhere or fails.
local READ_TIMEOUT = 60
--- Seconds of silence on a WebSocket.
local SESSION_TIMEOUT = 86400
--- NGX_BUSY: makes nginx answer 502, as it does itself when no server of an upstream is left.
local NO_LIVE_UPSTREAM = -3

--- init_by_lua: stops the start, one line for each wrong setting.
function _M.init()
    for ____, problem in ipairs(config.problems) do
        io.stderr:write(("nginx: [emerg] " .. problem) .. "\n")
    end
    if #config.problems > 0 then
        error("wrong settings in the environment, see the lines above", 0)
    end
end

--- init_worker_by_lua: starts the background work of this worker.
function _M.init_worker()
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

local function prepare_attempts()
    local alternatives = monitor_router.count_alternatives()
    if alternatives > 0 then
        balancer.set_more_tries(alternatives)
    end
    local is_session = ngx.var.http_upgrade ~= nil
    balancer.set_timeouts(CONNECT_TIMEOUT, READ_TIMEOUT, is_session and SESSION_TIMEOUT or READ_TIMEOUT)
end

--- balancer_by_lua: connects to the chosen node; after a failure to the next one, each node once.
function _M.balance()
    local failure = balancer.get_last_failure()
    if failure == nil then
        prepare_attempts()
    elseif not monitor_router.select_next_node() then
        return ngx.exit(NO_LIVE_UPSTREAM)
    end
    local host, port = monitor_router.get_preselected_node()
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
    local headers = monitor_router.get_routing_headers()
    if headers == nil then
        return
    end
    ngx.header["X-Routed-Via"] = headers.via
    ngx.header["X-Routed-To"] = headers.to
    if headers.clear_cookie ~= nil then
        add_cookie(headers.clear_cookie)
    end
end
return _M

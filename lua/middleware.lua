-- Generated from src-ts/middleware.ts: edit that file, then run npm run build.
-- One function for each nginx phase. nginx.conf calls these and nothing else but api.
local _M = {}
local balancer = require("ngx.balancer")
local config = require("config")
local dynamic_upstream = require("dynamic_upstream")
local health_check = require("health_check")
local client = require("lib.client")
local ____odd_request = require("lib.odd_request")
local is_odd_request = ____odd_request.is_odd_request
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local monitor_router = require("monitor_router")
--- NGX_BUSY: makes nginx answer 502, as it does itself when no server of an upstream is left.
local NO_LIVE_UPSTREAM = -3

--- init_by_lua: with wrong settings nginx does not start, and says so in one line for each; at a reload it keeps the
-- workers it has.
function _M.init()
    local dict = shared_dict.open("health_checker")
    local is_reload = shared_dict.get_number(dict, "started_at") ~= nil
    if #config.problems == 0 then
        if config.secrets.current == "" then
            local who = "whoever connects from this machine or a private network may change the cluster"
            logger.warn("ACCESS", "CLUSTER_SECRET is not set: %s", who)
        end
        shared_dict.set(
            dict,
            "started_at",
            ngx.now()
        )
        health_check.init()
        return
    end
    config.report_problems()
    if is_reload then
        error("wrong settings in the environment, see the lines above", 0)
    end
    os.exit(1)
end

--- What a node has done for requests since this load balancer started.
function _M.get_traffic(_node_id)
    return {requests = 0, errors = 0, retries = 0}
end

--- When this load balancer started or was last reloaded; a Unix time in seconds.
function _M.get_start_time()
    return shared_dict.get_number(
        shared_dict.open("health_checker"),
        "started_at"
    ) or 0
end

--- init_worker_by_lua: starts the background work of this worker.
function _M.init_worker()
    math.randomseed(ngx.worker.pid() * 65537 + math.floor(ngx.now() * 1000))
    dynamic_upstream.start()
    health_check.health_check_worker()
    health_check.watch_worker(dynamic_upstream.get_nodes)
end

local function add_cookie(cookie)
    local present = ngx.header["Set-Cookie"]
    local cookies = {}
    for ____, one in ipairs(type(present) == "table" and present or ({present})) do
        if one == cookie then
            return
        end
        table.insert(cookies, one)
    end
    table.insert(cookies, cookie)
    ngx.header["Set-Cookie"] = cookies
end

--- access_by_lua: chooses the node; answers by itself, and returns nil, when there is none.
function _M.preselect_node()
    local route, err = monitor_router.preselect_node()
    if route == nil then
        logger.warn("ROUTER", "cannot route %s: %s", ngx.var.uri, err)
        ngx.exec("@unavailable")
        return nil
    end
    return route
end

--- What the node hears of the client, when a trusted proxy says more of it than the connection does.
local function tell_client()
    local ____client_current_result_0 = client.current()
    local address = ____client_current_result_0.address
    local scheme = ____client_current_result_0.scheme
    local forwarded_for = ____client_current_result_0.forwarded_for
    ngx.var.client_address = address
    ngx.var.client_scheme = scheme
    ngx.var.client_forwarded_for = forwarded_for
end

--- access_by_lua of our own nginx.conf: preselect_node, and the headers of the answer by way of nginx variables. A header
-- filter in Lua would cost more than all the choosing.
function _M.access()
    local route = _M.preselect_node()
    if route == nil then
        return
    end
    ngx.var.routed_to = route.peer.routed_to
    if route.via ~= "load-balancer" then
        ngx.var.routed_via = route.via
    end
    if client.HAS_TRUSTED_PROXIES then
        tell_client()
    end
    if route.clear_cookie then
        add_cookie(monitor_router.CLEARED_FIXED_NODE)
    end
end

--- For an answer of the load balancer itself to a request that a node had been chosen for: takes the headers back. Only
-- where nginx.conf has the variables.
function _M.forget_routing_headers()
    if ngx.var.routed_to ~= nil then
        ngx.var.routed_to = ""
        ngx.var.routed_via = ""
    end
end

--- header_filter_by_lua of an nginx.conf without those variables: says in the headers where the request went.
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

--- After a failed attempt: the next node. False when everyone has been tried, or would fail in the same way.
local function go_on()
    if is_odd_request() then
        return false
    end
    local route = monitor_router.select_next_node()
    if route == nil then
        return false
    end
    if ngx.var.routed_to ~= nil then
        ngx.var.routed_to = route.peer.routed_to
    end
    return true
end

--- balancer_by_lua: connects to the chosen node; after a failure to the next one, each node once.
function _M.balance()
    local failure = balancer.get_last_failure()
    if failure ~= nil and not go_on() then
        return ngx.exit(NO_LIVE_UPSTREAM)
    end
    local host, port, route = monitor_router.get_preselected_node()
    if failure == nil and route ~= nil and route.alternatives > 0 then
        balancer.set_more_tries(route.alternatives)
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
return _M

-- Generated from src-ts/middleware.ts: edit that file, then run npm run build.
-- One function for each nginx phase. nginx.conf calls these and nothing else but api.
local _M = {}
local config = require("config")
local dynamic_upstream = require("dynamic_upstream")
local health_check = require("health_check")
local client = require("lib.client")
local clock = require("lib.clock")
local node_badge = require("lib.node_badge")
local set_back = require("lib.set_back")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local ____log_phase = require("metrics.log_phase")
local is_upgrade = ____log_phase.is_upgrade
local requests = require("metrics.requests")
local monitor_router = require("monitor_router")
local probe_mode = require("probe_mode")
local ____routing_headers = require("routing_headers")
local set_headers = ____routing_headers.set_headers
do
    local ____attempts = require("attempts")
    _M.balance = ____attempts.balance
end
do
    local ____routing_headers = require("routing_headers")
    _M.add_routing_headers = ____routing_headers.add_routing_headers
    _M.forget_routing_headers = ____routing_headers.forget_routing_headers
end
do
    local ____log_phase = require("metrics.log_phase")
    _M.log = ____log_phase.log
    _M.log_public = ____log_phase.log_public
    _M.log_socket = ____log_phase.log_socket
    _M.log_unavailable = ____log_phase.log_unavailable
end

local function warn_of_open_doors()
    if config.secrets.current == "" then
        local who = "whoever connects from this machine or a private network may change the cluster"
        logger.warn("ACCESS", "CLUSTER_SECRET is not set: %s", who)
    end
    for ____, ____value in ipairs(config.peers.urls) do
        local text = ____value.text
        local is_https = ____value.is_https
        if not is_https then
            local what = probe_mode.IS_PROBE and "read the secret" or "change what it says"
            logger.warn("ACCESS", "CLUSTER_PEER_URL %s is plain http: who is on the way can %s", text, what)
        end
    end
end

--- init_by_lua: with wrong settings nginx does not start, and says so in one line for each; at a reload it keeps the
-- workers it has.
function _M.init()
    local dict = shared_dict.open("health_checker")
    local is_reload = shared_dict.get_number(dict, "started_at") ~= nil
    if #config.problems == 0 then
        warn_of_open_doors()
        shared_dict.set(
            dict,
            "started_at",
            ngx.now()
        )
        if probe_mode.IS_PROBE then
            probe_mode.init()
        else
            health_check.init()
        end
        return
    end
    config.report_problems()
    if is_reload then
        error("wrong settings in the environment, see the lines above", 0)
    end
    os.exit(1)
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
    set_back.start()
    if probe_mode.IS_PROBE then
        return probe_mode.start()
    end
    dynamic_upstream.start()
    health_check.health_check_worker()
    health_check.leader_check_worker()
    health_check.watch_worker(dynamic_upstream.get_nodes)
    requests.start()
end

local function choose_node()
    local route, err = monitor_router.preselect_node()
    if route == nil then
        logger.warn("ROUTER", "cannot route %s: %s", ngx.var.uri, err)
    end
    return route
end

--- access_by_lua: chooses the node; answers by itself, and returns nil, when there is none.
function _M.preselect_node()
    local ____probe_mode_IS_PROBE_0
    if probe_mode.IS_PROBE then
        ____probe_mode_IS_PROBE_0 = nil
    else
        ____probe_mode_IS_PROBE_0 = choose_node()
    end
    local route = ____probe_mode_IS_PROBE_0
    if route == nil then
        ngx.exec("@unavailable")
    end
    return route
end

--- What the node hears of the client, when a trusted proxy says more of it than the connection does.
local function tell_client()
    local ____client_current_result_1 = client.current()
    local address = ____client_current_result_1.address
    local scheme = ____client_current_result_1.scheme
    local forwarded_for = ____client_current_result_1.forwarded_for
    ngx.var.client_address = address
    ngx.var.client_scheme = scheme
    ngx.var.client_forwarded_for = forwarded_for
end

--- access_by_lua of our own nginx.conf: preselect_node, and the headers of the request and the answer.
function _M.access()
    local started = clock.monotonic()
    local route = _M.preselect_node()
    if route == nil then
        return
    end
    ngx.ctx.held = clock.monotonic() - started
    if client.HAS_TRUSTED_PROXIES then
        tell_client()
    end
    set_headers(route)
end

--- access_by_lua of what nginx keeps copies of: where no node can be chosen the request goes on, since one may serve.
function _M.access_public()
    if probe_mode.IS_PROBE then
        ngx.exec("@unavailable")
        return
    end
    local started = clock.monotonic()
    local route = choose_node()
    ngx.ctx.held = clock.monotonic() - started
    ngx.ctx.is_public = true
    if client.HAS_TRUSTED_PROXIES then
        tell_client()
    end
    if route ~= nil then
        set_headers(route)
    end
end

--- access_by_lua of Uptime Kuma's own pages.
function _M.access_page()
    if config.pages.has_badge then
        node_badge.prepare()
    end
    _M.access()
end

--- header_filter_by_lua of the same.
function _M.finish_page()
    if config.pages.has_badge then
        node_badge.add()
    end
end

--- access_by_lua of /socket.io: as access, and counts a WebSocket as open.
function _M.access_socket()
    if is_upgrade() then
        requests.count_socket(1)
    end
    _M.access()
end
return _M

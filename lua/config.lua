-- Generated from src-ts/config.ts: edit that file, then run npm run build.
-- Settings from the environment, read once when the module is loaded. The only place that reads the environment.
-- In nginx that is init_by_lua, before nginx clears the environment of its workers.
local _M = {}
local ____ip_range = require("lib.ip_range")
local parse_range = ____ip_range.parse_range
local ____settings = require("lib.settings")
local parse = ____settings.parse
local ____settings = require("settings")
local SETTINGS = ____settings.SETTINGS
--- One line for each wrong setting: the variable, its value and what is allowed. Empty when all is well.
_M.problems = {}

local function read_secret_file(name)
    local path = os.getenv(name .. "_FILE")
    if path == nil or path == "" then
        return nil
    end
    local file, err = io.open(path, "r")
    if file == nil then
        table.insert(
            _M.problems,
            string.format("%s_FILE=\"%s\": cannot be read: %s", name, path, err)
        )
        return nil
    end
    local text = file:read("*a")
    file:close()
    local ____temp_0
    if text == nil then
        ____temp_0 = nil
    else
        ____temp_0 = (string.gsub(text, "%s+$", ""))
    end
    return ____temp_0
end

local function read(setting)
    local text = os.getenv(setting.name)
    if text == nil and setting.secret == true then
        text = read_secret_file(setting.name)
    end
    local value, problem = parse(setting, text)
    if value == nil then
        table.insert(_M.problems, problem)
        return setting.default
    end
    return value
end
local values = {}
for ____, setting in ipairs(SETTINGS) do
    values[setting.name] = read(setting)
end

local function number_of(name)
    return values[name]
end

local function text_of(name)
    return values[name]
end

local function list_of(name)
    local items = {}
    for item in string.gmatch(
        text_of(name),
        "[^%s,]+"
    ) do
        table.insert(items, item)
    end
    return items
end
--- MariaDB. `host` is the setting as written, `hosts` its parts in the order to try; `timeout` in ms.
_M.database = {
    host = text_of("DB_HOST"),
    hosts = list_of("DB_HOST"),
    port = number_of("DB_PORT"),
    user = text_of("DB_USER"),
    password = text_of("DB_PASSWORD"),
    database = text_of("DB_NAME"),
    timeout = number_of("DB_TIMEOUT"),
    pool_size = number_of("DB_POOL_SIZE")
}
--- This load balancer's own name and address.
_M.node = {
    id = text_of("UPTIME_KUMA_NODE_ID"),
    host = text_of("UPTIME_KUMA_NODE_HOST")
}
--- Expected nodes and their capacity in monitors.
_M.cluster = {
    node_count = number_of("CLUSTER_NODE_COUNT"),
    monitor_limit_per_node = number_of("MONITOR_LIMIT_PER_NODE")
}
--- Health checks: intervals in seconds, `timeout` in ms, `fall` and `rise` in results in a row.
_M.health_check = {
    interval = number_of("HEALTH_CHECK_INTERVAL"),
    timeout = number_of("HEALTH_CHECK_TIMEOUT"),
    fast_interval = number_of("HEALTH_CHECK_FAST_INTERVAL"),
    fall = number_of("HEALTH_CHECK_FALL"),
    rise = number_of("HEALTH_CHECK_RISE"),
    offline_after = number_of("NODE_OFFLINE_AFTER")
}
--- Periods of the background work in seconds.
_M.timers = {
    load_update = number_of("LOAD_UPDATE_INTERVAL"),
    fault_scan = number_of("FAULT_SCAN_INTERVAL"),
    heartbeat = number_of("HEARTBEAT_INTERVAL"),
    failover_check = number_of("FAILOVER_CHECK_INTERVAL"),
    discovery = number_of("NODE_DISCOVERY_INTERVAL")
}
--- Age in seconds up to which a routing snapshot is used without a new one; 0 asks the database for each request.
_M.routing = {snapshot_ttl = number_of("ROUTING_SNAPSHOT_TTL")}
--- Name servers, `ip` or `ip:port`; none means those of /etc/resolv.conf.
_M.dns = {resolvers = list_of("DNS_RESOLVER")}
--- Monitors moved in one step of a recovery, drain or rebalancing; the differences beyond which a rebalancing starts by
-- itself, and for how many seconds nothing may have happened before.
_M.rebalance = {
    batch = number_of("REBALANCE_BATCH"),
    min_diff = number_of("REBALANCE_MIN_DIFF"),
    factor = number_of("REBALANCE_FACTOR"),
    quiet_time = number_of("REBALANCE_QUIET_TIME")
}
--- What nodes, load balancers and operators show to each other; empty when none is set. `previous` is accepted as well,
-- while a secret is being changed.
_M.secrets = {
    current = text_of("CLUSTER_SECRET"),
    previous = text_of("CLUSTER_SECRET_PREVIOUS")
}

local function trusted_proxies()
    local ranges = {}
    for ____, text in ipairs(list_of("LB_TRUSTED_PROXIES")) do
        local range = parse_range(text)
        if range == nil then
            local allowed = "must list IP addresses and ranges, as in 10.0.0.1, 192.168.0.0/16"
            table.insert(
                _M.problems,
                string.format("LB_TRUSTED_PROXIES=\"%s\": %s", text, allowed)
            )
        else
            table.insert(ranges, range)
        end
    end
    return ranges
end
--- Who may see the status pages without the secret, and whose word about the client counts.
_M.access = {
    is_status_public = text_of("LB_STATUS_PUBLIC") == "true",
    trusted_proxies = trusted_proxies()
}
--- What is added to Uptime Kuma's own pages.
_M.pages = {has_badge = text_of("NODE_BADGE") == "true"}
--- What is logged and in which form.
_M.log = {
    level = text_of("LOG_LEVEL"),
    format = text_of("LOG_FORMAT")
}

--- Every setting with its value; "***" in place of a secret that is set.
function _M.list_settings()
    local list = {}
    for ____, setting in ipairs(SETTINGS) do
        local value = values[setting.name]
        local shown = setting.secret == true and value ~= "" and "***" or value
        table.insert(list, {name = setting.name, value = shown, is_default = value == setting.default})
    end
    return list
end

--- Writes each problem as a line of nginx's own form to standard error.
function _M.report_problems()
    for ____, problem in ipairs(_M.problems) do
        io.stderr:write(("nginx: [emerg] " .. problem) .. "\n")
    end
end
if _M.secrets.previous ~= "" and _M.secrets.current == "" then
    table.insert(_M.problems, "CLUSTER_SECRET_PREVIOUS is set without CLUSTER_SECRET: set that one first")
end
if #_M.database.hosts == 0 then
    table.insert(
        _M.problems,
        string.format("DB_HOST=\"%s\": must name at least one host", _M.database.host)
    )
end
return _M

-- Generated from src-ts/config.ts: edit that file, then run npm run build.
-- Settings from the environment, read once when the module is loaded. The only place that reads the environment.
-- In nginx that is init_by_lua, before nginx clears the environment of its workers.
local _M = {}
local ____endpoint = require("lib.endpoint")
local parse_endpoint = ____endpoint.parse_endpoint
local ____fields = require("lib.fields")
local is_name = ____fields.is_name
local NAME = ____fields.NAME
local ____ip_range = require("lib.ip_range")
local parse_range = ____ip_range.parse_range
local ____secret_file = require("lib.secret_file")
local read_secret_file = ____secret_file.read_secret_file
local ____settings = require("lib.settings")
local parse = ____settings.parse
local ____text = require("lib.text")
local items = ____text.items
local ____url = require("lib.url")
local parse_url = ____url.parse_url
local ____settings = require("settings")
local SETTINGS = ____settings.SETTINGS
--- One line for each wrong setting: the variable, its value and what is allowed. Empty when all is well.
_M.problems = {}

--- Nil when it is empty too: what hands variables on, a compose file for example, cannot leave one out.
local function variable(name)
    local text = os.getenv(name)
    local ____temp_0
    if text == "" then
        ____temp_0 = nil
    else
        ____temp_0 = text
    end
    return ____temp_0
end

local function read(setting)
    local text = variable(setting.name) or variable(setting.alias or setting.name)
    local ____temp_1
    if setting.secret == true then
        ____temp_1 = variable(setting.name .. "_FILE")
    else
        ____temp_1 = nil
    end
    local path = ____temp_1
    if text == nil and path ~= nil then
        local secret, err = read_secret_file(path)
        if secret == nil then
            table.insert(
                _M.problems,
                string.format("%s_FILE=\"%s\": %s", setting.name, path, err)
            )
        end
        text = secret
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
    return items(text_of(name))
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
    offline_after = number_of("NODE_OFFLINE_AFTER"),
    forget_after = number_of("NODE_FORGET_AFTER")
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

--- The parts of a list that `parse` understands; each other one is a problem.
local function parsed_list(name, parse_item, allowed)
    local list = {}
    for ____, text in ipairs(list_of(name)) do
        local item = parse_item(text)
        if item == nil then
            table.insert(
                _M.problems,
                string.format("%s=\"%s\": must list %s", name, text, allowed)
            )
        else
            table.insert(list, item)
        end
    end
    return list
end
--- The other load balancers: a follower leads only when none of `urls` does its work any more, by checks every `interval`
-- seconds; `fall` and `rise` are results in a row.
_M.peers = {
    mode = text_of("CLUSTER_MODE"),
    urls = parsed_list("CLUSTER_PEER_URL", parse_url, "URLs, as in https://lb1.example.com:8443"),
    interval = number_of("PEER_CHECK_INTERVAL"),
    fall = number_of("PEER_CHECK_FALL"),
    rise = number_of("PEER_CHECK_RISE")
}
--- Checks from several places. `witnesses`: what a probe must reach for its word to count, its leader when none is named.
_M.probes = {
    region = text_of("NODE_REGION"),
    name = text_of("NODE_NAME"),
    witnesses = parsed_list("PROBE_WITNESS", parse_endpoint, "host:port and URLs, as in 192.0.2.1:443"),
    strategy = text_of("AGG_STRATEGY"),
    node_strategy = text_of("NODE_STRATEGY")
}
--- Who may see the status pages without the secret, and whose word about the client counts.
_M.access = {
    is_status_public = text_of("LB_STATUS_PUBLIC") == "true",
    trusted_proxies = parsed_list("LB_TRUSTED_PROXIES", parse_range, "addresses and ranges, as in 192.168.0.0/16")
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
if _M.peers.mode ~= "leader" and text_of("CLUSTER_PEER_URL") == "" then
    table.insert(_M.problems, ("CLUSTER_MODE=" .. _M.peers.mode) .. " needs CLUSTER_PEER_URL: the URL of the leader")
end
if _M.peers.mode == "probe" and _M.secrets.current == "" then
    table.insert(_M.problems, "CLUSTER_MODE=probe needs CLUSTER_SECRET: that of the leader")
end
if _M.peers.mode == "probe" and not is_name(_M.node.id) then
    table.insert(_M.problems, (("UPTIME_KUMA_NODE_ID=\"" .. _M.node.id) .. "\": of a probe it must be ") .. NAME)
end
if _M.peers.mode == "probe" and _M.node.id == "nginx-node" then
    table.insert(_M.problems, "CLUSTER_MODE=probe needs UPTIME_KUMA_NODE_ID: a name that no other probe has")
end
return _M

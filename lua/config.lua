-- Generated from src-ts/config.ts: edit that file, then run npm run build.
-- Settings from the environment, read once when the module is loaded. The only place that reads the environment.
-- In nginx that is init_by_lua, before nginx clears the environment of its workers.
local _M = {}
local ____settings = require("lib.settings")
local parse = ____settings.parse
--- Every variable the load balancer knows. docs/configuration.md and nginx/conf.d/main.conf list the same names.
_M.SETTINGS = {
    {name = "DB_HOST", kind = "text", default = "mariadb"},
    {
        name = "DB_PORT",
        kind = "integer",
        default = 3306,
        min = 1,
        max = 65535
    },
    {name = "DB_USER", kind = "text", default = "kuma"},
    {name = "DB_PASSWORD", kind = "text", default = "", secret = true},
    {name = "DB_NAME", kind = "text", default = "kuma"},
    {
        name = "DB_TIMEOUT",
        kind = "integer",
        default = 5000,
        min = 100,
        max = 60000
    },
    {
        name = "DB_POOL_SIZE",
        kind = "integer",
        default = 10,
        min = 1,
        max = 1000
    },
    {name = "UPTIME_KUMA_NODE_ID", kind = "text", default = "nginx-node"},
    {name = "UPTIME_KUMA_NODE_HOST", kind = "text", default = "127.0.0.1"},
    {
        name = "CLUSTER_NODE_COUNT",
        kind = "integer",
        default = 3,
        min = 1,
        max = 1000
    },
    {
        name = "MONITOR_LIMIT_PER_NODE",
        kind = "integer",
        default = 1000,
        min = 1,
        max = 1000000
    },
    {
        name = "HEALTH_CHECK_INTERVAL",
        kind = "integer",
        default = 30,
        min = 1,
        max = 3600
    },
    {
        name = "HEALTH_CHECK_TIMEOUT",
        kind = "integer",
        default = 5000,
        min = 100,
        max = 60000
    },
    {
        name = "HEALTH_CHECK_FAST_INTERVAL",
        kind = "integer",
        default = 1,
        min = 1,
        max = 60
    },
    {
        name = "HEALTH_CHECK_FALL",
        kind = "integer",
        default = 3,
        min = 1,
        max = 100
    },
    {
        name = "HEALTH_CHECK_RISE",
        kind = "integer",
        default = 3,
        min = 1,
        max = 100
    },
    {
        name = "LOAD_UPDATE_INTERVAL",
        kind = "integer",
        default = 30,
        min = 1,
        max = 3600
    },
    {
        name = "FAULT_SCAN_INTERVAL",
        kind = "integer",
        default = 10,
        min = 1,
        max = 3600
    },
    {
        name = "HEARTBEAT_INTERVAL",
        kind = "integer",
        default = 60,
        min = 1,
        max = 3600
    },
    {
        name = "FAILOVER_CHECK_INTERVAL",
        kind = "integer",
        default = 60,
        min = 1,
        max = 3600
    },
    {
        name = "NODE_DISCOVERY_INTERVAL",
        kind = "integer",
        default = 10,
        min = 1,
        max = 3600
    },
    {
        name = "NODE_OFFLINE_AFTER",
        kind = "integer",
        default = 90,
        min = 5,
        max = 86400
    },
    {
        name = "ROUTING_SNAPSHOT_TTL",
        kind = "integer",
        default = 2,
        min = 0,
        max = 60
    },
    {name = "DNS_RESOLVER", kind = "text", default = ""},
    {
        name = "REBALANCE_BATCH",
        kind = "integer",
        default = 50,
        min = 1,
        max = 100000
    },
    {
        name = "REBALANCE_MIN_DIFF",
        kind = "integer",
        default = 10,
        min = 1,
        max = 1000000
    },
    {
        name = "REBALANCE_FACTOR",
        kind = "integer",
        default = 2,
        min = 1,
        max = 100
    },
    {
        name = "REBALANCE_QUIET_TIME",
        kind = "integer",
        default = 60,
        min = 0,
        max = 86400
    },
    {name = "CLUSTER_SECRET", kind = "text", default = "", secret = true},
    {name = "LOG_LEVEL", kind = "word", default = "info", words = {"debug", "info", "warn", "error"}},
    {name = "LOG_FORMAT", kind = "word", default = "text", words = {"text", "json"}}
}
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
for ____, setting in ipairs(_M.SETTINGS) do
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
--- What nodes, load balancers and operators show to each other; empty when none is set.
_M.secret = text_of("CLUSTER_SECRET")
--- What is logged and in which form.
_M.log = {
    level = text_of("LOG_LEVEL"),
    format = text_of("LOG_FORMAT")
}

--- Writes each problem as a line of nginx's own form to standard error.
function _M.report_problems()
    for ____, problem in ipairs(_M.problems) do
        io.stderr:write(("nginx: [emerg] " .. problem) .. "\n")
    end
end
if #_M.database.hosts == 0 then
    table.insert(
        _M.problems,
        string.format("DB_HOST=\"%s\": must name at least one host", _M.database.host)
    )
end
return _M

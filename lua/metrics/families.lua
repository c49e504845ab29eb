-- Generated from src-ts/metrics/families.ts: edit that file, then run npm run build.
-- What a scrape shows of this load balancer. It asks the shared dicts alone: a dead database changes it, but never ends it.
local _M = {}
local config = require("config")
local database_errors = require("lib.database_errors")
local evictions = require("lib.evictions")
local ____version = require("lib.version")
local VERSION = ____version.VERSION
local version_text = ____version.version_text
local monitor_router = require("monitor_router")
local ____control_families = require("metrics.control_families")
local control_families = ____control_families.control_families
local ____exposition = require("metrics.exposition")
local labels = ____exposition.labels
local ____family = require("metrics.family")
local counter = ____family.counter
local gauge = ____family.gauge
local in_milliseconds = ____family.in_milliseconds
local one = ____family.one
local ____node_families = require("metrics.node_families")
local node_families = ____node_families.node_families
local ____request_families = require("metrics.request_families")
local request_families = ____request_families.request_families

local function identity()
    local build = labels(
        "version",
        VERSION,
        "nginx_version",
        version_text(ngx.config.nginx_version)
    )
    return {
        gauge("build_info", "1; the version of the load balancer is a label.", {{labels = build, value = 1}}),
        gauge(
            "ready",
            "1 while requests can be routed, because the database was read once and names a node.",
            one(monitor_router.is_ready())
        ),
        gauge(
            "nodes_expected",
            "Nodes that should be there, as CLUSTER_NODE_COUNT says.",
            one(config.cluster.node_count)
        ),
        gauge("node_capacity_monitors", "Monitors that a node is meant to run at most.", {{labels = "", value = config.cluster.monitor_limit_per_node}})
    }
end

local function database(status)
    local errors = {}
    for ____, kind in ipairs(database_errors.KINDS) do
        table.insert(
            errors,
            {
                labels = labels("kind", kind),
                value = database_errors.total(kind)
            }
        )
    end
    local ____gauge_result_3 = gauge(
        "database_up",
        "1 while the nodes can be read from the database, 0 when the last try failed or none has succeeded yet.",
        one(status ~= nil and status.database_error == nil)
    )
    local ____counter_result_4 = counter("database_errors_total", "Errors of the database by kind: connect (no host takes a connection), timeout, lost (the connection ended)," .. " refused (the server said no to a statement).", errors)
    local ____gauge_2 = gauge
    local ____one_1 = one
    local ____temp_0
    if status == nil then
        ____temp_0 = nil
    else
        ____temp_0 = in_milliseconds(status.snapshot_age)
    end
    return {
        ____gauge_result_3,
        ____counter_result_4,
        ____gauge_2(
            "snapshot_age_seconds",
            "Time since the nodes that requests are routed by were read from the database.",
            ____one_1(____temp_0)
        )
    }
end

local function shared_dicts()
    local names = {}
    for name in pairs(ngx.shared) do
        table.insert(names, name)
    end
    table.sort(names)
    local capacity = {}
    local free = {}
    local dropped = {}
    for ____, name in ipairs(names) do
        local label_text = labels("dict", name)
        local dict = ngx.shared[name]
        table.insert(
            capacity,
            {
                labels = label_text,
                value = dict and dict:capacity() or 0
            }
        )
        table.insert(
            free,
            {
                labels = label_text,
                value = dict and dict:free_space() or 0
            }
        )
        table.insert(
            dropped,
            {
                labels = label_text,
                value = evictions.total(name)
            }
        )
    end
    return {
        gauge("shared_dict_capacity_bytes", "Size of a shared dictionary of nginx.", capacity),
        gauge("shared_dict_free_bytes", "Free pages of a shared dictionary; with none it may still have room in the pages in use.", free),
        counter("shared_dict_evictions_total", "Writes to a shared dictionary that have dropped other keys before their time, because it was full.", dropped)
    }
end

--- Each worker has its own.
local function worker()
    return {
        gauge(
            "lua_memory_bytes",
            "Memory of Lua, garbage included, in the worker that answers the scrape.",
            one(collectgarbage("count") * 1024)
        ),
        gauge(
            "timers_running",
            "Timers of nginx that run now, in the worker that answers the scrape.",
            one(ngx.timer.running_count())
        ),
        gauge(
            "timers_pending",
            "Timers of nginx that wait for their time, in the worker that answers the scrape.",
            one(ngx.timer.pending_count())
        )
    }
end

--- All families, in the order of docs/metrics.md. Touches no database and waits for nothing.
function _M.all()
    local status = monitor_router.peek_cluster_status()
    local groups = {
        identity(),
        node_families(status),
        control_families(),
        request_families(status),
        database(status),
        shared_dicts(),
        worker()
    }
    local families = {}
    for ____, group in ipairs(groups) do
        for ____, family in ipairs(group) do
            table.insert(families, family)
        end
    end
    return families
end
return _M

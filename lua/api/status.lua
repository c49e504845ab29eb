-- Generated from src-ts/api/status.ts: edit that file, then run npm run build.
-- GET handlers that show the state of the cluster.
local _M = {}
local config = require("config")
local health_check = require("health_check")
local clock = require("lib.clock")
local json = require("lib.json")
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql
local iso_time = ____time_text.iso_time
local monitor_router = require("monitor_router")
local ____respond = require("api.respond")
local ok = ____respond.ok
local ____view = require("api.view")
local not_ready = ____view.not_ready
local of_cluster = ____view.of_cluster
--- Fail-overs and recoveries that /lb/health-status lists.
local HISTORY_LENGTH = 20

--- GET /lb/ping
function _M.ping()
    return {status = 200, body = "pong", content_type = "text/plain"}
end

--- GET /lb/livez: the process answers.
function _M.livez()
    return ok({status = "ok"})
end

--- GET /lb/readyz: requests can be routed.
function _M.readyz()
    return monitor_router.is_ready() and ok({status = "ready"}) or not_ready("no node is known")
end

local function overall(status, online)
    if online == 0 then
        return "down"
    end
    local complete = online == #status.nodes and online >= config.cluster.node_count
    return complete and status.database_error == nil and "ok" or "degraded"
end

local function render_health(status)
    local nodes = {}
    local online = 0
    for ____, node in ipairs(status.nodes) do
        online = online + (node.status == "online" and 1 or 0)
        table.insert(
            nodes,
            {
                node_id = node.node_id,
                node_name = node.node_name,
                status = node.status,
                last_seen = iso_from_sql(node.last_seen),
                monitor_count = node.monitor_count,
                host = node.host
            }
        )
    end
    local ____error = status.database_error
    return {
        timestamp = iso_time(clock.now()) or "",
        status = overall(status, online),
        nodes = json.list(nodes),
        expected_nodes = config.cluster.node_count,
        database = {status = ____error == nil and "ok" or "unreachable", error = ____error},
        snapshot_age_seconds = math.floor(status.snapshot_age * 1000) / 1000
    }
end

--- GET /lb/health
function _M.health()
    return of_cluster(render_health)
end

local function render_health_status(status)
    local nodes = {}
    for ____, node in ipairs(status.nodes) do
        local record = health_check.get_health_record(node.node_id)
        table.insert(
            nodes,
            {
                node_id = node.node_id,
                status = node.status,
                suspect = node.status == "online" and record.failures > 0,
                since = iso_from_sql(node.status_since),
                reason = node.last_error,
                held = health_check.why_held(node.node_id),
                consecutive_successes = record.successes,
                consecutive_failures = record.failures,
                checks = record.checks,
                failed_checks = record.failed_checks,
                last_check = iso_time(record.last_check),
                last_error = record.last_error,
                latency_ms = record.latency_ms
            }
        )
    end
    local history, history_err = health_check.get_failover_history(HISTORY_LENGTH)
    for ____, event in ipairs(history or ({})) do
        event.at = iso_from_sql(event.at) or event.at
    end
    return {
        timestamp = iso_time(clock.now()),
        statistics = health_check.get_statistics(),
        nodes = json.list(nodes),
        failover_history = json.list(history or ({})),
        failover_history_error = history_err
    }
end

--- GET /lb/health-status
function _M.health_status()
    return of_cluster(render_health_status)
end

local function render_setup_status(status)
    return {setup_complete = status.setup_complete, routing_mode = status.setup_complete and "load-balancer" or "primary", primary_node = status.primary_node}
end

--- GET /lb/setup-status
function _M.setup_status()
    return of_cluster(render_setup_status)
end
return _M

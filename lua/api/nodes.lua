-- Generated from src-ts/api/nodes.ts: edit that file, then run npm run build.
-- GET handlers that list nodes: for a person who picks one, for capacity, in every detail.
local _M = {}
local config = require("config")
local health_check = require("health_check")
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

local function render_available_nodes(status)
    local available = {}
    for ____, node in ipairs(status.nodes) do
        if node.status == "online" then
            table.insert(available, {node_id = node.node_id, status = node.status, monitor_count = node.monitor_count, set_url = "/lb/fixed-node/" .. node.node_id})
        end
    end
    return {
        available_nodes = json.list(available),
        total_count = #available,
        clear_url = "/lb/clear-fixed-node"
    }
end

--- GET /lb/available-nodes: the online nodes.
function _M.available_nodes()
    return of_cluster(render_available_nodes)
end

--- How much of the capacity is in use; `nodes` as monitor_router.get_node_capacity has them.
function _M.render_capacity(nodes)
    local limit_per_node = config.cluster.monitor_limit_per_node
    local current_count = 0
    local over_capacity = false
    for ____, node in ipairs(nodes) do
        current_count = current_count + node.current_count
        over_capacity = over_capacity or node.current_count > limit_per_node
    end
    local limit = limit_per_node * #nodes
    local usage_percent = limit == 0 and 0 or math.floor(current_count * 1000 / limit + 0.5) / 10
    return {
        limit_per_node = limit_per_node,
        nodes = json.list(nodes),
        total = {current_count = current_count, limit = limit, usage_percent = usage_percent},
        over_capacity = over_capacity
    }
end

--- GET /lb/capacity
function _M.capacity()
    local nodes, err = monitor_router.get_node_capacity()
    return nodes == nil and not_ready(err) or ok(_M.render_capacity(nodes))
end

--- Every node in detail, and how many are missing.
function _M.render_node_status(status)
    local nodes = {}
    for ____, node in ipairs(status.nodes) do
        local record = health_check.get_health_record(node.node_id)
        local watch = health_check.get_watch(node.node_id)
        table.insert(
            nodes,
            {
                node_id = node.node_id,
                node_name = node.node_name,
                host = node.host,
                status = node.status,
                status_since = iso_from_sql(node.status_since),
                status_reason = node.status_reason,
                held = health_check.why_held(node.node_id),
                drained_at = iso_from_sql(node.drained_at),
                is_primary = node.is_primary,
                version = node.version,
                region = node.region,
                monitor_count = node.monitor_count,
                monitor_total = node.monitor_total,
                last_seen = iso_from_sql(node.last_seen),
                last_check = iso_time(record.last_check),
                last_success = iso_time(record.last_success),
                consecutive_failures = record.failures,
                latency_ms = record.latency_ms,
                watch = {
                    state = watch.state,
                    since = iso_time(watch.since),
                    reason = watch.reason,
                    last_tick_age_seconds = watch.last_tick_age
                }
            }
        )
    end
    return {
        nodes = json.list(nodes),
        expected_nodes = config.cluster.node_count,
        missing_nodes = math.max(0, config.cluster.node_count - #nodes)
    }
end

--- GET /lb/node-status: everything that is known of each node, and how many of the expected ones are missing.
function _M.node_status()
    return of_cluster(_M.render_node_status)
end
return _M

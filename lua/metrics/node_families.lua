-- Generated from src-ts/metrics/node_families.ts: edit that file, then run npm run build.
-- Families with a sample for each node of the table: one that is gone from it is gone from here.
local _M = {}
local health_check = require("health_check")
local states = require("lib.states")
local ____exposition = require("metrics.exposition")
local labels = ____exposition.labels
local ____family = require("metrics.family")
local counter = ____family.counter
local gauge = ____family.gauge
local in_milliseconds = ____family.in_milliseconds
local STATUSES = {states.ONLINE, states.RECOVERING, states.OFFLINE, states.DRAINING}

--- A sample for each node that has a value.
local function per_node(nodes, value_of)
    local samples = {}
    for ____, node in ipairs(nodes) do
        local value = value_of(node)
        if value ~= nil then
            table.insert(
                samples,
                {
                    labels = labels("node", node.node_id),
                    value = value
                }
            )
        end
    end
    return samples
end

local function by_status(nodes)
    local samples = {}
    for ____, status in ipairs(STATUSES) do
        local value = 0
        for ____, node in ipairs(nodes) do
            value = value + (node.status == status and 1 or 0)
        end
        table.insert(
            samples,
            {
                labels = labels("status", status),
                value = value
            }
        )
    end
    return samples
end

local function status_of_each(nodes)
    local samples = {}
    for ____, node in ipairs(nodes) do
        for ____, status in ipairs(STATUSES) do
            local label_text = labels("node", node.node_id, "status", status)
            table.insert(samples, {labels = label_text, value = node.status == status and 1 or 0})
        end
    end
    return samples
end

local function identities(nodes)
    local samples = {}
    for ____, ____value in ipairs(nodes) do
        local node_id = ____value.node_id
        local node_name = ____value.node_name
        local host = ____value.host
        local version = ____value.version
        local region = ____value.region
        local said = labels(
            "node",
            node_id,
            "name",
            node_name,
            "host",
            host,
            "version",
            version or ""
        )
        table.insert(
            samples,
            {
                labels = (said .. ",") .. labels("region", region or ""),
                value = 1
            }
        )
    end
    return samples
end

local function states_of(nodes, snapshot_age)
    return {
        gauge(
            "nodes",
            "Nodes of the cluster by status.",
            by_status(nodes)
        ),
        gauge(
            "node_status",
            "1 for the status that the node has, 0 for the others.",
            status_of_each(nodes)
        ),
        gauge(
            "node_info",
            "1; what is known of a node is in the labels.",
            identities(nodes)
        ),
        gauge(
            "node_drained",
            "1 while an operator wants the node empty.",
            per_node(
                nodes,
                function(____bindingPattern0)
                    local drained_at
                    drained_at = ____bindingPattern0.drained_at
                    return drained_at == nil and 0 or 1
                end
            )
        ),
        gauge(
            "node_heartbeat_age_seconds",
            "Time since the node's own heartbeat in the database, by the database's clock.",
            per_node(
                nodes,
                function(____bindingPattern0)
                    local seen_age
                    seen_age = ____bindingPattern0.seen_age
                    local ____temp_0
                    if seen_age == nil then
                        ____temp_0 = nil
                    else
                        ____temp_0 = in_milliseconds(seen_age + snapshot_age)
                    end
                    return ____temp_0
                end
            )
        )
    }
end

local function loads_of(nodes)
    return {
        gauge(
            "node_monitors",
            "Monitors that belong to the node now, paused ones included.",
            per_node(
                nodes,
                function(____bindingPattern0)
                    local monitor_total
                    monitor_total = ____bindingPattern0.monitor_total
                    return monitor_total
                end
            )
        ),
        gauge(
            "node_monitors_active",
            "Monitors that the node runs now.",
            per_node(
                nodes,
                function(____bindingPattern0)
                    local monitor_count
                    monitor_count = ____bindingPattern0.monitor_count
                    return monitor_count
                end
            )
        ),
        gauge(
            "node_checks_per_second",
            "Checks that the intervals of the node's active monitors ask for.",
            per_node(
                nodes,
                function(____bindingPattern0)
                    local load
                    load = ____bindingPattern0.load
                    return load
                end
            )
        )
    }
end

local function check_results(nodes, records)
    local samples = {}
    for ____, ____value in ipairs(nodes) do
        local node_id = ____value.node_id
        local ____records_node_id_1 = records[node_id]
        local checks = ____records_node_id_1.checks
        local failed_checks = ____records_node_id_1.failed_checks
        table.insert(
            samples,
            {
                labels = labels("node", node_id, "result", "ok"),
                value = checks - failed_checks
            }
        )
        table.insert(
            samples,
            {
                labels = labels("node", node_id, "result", "failed"),
                value = failed_checks
            }
        )
    end
    return samples
end

local function checks_of(nodes)
    local records = {}
    for ____, ____value in ipairs(nodes) do
        local node_id = ____value.node_id
        records[node_id] = health_check.get_health_record(node_id)
    end
    local function checked(node_id)
        local record = records[node_id]
        return record.last_check > 0 and record or nil
    end
    local function latency(____bindingPattern0)
        local node_id
        node_id = ____bindingPattern0.node_id
        local ____opt_2 = checked(node_id)
        local latency_ms = ____opt_2 and ____opt_2.latency_ms
        local ____temp_4
        if latency_ms == nil then
            ____temp_4 = nil
        else
            ____temp_4 = latency_ms / 1000
        end
        return ____temp_4
    end
    return {
        counter(
            "health_checks_total",
            "Health checks of the node by result, ok or failed.",
            check_results(nodes, records)
        ),
        gauge(
            "health_check_last_duration_seconds",
            "How long the last one took.",
            per_node(nodes, latency)
        ),
        gauge(
            "health_check_last_timestamp_seconds",
            "Unix time of the last one by this load balancer; only the leader checks.",
            per_node(
                nodes,
                function(____bindingPattern0)
                    local node_id
                    node_id = ____bindingPattern0.node_id
                    local ____opt_5 = checked(node_id)
                    return ____opt_5 and ____opt_5.last_check
                end
            )
        ),
        gauge(
            "health_check_consecutive_failures",
            "Failed health checks since the last good one.",
            per_node(
                nodes,
                function(____bindingPattern0)
                    local node_id
                    node_id = ____bindingPattern0.node_id
                    local ____opt_7 = checked(node_id)
                    return ____opt_7 and ____opt_7.failures
                end
            )
        ),
        gauge(
            "node_watched",
            "1 while the standing connection to the node tells that it is well.",
            per_node(
                nodes,
                function(____bindingPattern0)
                    local node_id
                    node_id = ____bindingPattern0.node_id
                    return health_check.get_watch(node_id).state == "watching" and 1 or 0
                end
            )
        )
    }
end

--- The families of the nodes; without any sample but those of `nodes` while nothing is known of them.
function _M.node_families(status)
    local nodes = status and status.nodes or ({})
    local families = {}
    for ____, group in ipairs({
        states_of(nodes, status and status.snapshot_age or 0),
        loads_of(nodes),
        checks_of(nodes)
    }) do
        for ____, family in ipairs(group) do
            table.insert(families, family)
        end
    end
    return families
end
return _M

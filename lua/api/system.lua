-- Generated from src-ts/api/system.ts: edit that file, then run npm run build.
-- GET handlers that put together what other pages show one by one.
local _M = {}
local cluster_control = require("cluster_control")
local config = require("config")
local health_check = require("health_check")
local clock = require("lib.clock")
local json = require("lib.json")
local ____memo = require("lib.memo")
local memo = ____memo.memo
local ____time_text = require("lib.time_text")
local iso_time = ____time_text.iso_time
local ____version = require("lib.version")
local VERSION = ____version.VERSION
local requests = require("metrics.requests")
local middleware = require("middleware")
local monitor_router = require("monitor_router")
local ____history = require("api.history")
local read_fault_detection = ____history.read_fault_detection
local render_fault_detection = ____history.render_fault_detection
local ____nodes = require("api.nodes")
local render_capacity = ____nodes.render_capacity
local render_node_status = ____nodes.render_node_status
local ____rebalancing = require("api.rebalancing")
local read_rebalancing = ____rebalancing.read_rebalancing
local ____status = require("api.status")
local read_history = ____status.read_history
local render_health_status = ____status.render_health_status
local ____view = require("api.view")
local cluster_state = ____view.cluster_state
local database_state = ____view.database_state
local milliseconds = ____view.milliseconds
local of_cluster = ____view.of_cluster
--- Seconds for which what the database said is good enough: dashboards ask every second.
local FRESH = 1

local function why_role(lease)
    return cluster_control.is_leader() and ("It holds the lease of epoch " .. string.format("%d", lease.epoch)) .. "." or health_check.get_statistics().last_round.sentence
end

local function read_peer()
    local ____cluster_control_get_leader_check_result_0 = cluster_control.get_leader_check()
    local node_id = ____cluster_control_get_leader_check_result_0.node_id
    local state = ____cluster_control_get_leader_check_result_0.state
    local failures = ____cluster_control_get_leader_check_result_0.failures
    local last_error = ____cluster_control_get_leader_check_result_0.last_error
    local checked_at = ____cluster_control_get_leader_check_result_0.checked_at
    return {
        node_id = node_id,
        state = state,
        failures = failures,
        last_error = last_error,
        checked_at = iso_time(checked_at)
    }
end

local function read_leader()
    local lease = cluster_control.get_lease()
    if lease == nil then
        return nil
    end
    local is_held = lease.session ~= ""
    local is_this = cluster_control.is_leader()
    local body = {
        node_id = is_held and lease.holder or nil,
        epoch = lease.epoch,
        renewed_age_seconds = is_held and lease.age ~= nil and milliseconds(lease.age) or nil,
        is_this = is_this,
        mode = config.peers.mode,
        role = is_this and "leader" or "standby",
        why = why_role(lease)
    }
    if config.peers.mode == "follower" then
        body.peer = read_peer()
    end
    return body
end

--- What `read` has from the database, or at once what `lost` makes of the reason why it is known to be away.
local function from_database(read, lost)
    local kept = memo(FRESH, read)
    return function()
        local err = monitor_router.database_error()
        local ____temp_1
        if err == nil then
            ____temp_1 = kept()
        else
            ____temp_1 = lost(err)
        end
        return ____temp_1
    end
end

--- An absent part.
local function nothing()
    return nil
end

local function read_schema()
    local schema = cluster_control.get_schema()
    if schema == nil then
        return nil
    end
    local ____schema_2 = schema
    local version = ____schema_2.version
    local oldest_compatible = ____schema_2.oldest_compatible
    local applied_by = ____schema_2.applied_by
    local applied_at = ____schema_2.applied_at
    return {
        version = version,
        oldest_compatible = oldest_compatible,
        applied_by = applied_by,
        applied_at = iso_time(applied_at) or ""
    }
end
local schema = from_database(read_schema, nothing)
local leader = from_database(read_leader, nothing)
local rebalancing = from_database(
    function() return (read_rebalancing()) end,
    nothing
)
local fault_detection = from_database(
    read_fault_detection,
    function(err) return render_fault_detection(nil, err) end
)
local history = from_database(
    read_history,
    function(____error) return {events = {}, error = ____error} end
)
local NO_TRAFFIC = {requests = 0, errors = 0, retries = 0}

local function render_load_balancer(status)
    local nodes = {}
    local totals = requests.totals()
    for ____, ____value in ipairs(status.nodes) do
        local node_id = ____value.node_id
        local node_status = ____value.status
        local monitor_count = ____value.monitor_count
        local ____temp_3 = totals[node_id] or NO_TRAFFIC
        local count = ____temp_3.requests
        local errors = ____temp_3.errors
        local retries = ____temp_3.retries
        table.insert(
            nodes,
            {
                node_id = node_id,
                status = node_status,
                load_score = monitor_count,
                requests = count,
                errors = errors,
                retries = retries,
                suspect = monitor_router.is_passed_over(node_id)
            }
        )
    end
    return {
        algorithm = "least_monitors",
        nodes = json.list(nodes),
        last_update = iso_time(clock.now() - status.snapshot_age) or "",
        snapshot_age_seconds = milliseconds(status.snapshot_age)
    }
end

--- GET /lb/load-balancer-status
function _M.load_balancer_status()
    return of_cluster(render_load_balancer)
end

local function render_cluster(status)
    local ____render_node_status_result_4 = render_node_status(status)
    local nodes = ____render_node_status_result_4.nodes
    local expected_nodes = ____render_node_status_result_4.expected_nodes
    local missing_nodes = ____render_node_status_result_4.missing_nodes
    return {
        status = cluster_state(status).state,
        setup_complete = status.setup_complete,
        primary_node = status.primary_node,
        this_node = {
            node_id = config.node.id,
            host = config.node.host,
            started_at = iso_time(middleware.get_start_time()) or ""
        },
        nodes = nodes,
        expected_nodes = expected_nodes,
        missing_nodes = missing_nodes,
        database = database_state(status),
        snapshot_age_seconds = milliseconds(status.snapshot_age)
    }
end

local function render_system(status)
    local capacity = monitor_router.get_node_capacity()
    return {
        timestamp = iso_time(clock.now()) or "",
        version = VERSION,
        schema = schema(),
        cluster = render_cluster(status),
        capacity = render_capacity(capacity or ({})),
        health = render_health_status(
            status,
            history()
        ),
        load_balancer = render_load_balancer(status),
        rebalancing = rebalancing(),
        fault_detection = fault_detection(),
        leader = leader()
    }
end

--- GET /lb/system-status: all modules at a glance. While the database is away it shows what is known.
function _M.system_status()
    return of_cluster(render_system)
end
return _M

-- Generated from src-ts/api/status.ts: edit that file, then run npm run build.
-- GET handlers that show the state of the cluster.
local _M = {}
local cluster_control = require("cluster_control")
local config = require("config")
local health_check = require("health_check")
local clock = require("lib.clock")
local ____identity = require("lib.identity")
local identity_proof = ____identity.identity_proof
local json = require("lib.json")
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql
local iso_time = ____time_text.iso_time
local monitor_router = require("monitor_router")
local probe_mode = require("probe_mode")
local probe = require("api.probe")
local ____respond = require("api.respond")
local ok = ____respond.ok
local ____view = require("api.view")
local cluster_state = ____view.cluster_state
local database_state = ____view.database_state
local milliseconds = ____view.milliseconds
local not_ready = ____view.not_ready
local of_cluster = ____view.of_cluster
local LONGEST_CHALLENGE = 64
--- Fail-overs and recoveries that /lb/health-status lists.
local HISTORY_LENGTH = 20

--- GET /lb/ping
function _M.ping()
    return {status = 200, body = "pong", content_type = "text/plain"}
end

--- GET /lb/livez: the process answers, and says who it is.
function _M.livez(____bindingPattern0)
    local challenge
    challenge = ____bindingPattern0.challenge
    local ____config_node_0 = config.node
    local id = ____config_node_0.id
    local body = {
        status = "ok",
        node_id = id,
        mode = config.peers.mode,
        can_lead = not probe_mode.IS_PROBE and cluster_control.can_lead()
    }
    if challenge ~= nil and config.secrets.current ~= "" then
        body.proof = identity_proof(
            config.secrets.current,
            string.sub(challenge, 1, LONGEST_CHALLENGE),
            id
        )
    end
    return ok(body)
end

--- GET /lb/readyz: requests can be routed.
function _M.readyz()
    if probe_mode.IS_PROBE then
        return probe.readyz()
    end
    return monitor_router.is_ready() and ok({status = "ready"}) or not_ready("no node is known")
end

local function render_health(status)
    local nodes = {}
    for ____, node in ipairs(status.nodes) do
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
    return {
        timestamp = iso_time(clock.now()) or "",
        status = cluster_state(status).state,
        nodes = json.list(nodes),
        expected_nodes = config.cluster.node_count,
        database = database_state(status),
        snapshot_age_seconds = milliseconds(status.snapshot_age)
    }
end

--- GET /lb/health
function _M.health()
    return of_cluster(render_health)
end

--- Reads what the database has of it.
function _M.read_history()
    local events, ____error = health_check.get_failover_history(HISTORY_LENGTH)
    for ____, event in ipairs(events or ({})) do
        event.at = iso_from_sql(event.at) or event.at
    end
    return {events = events or ({}), error = ____error}
end

--- What the health checks found, and what came of it.
function _M.render_health_status(status, history)
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
                reason = node.status_reason,
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
    return {
        timestamp = iso_time(clock.now()) or "",
        statistics = health_check.get_statistics(),
        nodes = json.list(nodes),
        failover_history = json.list(history.events),
        failover_history_error = history.error
    }
end

--- GET /lb/health-status
function _M.health_status()
    return of_cluster(function(status) return _M.render_health_status(
        status,
        _M.read_history()
    ) end)
end

local function render_setup_status(status)
    return {setup_complete = status.setup_complete, routing_mode = status.setup_complete and "load-balancer" or "primary", primary_node = status.primary_node}
end

--- GET /lb/setup-status
function _M.setup_status()
    return of_cluster(render_setup_status)
end
return _M

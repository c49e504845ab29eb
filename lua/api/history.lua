-- Generated from src-ts/api/history.ts: edit that file, then run npm run build.
-- GET handlers that tell what happened and why: a monitor's place, the events, the search for faults.
local _M = {}
local cluster_control = require("cluster_control")
local config = require("config")
local health_check = require("health_check")
local clock = require("lib.clock")
local json = require("lib.json")
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql
local iso_time = ____time_text.iso_time
local monitor_router = require("monitor_router")
local ____request = require("api.request")
local invalid = ____request.invalid
local whole_number = ____request.whole_number
local ____respond = require("api.respond")
local database_lost = ____respond.database_lost
local failure = ____respond.failure
local ok = ____respond.ok
local LARGEST_ID = 4294967295
--- JSON is written with 14 digits: a larger `next_since` would not be the number that was given.
local LARGEST_EVENT_ID = 99999999999999
local EVENTS_DEFAULT = 100
local EVENTS_MAX = 1000

local function render_move(move)
    return {
        id = move.id,
        operation = move.operation,
        type = move.type,
        reason = move.reason,
        from = move.from_node,
        to = move.to_node,
        epoch = move.epoch,
        state = move.state,
        moved_at = iso_from_sql(move.moved_at) or "",
        last_beat = iso_from_sql(move.last_beat),
        first_beat = iso_from_sql(move.first_beat),
        gap_ms = move.gap_ms
    }
end

--- GET /lb/monitors/{id}/explain
function _M.explain(____bindingPattern0)
    local id_text
    id_text = ____bindingPattern0.parameter
    local id = whole_number(id_text, 1, LARGEST_ID)
    if id == nil then
        return invalid(
            "The id of a monitor",
            "a whole number from 1 to " .. string.format("%d", LARGEST_ID)
        )
    end
    local monitor, err = cluster_control.explain_monitor(id)
    if monitor == nil then
        return err == nil and failure(404, "monitor_not_found", ("There is no monitor " .. id_text) .. ".") or database_lost(err)
    end
    local ____monitor_0 = monitor
    local found = ____monitor_0.found
    local rule = ____monitor_0.rule
    local sentence = ____monitor_0.sentence
    local move = ____monitor_0.move
    local moves = {}
    for ____, one in ipairs(monitor.moves) do
        table.insert(
            moves,
            render_move(one)
        )
    end
    local body = {
        monitor_id = id,
        name = found.name,
        active = found.active,
        pinned = found.pinned,
        node_id = found.node_id,
        assigned_node = found.assigned_node,
        owner_node = found.owner_node,
        rule = rule,
        explanation = sentence,
        since = iso_from_sql(move and move.moved_at),
        epoch = move and move.epoch,
        gap_ms = move and move.gap_ms,
        moves = json.list(moves)
    }
    return ok(body)
end

--- GET /lb/events?since=<id>&limit=<count>
function _M.events(____bindingPattern0)
    local query
    query = ____bindingPattern0.query
    local since = whole_number(query.since or "0", 0, LARGEST_EVENT_ID)
    if since == nil then
        return invalid("since", "the id of an event")
    end
    local limit = whole_number(
        query.limit or tostring(EVENTS_DEFAULT),
        1,
        EVENTS_MAX
    )
    if limit == nil then
        return invalid(
            "limit",
            "a whole number from 1 to " .. tostring(EVENTS_MAX)
        )
    end
    local list, err = cluster_control.get_events(since, limit)
    if list == nil then
        return database_lost(err)
    end
    local last = since
    for ____, event in ipairs(list) do
        event.at = iso_from_sql(event.at) or event.at
        last = event.id
    end
    local body = {
        events = json.list(list),
        next_since = last
    }
    return ok(body)
end

local function suspects()
    local list = {}
    local status = monitor_router.get_cluster_status()
    for ____, node in ipairs(status and status.nodes or ({})) do
        local record = health_check.get_health_record(node.node_id)
        if node.status == "offline" or record.failures > 0 then
            local ____table_insert_11 = table.insert
            local ____node_node_id_8 = node.node_id
            local ____node_status_9 = node.status
            local ____record_failures_10 = record.failures
            local ____temp_7
            if record.failures > 0 then
                ____temp_7 = record.last_error
            else
                ____temp_7 = node.status_reason
            end
            ____table_insert_11(
                list,
                {
                    node_id = ____node_node_id_8,
                    status = ____node_status_9,
                    consecutive_failures = ____record_failures_10,
                    reason = ____temp_7,
                    last_check = iso_time(record.last_check)
                }
            )
        end
    end
    return json.list(list)
end

--- What was found wrong, and what is done about it: the open operations, or why they could not be read.
function _M.render_fault_detection(operations, err)
    local open = {}
    for ____, ____value in ipairs(operations or ({})) do
        local id = ____value.id
        local ____type = ____value.type
        local node_id = ____value.node_id
        local status = ____value.status
        local moved = ____value.moved
        local planned = ____value.planned
        local waiting = ____value.waiting
        local reason = ____value.reason
        table.insert(open, {
            id = id,
            type = ____type,
            node_id = node_id,
            status = status,
            moved = moved,
            total = planned,
            waiting = waiting,
            reason = reason
        })
    end
    return {
        timestamp = iso_time(clock.now()) or "",
        is_leader = cluster_control.is_leader(),
        scan_interval_seconds = config.timers.fault_scan,
        counters = cluster_control.get_fault_counters(),
        suspects = suspects(),
        operations = json.list(open),
        operations_error = err
    }
end

--- The same with what the database has of it.
function _M.read_fault_detection()
    local operations, err = cluster_control.get_open_operations()
    return _M.render_fault_detection(operations, err)
end

--- GET /lb/fault-detection-status
function _M.fault_detection_status()
    return ok(_M.read_fault_detection())
end
return _M

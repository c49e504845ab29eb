-- Generated from src-ts/api/rebalancing.ts: edit that file, then run npm run build.
-- Handlers that even out the nodes: what would be moved, have it moved, how far it is.
local _M = {}
local cluster_control = require("cluster_control")
local json = require("lib.json")
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql
local ____dry_run = require("api.dry_run")
local either = ____dry_run.either
local ____respond = require("api.respond")
local database_lost = ____respond.database_lost
local ok = ____respond.ok
--- Operations that rebalancing-status lists.
local HISTORY_LENGTH = 20

local function list_moves(____type)
    local plan, err = cluster_control.plan_rebalancing(____type)
    if plan == nil then
        return database_lost(err)
    end
    local moves = {}
    for ____, ____value in ipairs(plan) do
        local id = ____value.id
        local from = ____value.from
        local to = ____value.to
        table.insert(moves, {monitor_id = id, from = from, to = to})
    end
    local body = {
        dry_run = true,
        type = ____type,
        total = #moves,
        moves = json.list(moves)
    }
    return ok(body)
end

local function ask_for(____type)
    local operation, err = cluster_control.request_rebalancing(____type)
    if operation == nil then
        return database_lost(err)
    end
    local body = {id = operation.id, type = operation.type, status = operation.status, status_url = "/lb/rebalancing-status"}
    return {status = 202, body = body}
end

--- GET and POST /lb/trigger-rebalancing: evens out the nodes with the fewest moves.
function _M.trigger_rebalancing(request)
    return either(
        request,
        function() return list_moves("rebalancing") end,
        function() return ask_for("rebalancing") end
    )
end

--- GET and POST /lb/force-rebalance-all: places every monitor anew.
function _M.force_rebalance_all(request)
    return either(
        request,
        function() return list_moves("redistribution") end,
        function() return ask_for("redistribution") end
    )
end

local function render_operation(operation)
    local ____operation_0 = operation
    local id = ____operation_0.id
    local ____type = ____operation_0.type
    local status = ____operation_0.status
    local actor = ____operation_0.actor
    local reason = ____operation_0.reason
    local moved = ____operation_0.moved
    local late = ____operation_0.late
    local gap_ms = ____operation_0.gap_ms
    return {
        id = id,
        type = ____type,
        status = status,
        actor = actor,
        reason = reason,
        total = operation.planned,
        moved = moved,
        late = late,
        gap_ms = gap_ms,
        requested_at = iso_from_sql(operation.requested_at) or "",
        started_at = iso_from_sql(operation.started_at),
        finished_at = iso_from_sql(operation.finished_at)
    }
end

local function progress(run)
    if run.status == "done" then
        return 1
    end
    return run.total == 0 and 0 or math.min(1, run.moved / run.total)
end

--- The oldest that is open, else the latest; and when one last ended.
local function current(history)
    local run = history[1]
    local last_run
    for ____, one in ipairs(history) do
        if one.finished_at == nil then
            run = one
        end
        last_run = last_run or one.finished_at
    end
    return run, last_run
end

local function render_status(history)
    local run, last_run = current(history)
    local body = {
        status = "idle",
        progress = 0,
        moved = 0,
        total = 0,
        history = json.list(history)
    }
    if run ~= nil then
        body.id = run.id
        body.type = run.type
        body.progress = progress(run)
        body.moved = run.moved
        body.total = run.total
        body.started_at = run.started_at
        body.last_run = last_run
        if run.status == "requested" or run.status == "running" then
            body.status = run.status
        end
    end
    return body
end

--- The rebalancing that is open, else the last one, and those before.
function _M.read_rebalancing()
    local operations, err = cluster_control.get_rebalancings(HISTORY_LENGTH)
    if operations == nil then
        return nil, err
    end
    local history = {}
    for ____, operation in ipairs(operations) do
        table.insert(
            history,
            render_operation(operation)
        )
    end
    return render_status(history)
end

--- GET /lb/rebalancing-status
function _M.rebalancing_status()
    local body, err = _M.read_rebalancing()
    return body == nil and database_lost(err) or ok(body)
end
return _M

-- Generated from src-ts/api/rebalancing.ts: edit that file, then run npm run build.
-- Handlers around the balance of the nodes: what it is, what would make it better, have it made.
local _M = {}
local cluster_control = require("cluster_control")
local json = require("lib.json")
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql
local monitor_router = require("monitor_router")
local ____query = require("api.query")
local invalid = ____query.invalid
local parameter = ____query.parameter
local ____respond = require("api.respond")
local database_lost = ____respond.database_lost
local ok = ____respond.ok
local ____view = require("api.view")
local of_cluster = ____view.of_cluster
--- Operations that rebalancing-status lists.
local HISTORY_LENGTH = 20
local FLAGS = {["1"] = true, ["true"] = true, ["0"] = false, ["false"] = false}

--- What `dry_run` makes of a request: a list of moves, or the deed.
local function either(list, act)
    local is_dry_run = FLAGS[parameter("dry_run") or "0"]
    if is_dry_run == nil then
        return invalid("dry_run", "1 or 0")
    end
    return is_dry_run and list() or act()
end

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

local function request(____type)
    local operation, err = cluster_control.request_rebalancing(____type)
    if operation == nil then
        return database_lost(err)
    end
    local body = {id = operation.id, type = operation.type, status = operation.status, status_url = "/lb/rebalancing-status"}
    return {status = 202, body = body}
end

--- GET and POST /lb/trigger-rebalancing: evens out the nodes with the fewest moves.
function _M.trigger_rebalancing()
    return either(
        function() return list_moves("rebalancing") end,
        function() return request("rebalancing") end
    )
end

--- GET and POST /lb/force-rebalance-all: places every monitor anew.
function _M.force_rebalance_all()
    return either(
        function() return list_moves("redistribution") end,
        function() return request("redistribution") end
    )
end

local function render_loads(status)
    local nodes = {}
    for ____, ____value in ipairs(status.nodes) do
        local node_id = ____value.node_id
        local node_status = ____value.status
        local monitor_count = ____value.monitor_count
        local monitor_total = ____value.monitor_total
        local load = ____value.load
        table.insert(
            nodes,
            {
                node_id = node_id,
                status = node_status,
                monitor_count = monitor_count,
                monitor_total = monitor_total,
                checks_per_second = math.floor(load * 10000 + 0.5) / 10000
            }
        )
    end
    return {
        nodes = json.list(nodes),
        snapshot_age_seconds = math.floor(status.snapshot_age * 1000) / 1000
    }
end

--- GET and POST /lb/update-loads: reads the loads anew; a dry run shows those that routing goes by now.
function _M.update_loads()
    return either(
        function() return of_cluster(render_loads) end,
        function()
            local status, err = monitor_router.update_loads()
            return status == nil and database_lost(err) or ok(render_loads(status))
        end
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

--- GET /lb/rebalancing-status
function _M.rebalancing_status()
    local operations, err = cluster_control.get_rebalancings(HISTORY_LENGTH)
    if operations == nil then
        return database_lost(err)
    end
    local history = {}
    for ____, operation in ipairs(operations) do
        table.insert(
            history,
            render_operation(operation)
        )
    end
    return ok(render_status(history))
end
return _M

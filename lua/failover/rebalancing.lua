-- Generated from src-ts/failover/rebalancing.ts: edit that file, then run npm run build.
-- Evens out the nodes, or places every monitor anew: batch by batch, the next one when the last one beats. Each batch is
-- planned from what is there, so that another leader goes on where this one stopped.
local _M = {}
local config = require("config")
local logger = require("logger")
local ____anew = require("placement.anew")
local place_anew = ____anew.place_anew
local ____imbalance = require("placement.imbalance")
local imbalance = ____imbalance.imbalance
local ____rebalance = require("placement.rebalance")
local even_out = ____rebalance.even_out
local assignments = require("store.assignments")
local monitors = require("store.monitors")
local operations = require("store.operations")
local ____outcome = require("failover.outcome")
local note_moves = ____outcome.note_moves
local ____records = require("failover.records")
local due = ____records.due
local ____round = require("failover.round")
local join = ____round.join
local targets = ____round.targets
local tell = ____round.tell
--- What comes before a rebalancing.
local URGENT = {failover = true, recovery = true, drain = true}

--- True of the operations that this module carries out.
function _M.is_rebalancing(operation)
    return operation.type == "rebalancing" or operation.type == "redistribution"
end

local function online_ids(nodes)
    local ids = {}
    for ____, target in ipairs(targets(nodes)) do
        table.insert(ids, target.node_id)
    end
    return ids
end

--- The moves that are to be made now, `most` at most when nodes are evened out.
function _M.plan(____type, nodes, most)
    local placed, err = monitors.placed()
    if placed == nil then
        return nil, err
    end
    local limit = config.cluster.monitor_limit_per_node
    if ____type == "redistribution" then
        return place_anew(
            online_ids(nodes),
            placed,
            limit
        )
    end
    return even_out(
        online_ids(nodes),
        placed,
        limit,
        most
    )
end

--- Begins an operation when the nodes are far apart and it has been quiet; nil without an error when it is not needed.
local function begin_by_itself(round)
    local ____config_rebalance_0 = config.rebalance
    local min_diff = ____config_rebalance_0.min_diff
    local factor = ____config_rebalance_0.factor
    local quiet_time = ____config_rebalance_0.quiet_time
    local reason = imbalance(
        targets(round.nodes),
        min_diff,
        factor
    )
    if reason == nil or #round.open > 0 then
        return nil
    end
    local quiet, err = operations.quiet_seconds()
    if quiet == nil then
        return nil, err
    end
    if quiet < quiet_time or not due("rebalancing", config.timers.load_update) then
        return nil
    end
    local moves, plan_err = _M.plan("rebalancing", round.nodes)
    if moves == nil or #moves == 0 then
        return nil, plan_err
    end
    return join(
        round,
        "rebalancing",
        nil,
        reason,
        #moves
    )
end

local function has_to_wait(round)
    for ____, operation in ipairs(round.open) do
        if operation.status == "running" and operation.holding > 0 and URGENT[operation.type] == true then
            return true
        end
    end
    return #targets(round.nodes) < 2
end

local function start(operation, planned, round)
    local started, err = operations.start(operation.id, planned, round.lease)
    if started == nil then
        return nil, err
    end
    if not started then
        return nil, ("cannot start an operation: the lease of epoch " .. tostring(round.lease.epoch)) .. " is over"
    end
    operation.status = "running"
    operation.planned = planned
    logger.health_check(
        "%s %d: %d monitors: %s",
        operation.type,
        operation.id,
        planned,
        operation.reason
    )
    tell(round, operation.type .. ".start", "", {operation = operation.id, planned = planned, reason = operation.reason})
    return true
end

--- The moves by where they come from and go to.
local function by_way(moves)
    local ways = {}
    local lists = {}
    for ____, ____value in ipairs(moves) do
        local id = ____value.id
        local from = ____value.from
        local to = ____value.to
        local name = (from .. "\0") .. to
        local ids = lists[name]
        if ids == nil then
            ids = {}
            lists[name] = ids
            table.insert(ways, {from = from, node_id = to, ids = ids})
        end
        table.insert(ids, id)
    end
    return ways
end

local function next_batch(operation, round)
    local ____config_rebalance_1 = config.rebalance
    local batch = ____config_rebalance_1.batch
    local is_new = operation.status == "requested"
    local _M_plan_5 = _M.plan
    local ____operation_type_3 = operation.type
    local ____round_nodes_4 = round.nodes
    local ____is_new_2
    if is_new then
        ____is_new_2 = nil
    else
        ____is_new_2 = batch
    end
    local moves, err = _M_plan_5(____operation_type_3, ____round_nodes_4, ____is_new_2)
    if moves == nil then
        return nil, err
    end
    if is_new then
        local ____, start_err = start(operation, #moves, round)
        if start_err ~= nil then
            return nil, start_err
        end
    end
    if #moves == 0 then
        return 0
    end
    round.busy[operation.id] = true
    local now = {}
    for index = 0, math.min(batch, #moves) - 1 do
        table.insert(now, moves[index + 1])
    end
    local ways = by_way(now)
    local moved, move_err = assignments.rehome(ways, operation.id, round.lease)
    if moved == nil then
        return nil, move_err
    end
    return note_moves(round, operation, moved, ways)
end

--- The next step of the oldest rebalancing, or of a new one that is needed; returns how many monitors moved.
function _M.rebalance(round)
    local operation
    for ____, open in ipairs(round.open) do
        if operation == nil and _M.is_rebalancing(open) then
            operation = open
        end
    end
    if operation == nil then
        local begun, err = begin_by_itself(round)
        if err ~= nil then
            return nil, err
        end
        operation = begun
    end
    if operation == nil then
        return 0
    end
    if has_to_wait(round) or operation.holding > 0 then
        round.busy[operation.id] = true
        return 0
    end
    return next_batch(operation, round)
end
return _M

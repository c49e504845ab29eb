-- Generated from src-ts/failover/redistribution.ts: edit that file, then run npm run build.
-- Moves monitors off a node that cannot run them, and gives homes to those that have none: all at once.
local _M = {}
local config = require("config")
local states = require("lib.states")
local logger = require("logger")
local ____plan = require("placement.plan")
local spread = ____plan.spread
local assignments = require("store.assignments")
local monitors = require("store.monitors")
local ____outcome = require("failover.outcome")
local carry_out = ____outcome.carry_out
local ____records = require("failover.records")
local count = ____records.count
local ____round = require("failover.round")
local at_each_node = ____round.at_each_node
local join = ____round.join
local open = ____round.open
local running = ____round.running
local targets = ____round.targets

local function warn_over_capacity(plan)
    if plan.over_capacity > 0 then
        local limit = config.cluster.monitor_limit_per_node
        logger.warn("CAPACITY", "%d monitors run beyond the limit of %d per node", plan.over_capacity, limit)
    end
end

--- True unless the node fell, once more, after the operation began. Times of the database compare as texts.
local function is_of_this_fall(operation, round)
    for ____, node in ipairs(round.nodes) do
        if node.node_id == operation.node_id and operation.started_at ~= nil then
            return node.status_since ~= nil and operation.started_at >= node.status_since
        end
    end
    return true
end

--- The fail-over that runs, unless it is that of an earlier fall of the node.
local function operation_for(node_id, reason, planned, round)
    local present = running(round, "failover", node_id)
    if present ~= nil and is_of_this_fall(present, round) then
        return join(
            round,
            "failover",
            node_id,
            reason,
            planned
        )
    end
    return open(
        round,
        "failover",
        node_id,
        reason,
        planned
    )
end

--- Spreads the monitors of a node over the online ones, but for those that are pinned to it. The reason is a sentence.
--
-- @returns how many moved; 0 as well when no node is online to take them
function _M.redistribute(node_id, reason, round)
    local candidates = targets(round.nodes, node_id)
    if #candidates == 0 then
        return 0
    end
    local movable, err = monitors.movable_of(node_id)
    if movable == nil then
        return nil, err
    end
    if #movable == 0 then
        return 0
    end
    local operation, join_err = operation_for(node_id, reason, #movable, round)
    if operation == nil then
        return nil, join_err
    end
    local plan = spread(movable, candidates, config.cluster.monitor_limit_per_node)
    local is_first = operation.moved == 0
    local moved, move_err = carry_out(
        round,
        operation,
        plan.shares,
        function() return assignments.move(plan.shares, node_id, operation.id, round.lease) end
    )
    if moved == nil then
        return nil, move_err
    end
    warn_over_capacity(plan)
    if is_first then
        count("failovers")
    end
    return moved
end

--- Moves monitors off all nodes that are offline; returns how many moved.
function _M.move_off_dead_nodes(round)
    return at_each_node(
        round,
        function(____bindingPattern0)
            local status_reason
            local monitor_total
            local status
            local node_id
            node_id = ____bindingPattern0.node_id
            status = ____bindingPattern0.status
            monitor_total = ____bindingPattern0.monitor_total
            status_reason = ____bindingPattern0.status_reason
            if status ~= states.OFFLINE or monitor_total == 0 then
                return 0
            end
            return _M.redistribute(node_id, status_reason or "the node said that it leaves", round)
        end
    )
end

local function give_homes(homeless, round)
    local operation, err = join(
        round,
        "adoption",
        nil,
        "they had no node",
        #homeless
    )
    if operation == nil then
        return nil, err
    end
    local plan = spread(
        homeless,
        targets(round.nodes),
        config.cluster.monitor_limit_per_node
    )
    local moved, adopt_err = carry_out(
        round,
        operation,
        plan.shares,
        function() return assignments.adopt(plan.shares, operation.id, round.lease) end
    )
    if moved == nil then
        return nil, adopt_err
    end
    warn_over_capacity(plan)
    return moved
end

--- The rows without any owner, and the owners of the others, each once.
local function by_owner(rows)
    local homeless = {}
    local owners = {}
    local is_known = {}
    for ____, row in ipairs(rows) do
        if row.owner == nil then
            table.insert(homeless, row)
        elseif is_known[row.owner] == nil then
            is_known[row.owner] = true
            table.insert(owners, row.owner)
        end
    end
    return homeless, owners
end

--- Gives a home to monitors without an owner, and an owner to those whose node is no longer registered.
function _M.adopt(round)
    local rows, err = monitors.without_owner()
    if rows == nil then
        return nil, err
    end
    if #rows == 0 or #targets(round.nodes) == 0 then
        return 0
    end
    local homeless, lost = by_owner(rows)
    local adopted = 0
    if #homeless > 0 then
        local given, give_err = give_homes(homeless, round)
        if given == nil then
            return nil, give_err
        end
        adopted = given
    end
    for ____, owner in ipairs(lost) do
        local moved, move_err = _M.redistribute(owner, "the node is no longer registered", round)
        if moved == nil then
            return nil, move_err
        end
        adopted = adopted + moved
    end
    return adopted
end
return _M

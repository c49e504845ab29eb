-- Generated from src-ts/failover/drain.ts: edit that file, then run npm run build.
-- Empties the nodes that an operator drains: batch by batch, the next one when the last one beats.
local _M = {}
local config = require("config")
local states = require("lib.states")
local ____plan = require("placement.plan")
local spread = ____plan.spread
local assignments = require("store.assignments")
local monitors = require("store.monitors")
local ____outcome = require("failover.outcome")
local carry_out = ____outcome.carry_out
local ____round = require("failover.round")
local at_each_node = ____round.at_each_node
local join = ____round.join
local running = ____round.running
local targets = ____round.targets
local REASON = "an operator drains the node"

local function drain_node(node_id, round)
    local present = running(round, "drain", node_id)
    if present ~= nil and present.holding > 0 then
        round.busy[present.id] = true
        return 0
    end
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
    local operation, join_err = join(
        round,
        "drain",
        node_id,
        REASON,
        #movable
    )
    if operation == nil then
        return nil, join_err
    end
    local batch = {}
    for index = 0, math.min(config.rebalance.batch, #movable) - 1 do
        table.insert(batch, movable[index + 1])
    end
    local ____spread_result_0 = spread(batch, candidates, config.cluster.monitor_limit_per_node)
    local shares = ____spread_result_0.shares
    return carry_out(
        round,
        operation,
        shares,
        function() return assignments.move(shares, node_id, operation.id, round.lease) end
    )
end

--- Moves the next batch off each draining node; returns how many monitors. What is pinned to such a node stays.
function _M.drain(round)
    return at_each_node(
        round,
        function(____bindingPattern0)
            local monitor_total
            local status
            local node_id
            node_id = ____bindingPattern0.node_id
            status = ____bindingPattern0.status
            monitor_total = ____bindingPattern0.monitor_total
            if status ~= states.DRAINING or monitor_total == 0 then
                return 0
            end
            return drain_node(node_id, round)
        end
    )
end
return _M

-- Generated from src-ts/cluster_control.ts: edit that file, then run npm run build.
-- What an operator asks of the cluster: rebalancing, drain, and why things are as they are. Works on any load balancer:
-- requests and wishes go into the database, and the one that leads carries them out.
local _M = {}
local config = require("config")
local explanation = require("failover.explanation")
local ____forget = require("failover.forget")
local forget = ____forget.forget
local leader_check = require("failover.leader_check")
local lease_holder = require("failover.lease")
local ____rebalancing = require("failover.rebalancing")
local is_rebalancing = ____rebalancing.is_rebalancing
local plan = ____rebalancing.plan
local records = require("failover.records")
local events = require("store.events")
local lease_store = require("store.lease")
local monitors = require("store.monitors")
local moves_store = require("store.moves")
local node_wishes = require("store.node_wishes")
local nodes_store = require("store.nodes")
local operations = require("store.operations")
local schema_version = require("store.schema_version")
--- Moves that an explanation lists.
local MOVES_SHOWN = 10

local function find_node(node_id)
    local nodes, err = nodes_store.list()
    for ____, node in ipairs(nodes or ({})) do
        if node.node_id == node_id then
            return node
        end
    end
    return nil, err
end

--- The moves that a rebalancing would make now; changes nothing.
function _M.plan_rebalancing(____type)
    local nodes, err = nodes_store.list()
    if nodes == nil then
        return nil, err
    end
    return plan(____type, nodes)
end

--- Asks for a rebalancing; returns it, or the one that is open already.
function _M.request_rebalancing(____type)
    local open, err = operations.open()
    if open == nil then
        return nil, err
    end
    for ____, operation in ipairs(open) do
        if is_rebalancing(operation) then
            return operation
        end
    end
    local id, request_err = operations.request(____type, config.node.id, "an operator asked for it")
    if id == nil then
        return nil, request_err
    end
    local operation, find_err = operations.find(id)
    if operation == nil then
        return nil, find_err or ("operation " .. tostring(id)) .. " is gone"
    end
    return operation
end

--- The latest rebalancings, open ones too, newest first.
function _M.get_rebalancings(limit)
    return operations.latest({"rebalancing", "redistribution"}, limit)
end

--- Everything that was requested or runs, of any type, oldest first.
function _M.get_open_operations()
    return operations.open()
end

--- Has a node emptied, or takes that back.
--
-- @returns the node as it is then and whether the wish was noted: the last online node cannot be drained; nil without an
-- error for an unknown node
function _M.set_drained(node_id, drained)
    local ____, err = unpack(
        drained and ({node_wishes.drain(node_id)}) or ({node_wishes.undrain(node_id)}),
        1,
        2
    )
    if err ~= nil then
        return nil, err
    end
    local node, find_err = find_node(node_id)
    if node == nil then
        return nil, find_err
    end
    return node, nil, drained and node.drained_at == nil
end

--- Takes an offline node out of the cluster; its monitors are at home where they run.
--
-- @returns what came of it, nil without an error for an unknown node
function _M.forget_node(node_id)
    local node, err = find_node(node_id)
    if node == nil then
        return nil, err
    end
    return forget(node, "an operator asked for it")
end

--- Why a monitor is where it is; nil without an error when there is none of this id.
function _M.explain_monitor(monitor_id)
    local found, err = monitors.whereabouts(monitor_id)
    if found == nil then
        return nil, err
    end
    local moves, moves_err = moves_store.of_monitor(monitor_id, MOVES_SHOWN)
    if moves == nil then
        return nil, moves_err
    end
    local owner, node_err = find_node(found.owner_node or "")
    if node_err ~= nil then
        return nil, node_err
    end
    local ____explanation_explain_result_2 = explanation.explain(found, owner and owner.status, moves[1])
    local rule = ____explanation_explain_result_2.rule
    local sentence = ____explanation_explain_result_2.sentence
    local move = ____explanation_explain_result_2.move
    return {
        found = found,
        rule = rule,
        sentence = sentence,
        move = move,
        moves = moves
    }
end

--- What happened after the event of that id, oldest first.
function _M.get_events(since, limit)
    return events.after(since, limit)
end

--- Counters of what was found wrong and moved, since this load balancer started. Touches no database.
function _M.get_fault_counters()
    local counters = {}
    for ____, name in ipairs({
        "rounds",
        "checks",
        "failed_checks",
        "partitions",
        "failovers",
        "corrections"
    }) do
        counters[name] = records.counter(name)
    end
    counters.monitors_moved = records.counter("moves")
    return counters
end

--- Who leads the control plane, as the database has it.
function _M.get_lease()
    return lease_store.read()
end

--- The newest schema of the cluster's tables that was applied.
function _M.get_schema()
    return schema_version.newest()
end

--- True when this load balancer leads the control plane.
function _M.is_leader()
    return lease_holder.epoch() ~= nil
end

--- True while this load balancer leads or could. Touches no database.
function _M.can_lead()
    return lease_holder.can_lead()
end

--- What this load balancer, a follower, knows of its leader.
function _M.get_leader_check()
    return leader_check.result()
end
return _M

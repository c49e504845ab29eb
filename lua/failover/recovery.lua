-- Generated from src-ts/failover/recovery.ts: edit that file, then run npm run build.
-- Moves monitors: off a dead node, back home, and to a first home. Each does what is needed now and can be repeated.
local _M = {}
local config = require("config")
local states = require("lib.states")
local logger = require("logger")
local apply = require("placement.apply")
local ____plan = require("placement.plan")
local spread = ____plan.spread
local assignments = require("store.assignments")
local events = require("store.events")
local monitors = require("store.monitors")
local ____records = require("failover.records")
local count = ____records.count

local function targets_among(nodes)
    local targets = {}
    for ____, node in ipairs(nodes) do
        if node.status == states.ONLINE then
            table.insert(targets, {node_id = node.node_id, load = node.monitor_count})
        end
    end
    return targets
end

local function record(____type, node_id, outcome, reason, lease)
    count("moves", outcome.moved)
    logger.health_check(
        "%s: %d monitors of %s moved: %s",
        ____type,
        outcome.moved,
        node_id,
        reason
    )
    local ____, err = events.append(
        ____type,
        node_id,
        lease.epoch,
        config.node.id,
        {moved = outcome.moved, targets = outcome.targets, reason = reason}
    )
    if err ~= nil then
        logger.warn("HEALTH_CHECK", "%s", err)
    end
end

--- The next plan of this round must see what this one has placed.
local function add_loads(nodes, outcome)
    for ____, node in ipairs(nodes) do
        node.monitor_count = node.monitor_count + (outcome.targets[node.node_id] or 0)
    end
end

--- Spreads all monitors of a node over the online ones, but for those that are pinned to it.
--
-- @returns how many moved; 0 as well when no node is online to take them
function _M.redistribute(node_id, nodes, reason, lease)
    local targets = targets_among(nodes)
    if #targets == 0 then
        return 0
    end
    local movable, err = monitors.movable_of(node_id)
    if movable == nil then
        return nil, err
    end
    if #movable == 0 then
        return 0
    end
    local outcome, move_err = apply.move(
        spread(movable, targets),
        node_id,
        lease
    )
    if outcome == nil then
        return nil, move_err
    end
    add_loads(nodes, outcome)
    record(
        "failover",
        node_id,
        outcome,
        reason,
        lease
    )
    count("failovers")
    return outcome.moved
end

--- Sends the next REBALANCE_BATCH monitors back to their home; returns how many went.
function _M.send_home(node_id, lease)
    local away, err = monitors.away_from(node_id, config.rebalance.batch)
    if away == nil then
        return nil, err
    end
    if #away == 0 then
        return 0
    end
    local ids = {}
    for ____, monitor in ipairs(away) do
        table.insert(ids, monitor.id)
    end
    local moved, move_err = assignments.send_home(ids, node_id, lease)
    if moved == nil then
        return nil, move_err
    end
    record(
        "recovery",
        node_id,
        {moved = moved, targets = {[node_id] = moved}},
        "the home node is online",
        lease
    )
    return moved
end

local function by_owner(rows)
    local homeless = {}
    local orphans = {}
    for ____, row in ipairs(rows) do
        table.insert(row.owner == nil and homeless or orphans, row)
    end
    return homeless, orphans
end

--- Gives a home to monitors without an owner, and an owner to those whose node is no longer registered.
function _M.adopt(nodes, lease)
    local rows, err = monitors.without_owner()
    if rows == nil then
        return nil, err
    end
    local targets = targets_among(nodes)
    if #rows == 0 or #targets == 0 then
        return 0
    end
    local homeless, orphans = by_owner(rows)
    local adopted = 0
    if #homeless > 0 then
        local outcome, adopt_err = apply.adopt(
            spread(homeless, targets),
            lease
        )
        if outcome == nil then
            return nil, adopt_err
        end
        record(
            "adoption",
            "",
            outcome,
            "they had no node",
            lease
        )
        adopted = outcome.moved
    end
    local lost = {}
    for ____, ____value in ipairs(orphans) do
        local owner = ____value.owner
        if owner ~= nil and lost[owner] == nil then
            lost[owner] = true
            local moved, move_err = _M.redistribute(owner, nodes, "the node is no longer registered", lease)
            if moved == nil then
                return nil, move_err
            end
            adopted = adopted + moved
        end
    end
    return adopted
end
return _M

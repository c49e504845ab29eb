-- Generated from src-ts/failover/recovery.ts: edit that file, then run npm run build.
-- Sends monitors home when their node is back: batch by batch, the next one when the last one beats.
local _M = {}
local config = require("config")
local shared_dict = require("lib.shared_dict")
local states = require("lib.states")
local logger = require("logger")
local assignments = require("store.assignments")
local monitors = require("store.monitors")
local ____outcome = require("failover.outcome")
local note_moves = ____outcome.note_moves
local ____records = require("failover.records")
local due = ____records.due
local ____round = require("failover.round")
local at_each_node = ____round.at_each_node
local join = ____round.join
local running = ____round.running
--- Seconds after which a home where monitors did not beat is tried again.
local MUTE_SECONDS = 300
local dict = shared_dict.open("health_checker")
local REASON = "the home node is online"

--- True for a while after monitors went home and did not beat there: the node gets no more of them so soon.
local function is_mute(node_id, present)
    local key = "mute:" .. node_id
    if present ~= nil and present.late > 0 and shared_dict.take(dict, key, true, MUTE_SECONDS) then
        logger.warn("HEALTH_CHECK", "%d monitors do not beat at their home %s: no more go there", present.late, node_id)
    end
    return (dict.raw:get(key)) ~= nil
end

--- Sends the next REBALANCE_BATCH monitors back to their home, unless those of the batch before are still awaited.
-- Monitors that somebody has moved by hand meanwhile stay where they are.
--
-- @returns how many went, nil without an error when all are at home
function _M.send_home(node_id, round)
    local present = running(round, "recovery", node_id)
    if present ~= nil and present.holding > 0 then
        round.busy[present.id] = true
        return 0
    end
    if is_mute(node_id, present) then
        return nil
    end
    local away, err = monitors.away_from(node_id, config.rebalance.batch)
    if away == nil then
        return nil, err
    end
    if #away == 0 then
        return nil
    end
    local operation, join_err = join(
        round,
        "recovery",
        node_id,
        REASON,
        #away
    )
    if operation == nil then
        return nil, join_err
    end
    local ids = {}
    for ____, monitor in ipairs(away) do
        table.insert(ids, monitor.id)
    end
    local moved, move_err = assignments.send_home(ids, node_id, operation.id, round.lease)
    if moved == nil then
        return nil, move_err
    end
    return note_moves(round, operation, moved, {{node_id = node_id, ids = ids}})
end

--- Notes that the node is online: from now on each round looks whether monitors are to go home.
function _M.note_online(node_id)
    shared_dict.set(dict, "homing:" .. node_id, true)
end

--- The nodes that are left by some of their monitors or await some; nobody when it is not time to look for them.
local function homes_in_question(round)
    if not due("failover_check", config.timers.failover_check) then
        return {}
    end
    local homes, err = monitors.homes_left()
    if homes == nil then
        return nil, err
    end
    for ____, ____value in ipairs(round.open) do
        local ____type = ____value.type
        local node_id = ____value.node_id
        if ____type == "recovery" and node_id ~= nil then
            homes[node_id] = true
        end
    end
    return homes
end

--- Sends the next batch home, and notes whether there is more to come; returns how many went.
local function go_on(node_id, round)
    local count, err = _M.send_home(node_id, round)
    if err ~= nil then
        return nil, err
    end
    if count == nil then
        dict.raw:delete("homing:" .. node_id)
        return 0
    end
    _M.note_online(node_id)
    return count
end

--- Sends home what is due there, at all nodes; returns how many monitors went.
function _M.send_all_home(round)
    local homes, homes_err = homes_in_question(round)
    if homes == nil then
        return nil, homes_err
    end
    return at_each_node(
        round,
        function(____bindingPattern0)
            local status
            local node_id
            node_id = ____bindingPattern0.node_id
            status = ____bindingPattern0.status
            local is_asked = homes[node_id] == true or (dict.raw:get("homing:" .. node_id)) ~= nil
            if status ~= states.ONLINE or not is_asked then
                return 0
            end
            return go_on(node_id, round)
        end
    )
end
return _M

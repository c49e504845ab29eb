-- Generated from src-ts/failover/recovery.ts: edit that file, then run npm run build.
-- Sends monitors home when their node is back: batch by batch, the next one when the last one beats.
local _M = {}
local config = require("config")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
local assignments = require("store.assignments")
local monitors = require("store.monitors")
local ____outcome = require("failover.outcome")
local note_moves = ____outcome.note_moves
local ____round = require("failover.round")
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

--- The nodes to which monitors may be due: those of a `sweep` that are left by some or await some. Without one, nobody.
function _M.homes_in_question(sweep, round)
    if not sweep then
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
return _M

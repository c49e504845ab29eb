-- Generated from src-ts/failover/moves.ts: edit that file, then run npm run build.
-- Carries out what a round found: writes statuses, moves monitors off dead nodes, home, and to a first home.
local _M = {}
local config = require("config")
local shared_dict = require("lib.shared_dict")
local states = require("lib.states")
local logger = require("logger")
local events = require("store.events")
local nodes_store = require("store.nodes")
local ____records = require("failover.records")
local due = ____records.due
local recovery = require("failover.recovery")
local dict = shared_dict.open("health_checker")

--- Writes the status and its event; false when the row or the lease has changed meanwhile.
function _M.change_status(transition, lease)
    local ____transition_0 = transition
    local node = ____transition_0.node
    local to = ____transition_0.to
    local reason = ____transition_0.reason
    local changed, err = nodes_store.set_status(
        node.node_id,
        node.status,
        to,
        reason,
        lease
    )
    if changed == nil then
        return nil, err
    end
    if not changed then
        return false
    end
    logger.health_check(
        "%s: %s -> %s: %s",
        node.node_id,
        node.status,
        to,
        reason
    )
    local from = node.status
    node.status = to
    if to == states.ONLINE then
        shared_dict.set(dict, "homing:" .. node.node_id, true)
    end
    local ____, event_err = events.append(
        "node." .. to,
        node.node_id,
        lease.epoch,
        config.node.id,
        {from = from, reason = reason}
    )
    if event_err ~= nil then
        logger.warn("HEALTH_CHECK", "%s", event_err)
    end
    return true
end

local function move_off_dead_nodes(nodes, lease)
    local moved = 0
    for ____, node in ipairs(nodes) do
        if node.status == states.OFFLINE and node.monitor_total > 0 then
            local reason = node.last_error or "the node said that it leaves"
            local count, err = recovery.redistribute(node.node_id, nodes, reason, lease)
            if count == nil then
                return nil, err
            end
            moved = moved + count
        end
    end
    return moved
end

local function send_home(nodes, lease)
    local sweep = due("failover_check", config.timers.failover_check)
    local moved = 0
    for ____, node in ipairs(nodes) do
        local key = "homing:" .. node.node_id
        if node.status == states.ONLINE and (sweep or (dict.raw:get(key)) ~= nil) then
            local count, err = recovery.send_home(node.node_id, lease)
            if count == nil then
                return nil, err
            end
            if count == 0 then
                dict.raw:delete(key)
            else
                shared_dict.set(dict, key, true)
            end
            moved = moved + count
        end
    end
    return moved
end

--- Does every move that is due now; returns how many monitors moved. What an error interrupts the next round does.
function _M.move_monitors(nodes, lease)
    local off, off_err = move_off_dead_nodes(nodes, lease)
    if off == nil then
        return nil, off_err
    end
    local home, home_err = send_home(nodes, lease)
    if home == nil then
        return nil, home_err
    end
    if not due("fault_scan", config.timers.fault_scan) then
        return off + home
    end
    local adopted, err = recovery.adopt(nodes, lease)
    if adopted == nil then
        return nil, err
    end
    return off + home + adopted
end
return _M

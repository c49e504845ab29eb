-- Generated from src-ts/failover/forget.ts: edit that file, then run npm run build.
-- Takes a node that is gone for good out of the cluster: its monitors are at home where they run now. One that comes back
-- registers as a new node.
local _M = {}
local config = require("config")
local logger = require("logger")
local assignments = require("store.assignments")
local events = require("store.events")
local lease_store = require("store.lease")
local node_wishes = require("store.node_wishes")
local pins = require("store.pins")

local function tell(node_id, reason, settled)
    logger.health_check("%s is no part of the cluster any more: %s", node_id, reason)
    local lease = lease_store.read()
    local detail = {reason = reason, settled = settled}
    local ____, err = events.append(
        "node.forgotten",
        node_id,
        lease and lease.epoch or 0,
        config.node.id,
        detail
    )
    if err ~= nil then
        logger.warn("HEALTH_CHECK", "%s", err)
    end
end

--- Forgets a node if it is offline. The reason is a sentence.
function _M.forget(node, reason)
    if node.status ~= "offline" then
        return {outcome = "not_offline", settled = 0}
    end
    local pinned, pins_err = pins.count_at(node.node_id)
    if pinned == nil then
        return nil, pins_err
    end
    if pinned > 0 then
        return {outcome = "pinned", settled = 0}
    end
    if node.monitor_total > 0 then
        return {outcome = "busy", settled = 0}
    end
    local settled, settle_err = assignments.settle(node.node_id)
    if settled == nil then
        return nil, settle_err
    end
    local removed, err = node_wishes.remove(node.node_id)
    if removed == nil then
        return nil, err
    end
    if not removed then
        return {outcome = "not_offline", settled = settled}
    end
    tell(node.node_id, reason, settled)
    return {outcome = "forgotten", settled = settled}
end

--- Forgets the nodes that have been offline, and silent in the database, for NODE_FORGET_AFTER.
function _M.forget_old(nodes)
    local ____config_health_check_2 = config.health_check
    local forget_after = ____config_health_check_2.forget_after
    if forget_after == 0 then
        return
    end
    for ____, node in ipairs(nodes) do
        local status_age = node.status_age
        if status_age == nil then
            status_age = 0
        end
        local seen_age = node.seen_age
        if seen_age == nil then
            seen_age = math.huge
        end
        if node.status == "offline" and status_age > forget_after and seen_age > forget_after then
            local reason = string.format("it has been offline for %d s", status_age)
            local ____, err = _M.forget(node, reason)
            if err ~= nil then
                logger.warn("HEALTH_CHECK", "%s", err)
            end
        end
    end
end
return _M

-- Generated from src-ts/failover/moves.ts: edit that file, then run npm run build.
-- Carries out what a round found: writes statuses, then does every move that is due.
local _M = {}
local config = require("config")
local states = require("lib.states")
local logger = require("logger")
local nodes_store = require("store.nodes")
local ____damping = require("failover.damping")
local note_fall = ____damping.note_fall
local ____drain = require("failover.drain")
local drain = ____drain.drain
local ____fault_scan = require("failover.fault_scan")
local scan = ____fault_scan.scan
local ____rebalancing = require("failover.rebalancing")
local rebalance = ____rebalancing.rebalance
local ____records = require("failover.records")
local due = ____records.due
local let_go = ____records.let_go
local recovery = require("failover.recovery")
local redistribution = require("failover.redistribution")
local ____round = require("failover.round")
local tell = ____round.tell
local verification = require("failover.verification")

--- Writes the status and its event; false when the row or the lease has changed meanwhile.
function _M.change_status(transition, round)
    local ____transition_0 = transition
    local node = ____transition_0.node
    local to = ____transition_0.to
    local reason = ____transition_0.reason
    local from = node.status
    local changed, err = nodes_store.set_status(
        node.node_id,
        from,
        to,
        reason,
        round.lease
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
        from,
        to,
        reason
    )
    let_go(node.node_id)
    node.status = to
    node.status_reason = reason
    node.status_since = nil
    if to == states.ONLINE then
        recovery.note_online(node.node_id)
    end
    if to == states.OFFLINE then
        note_fall(node.node_id)
    end
    tell(round, "node." .. to, node.node_id, {from = from, reason = reason})
    return true
end

--- What is looked for every FAULT_SCAN_INTERVAL.
local function scan_and_adopt(round)
    if not due("fault_scan", config.timers.fault_scan) then
        return 0
    end
    local ____, err = scan()
    if err ~= nil then
        logger.warn("FAULT_SCAN", "%s", err)
    end
    return redistribution.adopt(round)
end
--- In this order: what is urgent first. Each does what is needed now; what an error interrupts the next round does.
local STEPS = {
    redistribution.move_off_dead_nodes,
    scan_and_adopt,
    verification.correct,
    recovery.send_all_home,
    drain,
    rebalance
}
--- What goes on while nodes cannot be told from the way to them: those that were dead before stay so.
local STEPS_WHEN_FROZEN = {redistribution.move_off_dead_nodes}

--- Does every move that is due now, when `frozen` only the urgent ones; returns how many monitors moved.
function _M.move_monitors(round, frozen)
    local moved = 0
    for ____, step in ipairs(frozen and STEPS_WHEN_FROZEN or STEPS) do
        local count, err = step(round)
        if count == nil then
            return nil, err
        end
        moved = moved + count
    end
    if frozen then
        return moved
    end
    local ____, err = verification.finish_operations(round)
    if err ~= nil then
        return nil, err
    end
    return moved
end
return _M

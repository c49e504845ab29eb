-- Generated from src-ts/health_check.ts: edit that file, then run npm run build.
-- Health of the nodes and what follows from it: fail-over, recovery, homes. The functions act only while this load
-- balancer holds the leader's lease; on another one they return the reason why not.
local _M = {}
local config = require("config")
local ____by_hand = require("failover.by_hand")
local by_hand = ____by_hand.by_hand
local cycle = require("failover.cycle")
local leader_check = require("failover.leader_check")
local lease_holder = require("failover.lease")
local ____moves = require("failover.moves")
local change_status = ____moves.change_status
local records = require("failover.records")
local recovery = require("failover.recovery")
local redistribution = require("failover.redistribution")
local watch = require("failover.watch")
local watch_records = require("failover.watch_records")
local states = require("lib.states")
local turn = require("lib.turn")
local worker_timer = require("lib.worker_timer")
local events = require("store.events")
local node_wishes = require("store.node_wishes")
local nodes_store = require("store.nodes")
--- Events that tell the story of fail-overs, out of all that the table holds.
local HISTORY_TYPES = {
    "node.online",
    "node.recovering",
    "node.offline",
    "node.draining",
    "failover",
    "failover.done",
    "recovery",
    "adoption",
    "drain",
    "correction",
    "rebalancing",
    "redistribution"
}
--- Seconds between two looks at what is due.
local TICK = 0.5
--- Seconds between two looks at whether the leader is to be asked.
local LEADER_TICK = 0.5
--- Seconds between two tries to get the turn to watch the nodes.
local WATCH_TICK = 0.5

--- All nodes with status, times and loads, as the database has them.
function _M.get_all_nodes()
    return nodes_store.list()
end

--- Checks every node now, acts on the results and returns the round's sentence; nil and the reason when it cannot.
function _M.run_health_check()
    local sentence = cycle.run_by_hand()
    if sentence == nil then
        return nil, "another round takes too long"
    end
    return sentence
end

--- Once for each configuration that is loaded, before its workers start.
function _M.init()
    lease_holder.new_generation()
    cycle.forget_schema()
end

--- Starts the periodic rounds of this worker; the workers take turns. When the load balancer ends another may lead.
function _M.health_check_worker()
    lease_holder.start_generation()
    local function round()
        cycle.run()
    end
    worker_timer.every("health check", TICK, round, lease_holder.release)
end

--- Has a follower ask its leader, one worker at a time, for as long as it is one.
function _M.leader_check_worker()
    if config.peers.mode ~= "follower" then
        return
    end
    worker_timer.every(
        "leader check",
        LEADER_TICK,
        function()
            if turn.take("leader_check", config.peers.interval * 0.9) then
                leader_check.check()
            end
        end
    )
end

--- Has this worker watch the nodes over standing connections whenever no other one does. `list` gives the nodes that are
-- known now and must not wait.
function _M.watch_worker(list)
    worker_timer.every(
        "watch",
        WATCH_TICK,
        function()
            watch.run(list)
        end
    )
end

--- Spreads the monitors of a node over the online ones; returns how many moved.
function _M.redistribute_monitors_from_node(node_id)
    return by_hand(function(round) return redistribution.redistribute(node_id, "asked for by hand", round) end)
end

--- Sends the next batch of a node's own monitors back to it; returns how many went, 0 when all are home.
function _M.revert_monitors_to_node(node_id)
    return by_hand(function(round)
        local moved, err = recovery.send_home(node_id, round)
        if err ~= nil then
            return nil, err
        end
        return moved or 0
    end)
end

--- A status set by hand that lasts: the operator's wish goes with it.
local function note_wish(node_id, status)
    if status ~= states.DRAINING and status ~= states.ONLINE then
        return nil
    end
    local ____, err = unpack(
        status == states.DRAINING and ({node_wishes.drain(node_id)}) or ({node_wishes.undrain(node_id)}),
        1,
        2
    )
    return err
end

--- Sets the status of a node, with the reason; false when it has that status already or is unknown.
function _M.update_node_status(node_id, status, reason)
    if reason == nil then
        reason = "set by hand"
    end
    return by_hand(function(round)
        for ____, node in ipairs(round.nodes) do
            if node.node_id == node_id and node.status ~= status then
                local wish_err = note_wish(node_id, status)
                if wish_err ~= nil then
                    return nil, wish_err
                end
                return change_status({node = node, to = status, reason = reason}, round)
            end
        end
        return false
    end)
end

--- Why a node keeps its status in spite of its checks, as a sentence; nil when it does not.
function _M.why_held(node_id)
    return records.why_held(node_id)
end

--- What the health check knows of a node. Results in a row are counted by the one who leads, and only then.
function _M.get_health_record(node_id)
    local record = records.get(node_id)
    return record.epoch == lease_holder.epoch() and record or records.without_counts(record)
end

--- What the standing connection to a node tells.
function _M.get_watch(node_id)
    return watch_records.get(node_id)
end

--- Counters, the last round, and who leads, for status pages. Touches no database.
function _M.get_statistics()
    local round = records.last_round()
    return {
        rounds = records.counter("rounds"),
        checks = records.counter("checks"),
        failed_checks = records.counter("failed_checks"),
        failovers = records.counter("failovers"),
        monitors_moved = records.counter("moves"),
        disputed_falls = records.counter("disputed_falls"),
        partitions = records.counter("partitions"),
        falls = records.counter("falls"),
        flaps = records.counter("flaps"),
        corrections = records.counter("corrections"),
        beats = records.counter("beats"),
        missed_checks = records.counter("missed_checks"),
        duplicate_checks = records.counter("duplicate_checks"),
        knowledge_age_seconds = cycle.knowledge_age(),
        watch_losses = records.counter("watch_losses"),
        last_round = round,
        leader = {
            node_id = config.node.id,
            is_leader = lease_holder.epoch() ~= nil,
            epoch = lease_holder.epoch()
        }
    }
end

--- The latest changes of nodes and moves of monitors, newest first.
function _M.get_failover_history(limit)
    return events.latest(HISTORY_TYPES, limit)
end
return _M

-- Generated from src-ts/failover/housekeeping.ts: edit that file, then run npm run build.
-- What the leader does now and then: says how the cluster is, warns of full nodes, forgets what is old.
local _M = {}
local config = require("config")
local worker_timer = require("lib.worker_timer")
local logger = require("logger")
local events = require("store.events")
local moves = require("store.moves")
local operations = require("store.operations")
local pins = require("store.pins")
local probes = require("store.probes")
local votes = require("store.vote_pruning")
local ____forget = require("failover.forget")
local forget_old = ____forget.forget_old
local ____records = require("failover.records")
local due = ____records.due
--- Seconds between two looks for what is too old.
local PRUNE_INTERVAL = 300
--- Seconds between two looks for nodes that are gone for good.
local FORGET_INTERVAL = 10
--- The probes before what they said.
local PRUNES = {
    events.prune,
    moves.prune,
    operations.prune,
    pins.prune,
    probes.prune,
    votes.prune
}

local function warn_over_capacity(nodes)
    local limit = config.cluster.monitor_limit_per_node
    for ____, node in ipairs(nodes) do
        if node.monitor_count > limit then
            logger.warn(
                "CAPACITY",
                "%s runs %d monitors, its limit is %d",
                node.node_id,
                node.monitor_count,
                limit
            )
        end
    end
end

local function prune_all()
    for ____, prune in ipairs(PRUNES) do
        local ____, err = prune()
        if err ~= nil then
            logger.warn("HEARTBEAT", "%s", err)
        end
    end
end

--- Does what is due; `sentence` is what the round came to.
function _M.keep_house(nodes, sentence)
    if due("load_update", config.timers.load_update) then
        warn_over_capacity(nodes)
    end
    if due("heartbeat", config.timers.heartbeat) then
        logger.info("HEARTBEAT", "%s", sentence)
    end
    if due("forget", FORGET_INTERVAL) then
        forget_old(nodes)
    end
    if due("prune", PRUNE_INTERVAL) then
        worker_timer.soon("prune", prune_all)
    end
end
return _M

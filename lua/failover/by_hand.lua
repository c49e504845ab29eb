-- Generated from src-ts/failover/by_hand.ts: edit that file, then run npm run build.
-- What is done by hand: a round of its own, beside none of the engine's.
local _M = {}
local nodes_store = require("store.nodes")
local lease_holder = require("failover.lease")
local ____round = require("failover.round")
local begin = ____round.begin
local turn = require("lib.turn")

--- Lets `work` act on what the database has now, under the lease; nil and the reason when we do not lead.
local function with_round(work)
    local lease, standby = lease_holder.hold()
    if lease == nil then
        return nil, standby
    end
    local nodes, err = nodes_store.states()
    if nodes == nil then
        return nil, err
    end
    local own, begin_err = begin(nodes, lease)
    if own == nil then
        return nil, begin_err
    end
    return work(own)
end

--- Does `work` in a round of its own; nil and the reason when that cannot be, as when another load balancer leads.
function _M.by_hand(work)
    local results = {err = "another round takes too long"}
    local function round()
        local ____temp_0 = {with_round(work)}
        results.value = ____temp_0[1]
        results.err = ____temp_0[2]
    end
    turn.alone_in_time(turn.ROUND, round)
    if results.err ~= nil then
        return nil, results.err
    end
    return results.value
end
return _M

-- Generated from src-ts/failover/cycle.ts: edit that file, then run npm run build.
-- One round of the control plane: hold the lease, read the nodes, check who is due, change states, move monitors. It
-- comes to one sentence, which is logged when it changes and is what the status shows. Rounds never overlap, in all the
-- workers of this load balancer, also across a reload; what a round leaves undone the next one does.
local _M = {}
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local states = require("lib.states")
local turn = require("lib.turn")
local logger = require("logger")
local ____evaluation = require("regions.evaluation")
local evaluate_all = ____evaluation.evaluate_all
local nodes_store = require("store.nodes")
local schema = require("store.schema")
local ____assessment = require("failover.assessment")
local assess = ____assessment.assess
local ____damping = require("failover.damping")
local without_held = ____damping.without_held
local database_clock = require("failover.database_clock")
local fault_scan = require("failover.fault_scan")
local ____housekeeping = require("failover.housekeeping")
local keep_house = ____housekeeping.keep_house
local lease_holder = require("failover.lease")
local ____moves = require("failover.moves")
local change_status = ____moves.change_status
local move_monitors = ____moves.move_monitors
local records = require("failover.records")
local ____round = require("failover.round")
local begin = ____round.begin
local second_opinion = require("failover.second_opinion")
local ____verdict = require("failover.verdict")
local partition_reason = ____verdict.partition_reason
local verification = require("failover.verification")
local dict = shared_dict.open("health_checker")
--- Seconds between two looks at what probes say.
local REGIONS_INTERVAL = 0.9

local function summary(nodes, moved)
    local online = 0
    for ____, node in ipairs(nodes) do
        online = online + (node.status == states.ONLINE and 1 or 0)
    end
    local text = ((tostring(online) .. " of ") .. tostring(#nodes)) .. " nodes online"
    return moved > 0 and ((text .. ", ") .. tostring(moved)) .. " monitors moved" or text
end

local function act(nodes, transitions, lease, frozen)
    local ____, look_err = verification.look(database_clock.age())
    if look_err ~= nil then
        logger.warn("HEALTH_CHECK", "%s", look_err)
    end
    local round, begin_err = begin(nodes, lease)
    if round == nil then
        return "moves are frozen: " .. begin_err
    end
    for ____, transition in ipairs(without_held(transitions)) do
        local ____, err = change_status(transition, round)
        if err ~= nil then
            logger.error("HEALTH_CHECK", "%s", err)
        end
    end
    local moved, err = move_monitors(round, frozen)
    if moved == nil then
        return "moves are frozen: " .. err
    end
    if records.due("regions", REGIONS_INTERVAL) then
        local ____, regions_err = evaluate_all(lease)
        if regions_err ~= nil then
            logger.warn("REGIONS", "%s", regions_err)
        end
    end
    local sentence = summary(nodes, moved)
    keep_house(nodes, sentence)
    return sentence
end

--- What keeps the failing nodes where they are; recoveries go on all the same.
local function without_falls(transitions)
    local kept = {}
    for ____, transition in ipairs(transitions) do
        if not second_opinion.is_fall(transition) then
            table.insert(kept, transition)
        end
    end
    return kept
end

local function round(forced)
    if (dict.raw:get("schema_ready")) == nil then
        local ready, err = schema.ensure()
        if ready == nil then
            return "database is not ready: " .. err
        end
        shared_dict.set(dict, "schema_ready", true)
    end
    local lease, standby = lease_holder.hold()
    if lease == nil then
        database_clock.forget()
        dict.raw:delete("known_at")
        fault_scan.forget()
        return standby
    end
    local nodes, err = nodes_store.states()
    if nodes == nil then
        database_clock.forget()
        return "moves are frozen: " .. err
    end
    shared_dict.set(
        dict,
        "known_at",
        clock.now()
    )
    database_clock.note(nodes)
    local found, probes_err = second_opinion.revise(
        assess(
            nodes,
            forced,
            database_clock.age()
        ),
        database_clock.age()
    )
    if found == nil then
        return "moves are frozen: " .. probes_err
    end
    local ____found_0 = found
    local transitions = ____found_0.transitions
    local sightings = ____found_0.sightings
    local partition = partition_reason(sightings)
    if partition == nil then
        dict.raw:delete("partition")
        return act(nodes, transitions, lease, false)
    end
    if shared_dict.take(dict, "partition", true, 0) then
        records.count("partitions")
    end
    return (act(
        nodes,
        without_falls(transitions),
        lease,
        true
    ) .. "; ") .. partition
end

local function noted_round(forced)
    local started = clock.now()
    local ok, result = pcall(round, forced)
    ngx.update_time()
    local sentence = ok and result or "the round failed: " .. result
    if not ok then
        logger.error("HEALTH_CHECK", "%s", sentence)
    end
    records.count("rounds")
    if records.note_round(
        sentence,
        math.floor((clock.now() - started) * 1000)
    ) then
        logger.health_check("%s", sentence)
    end
    return sentence
end

--- Runs a round unless one is running.
function _M.run()
    turn.alone(
        turn.ROUND,
        function()
            noted_round(false)
        end
    )
end

--- Runs a round in which every node is checked whether it is due or not.
--
-- @returns the sentence, or nil when another round takes too long
function _M.run_by_hand()
    local sentence
    turn.alone_in_time(
        turn.ROUND,
        function()
            sentence = noted_round(true)
        end
    )
    return sentence
end

--- Has the next round look whether all tables are there: another version of this program may need more of them.
function _M.forget_schema()
    dict.raw:delete("schema_ready")
end

--- Seconds since a round last read the nodes from the database; nil when none has yet.
function _M.knowledge_age()
    local known_at = shared_dict.get_number(dict, "known_at")
    local ____temp_1
    if known_at == nil then
        ____temp_1 = nil
    else
        ____temp_1 = math.floor((clock.now() - known_at) * 1000) / 1000
    end
    return ____temp_1
end
return _M

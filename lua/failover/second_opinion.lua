-- Generated from src-ts/failover/second_opinion.ts: edit that file, then run npm run build.
-- What probes say of nodes that this load balancer does not reach: when enough of them do, it is the way there that is
-- broken, and nothing moves. A node that is silent in the database as well is dead by its own account.
local _M = {}
local config = require("config")
local group = require("lib.group")
local shared_dict = require("lib.shared_dict")
local states = require("lib.states")
local logger = require("logger")
local ____node_checks = require("regions.node_checks")
local counts = ____node_checks.counts
local freshness = ____node_checks.freshness
local why_alive = ____node_checks.why_alive
local node_votes = require("store.node_votes")
local suspects = require("store.suspects")
local ____assessment = require("failover.assessment")
local is_silent = ____assessment.is_silent
local ____records = require("failover.records")
local count = ____records.count
local hold = ____records.hold
local ____verdict = require("failover.verdict")
local follow_wish = ____verdict.follow_wish
--- Seconds after the return of the database in which older votes count too: probes bring the new ones within that time.
local SETTLING = 30
local OLDER = 90
--- Seconds after which it is said again that a node is held.
local REPEAT = 60
local dict = shared_dict.open("health_checker")

local function is_any_in_doubt(sightings)
    for ____, ____value in ipairs(sightings) do
        local failures = ____value.failures
        local status = ____value.status
        if failures > 0 and status ~= states.OFFLINE then
            return true
        end
    end
    return false
end

--- What probes say, when it matters: a node fails, and the load balancer's own finding is not enough.
local function read_disputes(sightings, database_age)
    local ____config_probes_0 = config.probes
    local node_strategy = ____config_probes_0.node_strategy
    if node_strategy == "any-down" or not is_any_in_doubt(sightings) then
        return {}
    end
    local votes, err = node_votes.list()
    if votes == nil then
        return nil, err
    end
    local fresh = freshness(#sightings) + (database_age < SETTLING and OLDER or 0)
    local by_node = {}
    for ____, vote in ipairs(votes) do
        if counts(vote, fresh) then
            group.add(by_node, vote.node_id, vote)
        end
    end
    local disputes = {}
    for node_id, list in pairs(by_node) do
        disputes[node_id] = why_alive(config.node.id, list, node_strategy)
    end
    return disputes
end

local function note(node_id, sentence)
    hold(node_id, sentence)
    suspects.skip(node_id)
    if shared_dict.take(dict, "disputed:" .. node_id, true, REPEAT) then
        count("disputed_falls")
        logger.warn("HEALTH_CHECK", "%s: %s", node_id, sentence)
    end
end

--- What remains of a fall that is disputed: an operator's wish, which does not wait for the way to be mended.
local function in_place_of_fall(____bindingPattern0)
    local node
    node = ____bindingPattern0.node
    local wish = follow_wish(node.status, node.drained_at ~= nil)
    local ____temp_1
    if wish == nil then
        ____temp_1 = nil
    else
        ____temp_1 = {node = node, to = wish.status, reason = wish.reason}
    end
    return ____temp_1
end

--- True for a node of this cluster that goes offline and was not just coming back.
function _M.is_fall(____bindingPattern0)
    local to
    local node
    node = ____bindingPattern0.node
    to = ____bindingPattern0.to
    return to == states.OFFLINE and node.status ~= states.RECOVERING
end

--- Those that fail but are known to live are no evidence of a partition.
local function believed(sightings, disputes)
    local changed = {}
    for ____, sighting in ipairs(sightings) do
        local node_id = sighting.node_id
        local status = sighting.status
        local silent = sighting.silent
        local is_alive = disputes[node_id] ~= nil and not silent
        table.insert(changed, is_alive and ({node_id = node_id, status = status, silent = silent, failures = 0}) or sighting)
    end
    return changed
end

--- What was found, without the falls that probes dispute. `database_age`: see database_clock.
--
-- @returns nil and why the probes could not be asked: then nobody knows who is dead
function _M.revise(____bindingPattern0, database_age)
    local sightings
    local transitions
    transitions = ____bindingPattern0.transitions
    sightings = ____bindingPattern0.sightings
    local disputes, err = read_disputes(sightings, database_age)
    if disputes == nil then
        return nil, err
    end
    local kept = {}
    for ____, transition in ipairs(transitions) do
        local node = transition.node
        local ____temp_2
        if _M.is_fall(transition) and not is_silent(node, database_age) then
            ____temp_2 = disputes[node.node_id]
        else
            ____temp_2 = nil
        end
        local sentence = ____temp_2
        local remaining = transition
        if sentence ~= nil then
            note(node.node_id, sentence)
            remaining = in_place_of_fall(transition)
        end
        if remaining ~= nil then
            table.insert(kept, remaining)
        end
    end
    return {
        transitions = kept,
        sightings = believed(sightings, disputes)
    }
end
return _M

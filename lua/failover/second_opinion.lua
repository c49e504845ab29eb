-- Generated from src-ts/failover/second_opinion.ts: edit that file, then run npm run build.
-- What probes say of nodes that this load balancer does not reach: when enough of them do, it is the way there that is
-- broken, and nothing moves. A node that is silent in the database as well is dead by its own account.
local _M = {}
local config = require("config")
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

--- Asks what probes say of the nodes, when it matters: one of them fails, and its own vote is not enough.
function _M.ask(sightings)
    local opinions = {}
    if config.probes.node_strategy == "any-down" or not is_any_in_doubt(sightings) then
        return opinions
    end
    local votes, err = node_votes.list()
    if votes == nil then
        logger.warn("HEALTH_CHECK", "%s", err)
        return opinions
    end
    local fresh = freshness(#sightings)
    for ____, vote in ipairs(votes) do
        if counts(vote, fresh) then
            local list = opinions[vote.node_id] or ({})
            table.insert(list, vote)
            opinions[vote.node_id] = list
        end
    end
    return opinions
end

--- The sightings of nodes that nobody else looks at: of the others it is known whether they are dead or cut off.
function _M.without_known(sightings, opinions)
    local kept = {}
    for ____, sighting in ipairs(sightings) do
        if opinions[sighting.node_id] == nil then
            table.insert(kept, sighting)
        end
    end
    return kept
end

local function why_not_dead(____bindingPattern0, opinions, database_age)
    local to
    local node
    node = ____bindingPattern0.node
    to = ____bindingPattern0.to
    local votes = opinions[node.node_id]
    local is_fall = to == states.OFFLINE and node.status ~= states.RECOVERING
    if votes == nil or not is_fall or is_silent(node, database_age) then
        return nil
    end
    return why_alive(config.node.id, votes, config.probes.node_strategy)
end

local function note(node_id, sentence)
    hold(node_id, sentence)
    suspects.report(node_id)
    if shared_dict.take(dict, "disputed:" .. node_id, true, REPEAT) then
        count("disputed_falls")
        logger.warn("HEALTH_CHECK", "%s: %s", node_id, sentence)
    end
end

--- The transitions without the falls that probes dispute.
function _M.without_disputed(transitions, opinions, database_age)
    local kept = {}
    for ____, transition in ipairs(transitions) do
        local sentence = why_not_dead(transition, opinions, database_age)
        if sentence == nil then
            table.insert(kept, transition)
        else
            note(transition.node.node_id, sentence)
        end
    end
    return kept
end
return _M

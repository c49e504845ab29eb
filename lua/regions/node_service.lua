-- Generated from src-ts/regions/node_service.ts: edit that file, then run npm run build.
-- Probes and the cluster's own nodes: which ones each looks at, and what they all say.
local _M = {}
local config = require("config")
local group = require("lib.group")
local node_votes = require("store.node_votes")
local nodes_store = require("store.nodes")
local ____node_checks = require("regions.node_checks")
local assignments_for = ____node_checks.assignments_for
local check_id_of = ____node_checks.check_id_of
local counts = ____node_checks.counts
local freshness = ____node_checks.freshness
local revision_of = ____node_checks.revision_of
local WAY_KNOWN_FOR = ____node_checks.WAY_KNOWN_FOR

--- The checks of nodes for a probe: often where it reaches them or has not tried yet, now and then where it does not. None
-- where one vote is enough: the load balancer's own is.
function _M.assignments_of(probe_id)
    if config.probes.node_strategy == "any-down" then
        return {}
    end
    local places, err = nodes_store.places()
    if places == nil then
        return nil, err
    end
    local votes, votes_err = node_votes.of_probe(probe_id)
    if votes == nil then
        return nil, votes_err
    end
    local distant = {}
    for ____, ____value in ipairs(votes) do
        local node_id = ____value.node_id
        local reached_age = ____value.reached_age
        distant[node_id] = reached_age == nil or reached_age > WAY_KNOWN_FOR
    end
    return assignments_for(places, distant)
end

--- What results about nodes are about.
function _M.subjects()
    local places, err = nodes_store.places()
    if places == nil then
        return nil, err
    end
    local found = {}
    for ____, ____value in ipairs(places) do
        local node_id = ____value.node_id
        local host = ____value.host
        found[check_id_of(node_id)] = {
            revision = revision_of(host),
            node_id = node_id
        }
    end
    return found
end

--- What the probes say of the nodes, by probe.
function _M.votes_by_probe()
    local places, places_err = nodes_store.places()
    if places == nil then
        return nil, places_err
    end
    local votes, err = node_votes.list()
    if votes == nil then
        return nil, err
    end
    local fresh = freshness(#places)
    local by_probe = {}
    for ____, vote in ipairs(votes) do
        group.add(
            by_probe,
            vote.probe_id,
            {
                vote = vote,
                counts = counts(vote, fresh)
            }
        )
    end
    return by_probe
end
return _M

-- Generated from src-ts/regions/node_checks.ts: edit that file, then run npm run build.
-- The cluster's own nodes as probes see them: what a probe is asked to look at, and what its word is worth when this load
-- balancer does not reach a node any more. Pure but for the checksum.
local _M = {}
local ____aggregate = require("regions.aggregate")
local aggregate = ____aggregate.aggregate
local fresh_for = ____aggregate.fresh_for
--- The ids of these checks begin above all that fit into an INT UNSIGNED, where those of users' checks are.
local FIRST_ID = 2 ^ 32
--- Seconds between two looks of a probe, and of one that does not reach the node: maybe it has no way there.
local INTERVAL = 3
local DISTANT_INTERVAL = 60
--- So many nodes are looked at in an interval; with more of them it grows, so that users' checks keep their place.
local NODES_PER_INTERVAL = 50
local TIMEOUT_MS = 2000
--- Seconds for which a probe that has reached a node has a say about it: one that has no way there knows nothing.
_M.WAY_KNOWN_FOR = 3600

--- The id under which probes check a node: the same at each load balancer, and kept by nobody.
function _M.check_id_of(node_id)
    local a, b, c, d, e = string.byte(
        ngx.sha1_bin(node_id),
        1,
        5
    )
    if a == nil then
        a = 0
    end
    if b == nil then
        b = 0
    end
    if c == nil then
        c = 0
    end
    if d == nil then
        d = 0
    end
    if e == nil then
        e = 0
    end
    return FIRST_ID + (((a * 256 + b) * 256 + c) * 256 + d) * 256 + e
end

--- Changes with the place of a node.
function _M.revision_of(host)
    return string.format(
        "%08x",
        ngx.crc32_short(host)
    )
end

local function interval_of(nodes, is_distant)
    return (is_distant and DISTANT_INTERVAL or INTERVAL) * math.max(
        1,
        math.ceil(nodes / NODES_PER_INTERVAL)
    )
end

--- Seconds for which a vote counts when there are so many nodes.
function _M.freshness(nodes)
    return fresh_for(
        interval_of(nodes, false),
        TIMEOUT_MS
    )
end

--- What a probe has to check; `distant` has the nodes that it does not reach.
function _M.assignments_for(nodes, distant)
    local assignments = {}
    for ____, ____value in ipairs(nodes) do
        local node_id = ____value.node_id
        local host = ____value.host
        table.insert(
            assignments,
            {
                id = _M.check_id_of(node_id),
                kind = "http",
                target = {url = ("http://" .. host) .. "/api/v1/health", keyword = ("\"node_id\":\"" .. node_id) .. "\""},
                interval = interval_of(#nodes, distant[node_id] == true),
                timeout_ms = TIMEOUT_MS,
                revision = _M.revision_of(host)
            }
        )
    end
    return assignments
end

--- True while what the probe said of the node counts.
function _M.counts(____bindingPattern0, fresh)
    local reached_age
    local age
    local vote
    vote = ____bindingPattern0.vote
    age = ____bindingPattern0.age
    reached_age = ____bindingPattern0.reached_age
    return vote ~= "abstain" and math.abs(age) <= fresh and reached_age ~= nil and reached_age <= _M.WAY_KNOWN_FOR
end

--- Why a node that this load balancer, `own_id`, does not reach is not dead, as a sentence; nil when the strategy says that
-- it is. `votes` are those that count; the load balancer has one as each probe has.
function _M.why_alive(own_id, votes, strategy)
    local ballots = {{
        probe_id = own_id,
        region = "",
        vote = "down",
        age = 0,
        ping_ms = nil,
        message = "not reached"
    }}
    local reached_by = {}
    for ____, ____value in ipairs(votes) do
        local probe_id = ____value.probe_id
        local region = ____value.region
        local vote = ____value.vote
        local message = ____value.message
        table.insert(ballots, {
            probe_id = probe_id,
            region = region,
            vote = vote,
            age = 0,
            ping_ms = nil,
            message = message
        })
        if vote == "up" then
            table.insert(reached_by, region == "" and probe_id or (probe_id .. " in ") .. region)
        end
    end
    local ____aggregate_result_0 = aggregate(ballots, {strategy = strategy, quorum = nil, fresh = 1})
    local verdict = ____aggregate_result_0.verdict
    local down = ____aggregate_result_0.down
    local up = ____aggregate_result_0.up
    if verdict == "down" then
        return nil
    end
    return ((((("not reached from " .. tostring(down)) .. " of ") .. tostring(down + up)) .. " places, but by ") .. table.concat(reached_by, ", ")) .. ": not taken for dead"
end
return _M

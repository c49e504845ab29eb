-- Generated from src-ts/routing/choose.ts: edit that file, then run npm run build.
-- Which node takes a request: pure functions over values.
local _M = {}
local LIKELIHOOD = {recovering = 1, draining = 2, offline = 3}

local function fewer_monitors(a, b)
    if a.monitor_count ~= b.monitor_count then
        return a.monitor_count < b.monitor_count
    end
    return a.node_id < b.node_id
end

local function likelier(a, b)
    local left = LIKELIHOOD[a.status] or 4
    local right = LIKELIHOOD[b.status] or 4
    local ____temp_0
    if left == right then
        ____temp_0 = a.node_id < b.node_id
    else
        ____temp_0 = left < right
    end
    return ____temp_0
end

local function count_ties(sorted)
    local ties = 0
    for ____, peer in ipairs(sorted) do
        local ____peer_monitor_count_3 = peer.monitor_count
        local ____opt_1 = sorted[1]
        if ____peer_monitor_count_3 ~= (____opt_1 and ____opt_1.monitor_count) then
            break
        end
        ties = ties + 1
    end
    return ties
end

--- A marked one comes before all others, among equals the one with the lowest id: nobody keeps a table from two marks.
local function is_more_primary(a, b)
    local ____temp_4
    if a.is_primary == b.is_primary then
        ____temp_4 = a.node_id < b.node_id
    else
        ____temp_4 = a.is_primary
    end
    return ____temp_4
end

local function find_primary(peers)
    local first
    for ____, peer in ipairs(peers) do
        if first == nil or is_more_primary(peer, first) then
            first = peer
        end
    end
    return first
end

--- Orders the peers; without a marked primary the lowest id is it.
function _M.rank(peers)
    local online = {}
    local others = {}
    for ____, peer in ipairs(peers) do
        table.insert(peer.status == "online" and online or others, peer)
    end
    table.sort(online, fewer_monitors)
    table.sort(others, likelier)
    return {
        online = online,
        ties = count_ties(online),
        others = others,
        primary = find_primary(peers)
    }
end

--- The route of a request to that peer.
function _M.route_to(peer, ranking, via, clear_cookie)
    return {peer = peer, via = via, alternatives = #ranking.online + #ranking.others - 1, clear_cookie = clear_cookie}
end

--- The peer with the fewest monitors; `hash` (any whole number) spreads clients over peers of equal load.
function _M.least_loaded(ranking, hash)
    local ____temp_5
    if ranking.ties == 0 then
        ____temp_5 = nil
    else
        ____temp_5 = ranking.online[hash % ranking.ties + 1]
    end
    return ____temp_5
end

local function no_one()
    return false
end

local function first_of(peers, tried, is_skipped)
    for ____, peer in ipairs(peers) do
        if tried[peer.node_id] ~= true and not is_skipped(peer.node_id) then
            return peer
        end
    end
    return nil
end

--- The best of those that may serve a request, the nodes online or, when none is, all others, and have not been tried: one
-- that is failing just now only when all of them are.
function _M.next_peer(ranking, tried, is_failing)
    local candidates = #ranking.online > 0 and ranking.online or ranking.others
    return first_of(candidates, tried, is_failing) or first_of(candidates, tried, no_one)
end

--- The name of a node in headers: `uptime-kuma-node2` for node2, and for uptime-kuma-node2 too. Without the control
-- characters that could end a header: the table may be somebody else's.
function _M.routed_name(node_id)
    local name = string.gsub(node_id, "%c", "")
    return string.sub(name, 1, 12) == "uptime-kuma-" and name or "uptime-kuma-" .. name
end
return _M

-- Generated from src-ts/routing/selection.ts: edit that file, then run npm run build.
-- The access phase of a request, and the attempts of the balancer phase: who serves it, and who if that one fails.
local _M = {}
local suspects = require("store.suspects")
local ____affinity = require("routing.affinity")
local is_session = ____affinity.is_session
local session_peer = ____affinity.session_peer
local ____choose = require("routing.choose")
local least_loaded = ____choose.least_loaded
local next_candidate = ____choose.next_candidate
local ____fixed_node = require("routing.fixed_node")
local pinned = ____fixed_node.pinned
local ____push = require("routing.push")
local push_peer = ____push.push_peer
local ____resolve = require("routing.resolve")
local cached_host = ____resolve.cached_host
local resolve_host = ____resolve.resolve_host
local snapshots = require("routing.snapshot")

local function no_one()
    return false
end

--- The first candidate that is not failing just now; when all are, the first that has not been tried.
local function first_usable(candidates, tried)
    return next_candidate(candidates, tried, suspects.is_skipped) or next_candidate(candidates, tried, no_one)
end

local function least_loaded_peer(snapshot)
    local ranking = snapshot.ranking
    local hash = ranking.ties > 1 and ngx.crc32_short(ngx.var.binary_remote_addr or "") or 0
    local peer = least_loaded(ranking, hash)
    if peer == nil or suspects.is_skipped(peer.node_id) then
        return nil
    end
    return peer
end

--- Chooses the node for this request in the order of the contract, or says why there is none.
function _M.choose_route(snapshot)
    local uri = ngx.var.uri or "/"
    local ranking = snapshot.ranking
    local candidates = #ranking.online > 0 and ranking.online or ranking.others
    if not snapshot.setup_complete and ranking.primary ~= nil then
        local peer = ranking.primary
        return {
            peer = peer,
            via = "load-balancer",
            candidates = candidates,
            clear_cookie = false,
            is_session = is_session(uri)
        }
    end
    local fixed, clear_cookie = pinned(snapshot)
    if fixed ~= nil then
        return {
            peer = fixed,
            via = "fixed-node",
            candidates = candidates,
            clear_cookie = clear_cookie,
            is_session = is_session(uri)
        }
    end
    local peer = session_peer(snapshot, uri) or push_peer(snapshot, uri) or least_loaded_peer(snapshot) or first_usable(candidates, {})
    if peer == nil then
        return nil, "no node is registered"
    end
    return {
        peer = peer,
        via = "load-balancer",
        candidates = candidates,
        clear_cookie = clear_cookie,
        is_session = is_session(uri)
    }
end

--- The next candidate takes the place of the one that failed; nil when everyone has been tried.
local function advance(route)
    local tried = route.tried or ({})
    tried[route.peer.node_id] = true
    route.tried = tried
    suspects.report(route.peer.node_id)
    local next = first_usable(route.candidates, tried)
    if next ~= nil then
        route.peer = next
    end
    return next
end

--- Resolves the chosen node; when its name cannot be resolved, the next one. Leaves the address in ngx.ctx.
local function settle(route)
    do
        while true do
            local peer = route.peer
            local address, err = resolve_host(peer.name)
            if address ~= nil then
                local ctx = ngx.ctx
                ctx.upstream_host = address
                ctx.upstream_port = peer.port
                ctx.route = route
                return true
            end
            if advance(route) == nil then
                return nil, (((("cannot resolve " .. peer.name) .. " of ") .. peer.node_id) .. ": ") .. err
            end
        end
    end
end

--- The whole access phase: snapshot, choice, address.
function _M.preselect()
    local snapshot, err = snapshots.current()
    if snapshot == nil then
        return nil, err
    end
    local route, no_route = _M.choose_route(snapshot)
    if route == nil then
        return nil, no_route
    end
    return settle(route)
end

--- How many candidates are left besides the one that is tried now.
function _M.count_alternatives(route)
    local count = 0
    for ____, peer in ipairs(route.candidates) do
        local ____temp_2 = peer ~= route.peer
        if ____temp_2 then
            local ____opt_0 = route.tried
            ____temp_2 = (____opt_0 and ____opt_0[peer.node_id]) ~= true
        end
        if ____temp_2 then
            count = count + 1
        end
    end
    return count
end

--- After a failed attempt, in the balancer phase: the next candidate goes into ngx.ctx. Only names that are in the cache
-- can be used there, since nothing may wait.
function _M.next_attempt()
    local ctx = ngx.ctx
    local route = ctx.route
    if route == nil then
        return false
    end
    do
        while true do
            local peer = advance(route)
            if peer == nil then
                return false
            end
            local address = cached_host(peer.name)
            if address ~= nil then
                ctx.upstream_host = address
                ctx.upstream_port = peer.port
                return true
            end
        end
    end
end

--- The node behind an address of $upstream_addr, "ip:port"; nil when it is none of ours.
function _M.node_at(upstream_addr)
    local snapshot = snapshots.peek()
    for ____, node in ipairs(snapshot and snapshot.nodes or ({})) do
        local peer = snapshot and snapshot.peers[node.node_id]
        if peer ~= nil and (tostring(cached_host(peer.name)) .. ":") .. tostring(peer.port) == upstream_addr then
            return peer.node_id
        end
    end
    return nil
end
return _M

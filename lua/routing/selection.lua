-- Generated from src-ts/routing/selection.ts: edit that file, then run npm run build.
-- The access phase of a request, and the attempts of the balancer phase: who serves it, and who if that one fails.
local _M = {}
local suspects = require("store.suspects")
local ____affinity = require("routing.affinity")
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

local function preferred(snapshot, uri)
    local peer = session_peer(snapshot, uri) or push_peer(snapshot, uri)
    if peer ~= nil then
        return peer
    end
    local chosen = least_loaded(
        snapshot.ranking,
        ngx.crc32_short(ngx.var.remote_addr or "")
    )
    if chosen == nil or suspects.is_skipped(chosen.node_id) then
        return nil
    end
    return chosen
end

--- Chooses the node for this request in the order of the contract, or says why there is none.
function _M.choose_route(snapshot)
    local ranking = snapshot.ranking
    local candidates = #ranking.online > 0 and ranking.online or ranking.others
    local tried = {}
    if not snapshot.setup_complete and ranking.primary ~= nil then
        return {
            peer = ranking.primary,
            via = "load-balancer",
            candidates = candidates,
            tried = tried,
            clear_cookie = false
        }
    end
    local fixed, clear_cookie = pinned(snapshot)
    if fixed ~= nil then
        return {
            peer = fixed,
            via = "fixed-node",
            candidates = candidates,
            tried = tried,
            clear_cookie = clear_cookie
        }
    end
    local peer = preferred(snapshot, ngx.var.uri or "/") or first_usable(candidates, tried)
    if peer == nil then
        return nil, "no node is registered"
    end
    return {
        peer = peer,
        via = "load-balancer",
        candidates = candidates,
        tried = tried,
        clear_cookie = clear_cookie
    }
end

--- Resolves the chosen node; when its name cannot be resolved, the next one. Leaves the address in ngx.ctx.
local function settle(route)
    local failure = "no node is left"
    local peer = route.peer
    while peer ~= nil do
        route.peer = peer
        route.tried[peer.node_id] = true
        local address, err = resolve_host(peer.name)
        if address ~= nil then
            ngx.ctx.upstream_host = address
            ngx.ctx.upstream_port = peer.port
            ngx.ctx.route = route
            return true
        end
        failure = (((("cannot resolve " .. peer.name) .. " of ") .. peer.node_id) .. ": ") .. err
        suspects.report(peer.node_id)
        peer = first_usable(route.candidates, route.tried)
    end
    return nil, failure
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
    local settled, unsettled = settle(route)
    if settled == nil then
        return nil, unsettled
    end
    return route
end

--- How many candidates have not been tried yet.
function _M.count_untried(route)
    local count = 0
    for ____, peer in ipairs(route.candidates) do
        count = count + (route.tried[peer.node_id] == true and 0 or 1)
    end
    return count
end
--- After a failed attempt, in the balancer phase: the next candidate goes into ngx.ctx. Only names that are in the cache
-- can be used there, since nothing may wait.

function _M.next_attempt()
    local route = ngx.ctx.route
    if route == nil then
        return false
    end
    suspects.report(route.peer.node_id)
    do
        while true do
            local peer = first_usable(route.candidates, route.tried)
            if peer == nil then
                return false
            end
            route.tried[peer.node_id] = true
            local address = cached_host(peer.name)
            if address ~= nil then
                route.peer = peer
                ngx.ctx.upstream_host = address
                ngx.ctx.upstream_port = peer.port
                return true
            end
        end
    end
end
return _M

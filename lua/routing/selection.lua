-- Generated from src-ts/routing/selection.ts: edit that file, then run npm run build.
-- The access phase of a request, and the attempts of the balancer phase: who serves it, and who if that one fails.
local _M = {}
local client = require("lib.client")
local suspects = require("store.suspects")
local ____affinity = require("routing.affinity")
local session_peer = ____affinity.session_peer
local ____choose = require("routing.choose")
local least_loaded = ____choose.least_loaded
local next_peer = ____choose.next_peer
local route_to = ____choose.route_to
local fixed_node = require("routing.fixed_node")
local ____push = require("routing.push")
local push_peer = ____push.push_peer
local ____resolve = require("routing.resolve")
local cached_addresses = ____resolve.cached_addresses
local cached_host = ____resolve.cached_host
local doubt = ____resolve.doubt
local resolve_host = ____resolve.resolve_host
local snapshots = require("routing.snapshot")

--- A number that stays the same for a client.
local function client_hash()
    local address = client.HAS_TRUSTED_PROXIES and client.current().address or ngx.var.binary_remote_addr
    return ngx.crc32_short(address or "")
end

local function least_loaded_peer(ranking)
    local hash = ranking.ties > 1 and client_hash() or 0
    local peer = least_loaded(ranking, hash)
    if peer == nil or suspects.is_skipped(peer.node_id) then
        return nil
    end
    return peer
end

local function route_by(snapshot)
    local ____snapshot_0 = snapshot
    local ranking = ____snapshot_0.ranking
    local routes = ____snapshot_0.routes
    if not snapshot.setup_complete and ranking.primary ~= nil then
        return routes[ranking.primary.node_id]
    end
    local fixed, invalid_reason = fixed_node.read(snapshot)
    if fixed ~= nil then
        return route_to(fixed, ranking, "fixed-node", false)
    end
    local uri = ngx.var.uri or "/"
    local peer = session_peer(snapshot, uri) or push_peer(snapshot, uri) or least_loaded_peer(ranking) or next_peer(ranking, {}, suspects.is_skipped)
    if peer == nil then
        return nil, "no node is registered"
    end
    if invalid_reason ~= nil then
        return route_to(peer, ranking, "load-balancer", true)
    end
    return routes[peer.node_id]
end

--- Chooses the node for this request in the order of the contract, or says why there is none.
function _M.choose_route()
    local snapshot, err = snapshots.current()
    if snapshot == nil then
        return nil, err
    end
    local route, none = route_by(snapshot)
    if route == nil then
        return nil, none
    end
    if not suspects.is_skipped(route.peer.node_id) then
        return route
    end
    local newer = snapshots.after_failure()
    if newer == nil or newer == snapshot then
        return route
    end
    return route_by(newer)
end

--- The same request for another peer, by what is known of the nodes by now: an attempt may have taken a minute. nil when
-- everyone has been tried.
local function without_peer(route)
    local ____route_1 = route
    local alternatives = ____route_1.alternatives
    local clear_cookie = ____route_1.clear_cookie
    local tried = ____route_1.tried
    if tried == nil then
        tried = {}
    end
    tried[route.peer.node_id] = true
    local snapshot = snapshots.peek()
    local ____temp_2
    if snapshot == nil then
        ____temp_2 = nil
    else
        ____temp_2 = next_peer(snapshot.ranking, tried, suspects.is_skipped)
    end
    local peer = ____temp_2
    if peer == nil then
        return nil
    end
    return {
        peer = peer,
        via = "load-balancer",
        alternatives = alternatives - 1,
        clear_cookie = clear_cookie,
        tried = tried
    }
end

--- The same request after its peer has failed; nil when everyone has been tried.
local function next_route(route)
    doubt(route.peer.name)
    suspects.report(route.peer.node_id)
    return without_peer(route)
end

local function leave_in_ctx(route, address)
    local ctx = ngx.ctx
    ctx.upstream_host = address
    ctx.upstream_port = route.peer.port
    ctx.route = route
end

--- The name of the chosen node cannot be resolved: the next one whose name can.
local function settle_elsewhere(first, cause)
    local route = first
    local err = cause
    do
        while true do
            local next = next_route(route)
            if next == nil then
                return nil, (((("cannot resolve " .. route.peer.name) .. " of ") .. route.peer.node_id) .. ": ") .. err
            end
            route = next
            local address, next_err = resolve_host(route.peer.name)
            if address ~= nil then
                leave_in_ctx(route, address)
                return route
            end
            err = next_err
        end
    end
end

--- The whole access phase: snapshot, choice, address; leaves the address and the route in ngx.ctx. What every request runs
-- through has no loop, here and in what this calls (but for who comes through a trusted proxy): LuaJIT gives up a function that
-- enters a loop which ends at once.
function _M.preselect()
    local route, err = _M.choose_route()
    if route == nil then
        return nil, err
    end
    local address, cause = resolve_host(route.peer.name)
    if address == nil then
        return settle_elsewhere(route, cause)
    end
    leave_in_ctx(route, address)
    return route
end

--- After a failed attempt, in the balancer phase: the next node goes into ngx.ctx. Only names that are in the cache can be
-- used there, since nothing may wait. nil when everyone has been tried.
function _M.next_attempt()
    local failed = ngx.ctx.route
    local ____temp_3
    if failed == nil then
        ____temp_3 = nil
    else
        ____temp_3 = next_route(failed)
    end
    local route = ____temp_3
    while route ~= nil do
        local address = cached_host(route.peer.name)
        if address ~= nil then
            leave_in_ctx(route, address)
            return route
        end
        route = without_peer(route)
    end
    return nil
end

--- Any address of its name may be the one: they take turns.
local function is_at(peer, upstream_addr)
    for ____, ip in ipairs(cached_addresses(peer.name)) do
        if (ip .. ":") .. tostring(peer.port) == upstream_addr then
            return true
        end
    end
    return false
end

--- The node behind an address of $upstream_addr, "ip:port"; nil when it is none of ours.
function _M.node_at(upstream_addr)
    local snapshot = snapshots.peek()
    for ____, node in ipairs(snapshot and snapshot.nodes or ({})) do
        local peer = snapshot and snapshot.peers[node.node_id]
        if peer ~= nil and is_at(peer, upstream_addr) then
            return peer.node_id
        end
    end
    return nil
end
return _M

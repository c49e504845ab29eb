-- Generated from src-ts/dynamic_upstream.ts: edit that file, then run npm run build.
-- Node discovery: which nodes exist is read from the database in the background, so that a new node gets requests
-- without a reload, and the names of all nodes stay resolved in every worker, so that a retry has an address at hand.
local _M = {}
local config = require("config")
local worker_timer = require("lib.worker_timer")
local logger = require("logger")
local ____resolve = require("routing.resolve")
local doubt = ____resolve.doubt
local resolve_host = ____resolve.resolve_host
local snapshots = require("routing.snapshot")
local known = {}

local function peers()
    local snapshot = snapshots.peek()
    local found = {}
    for ____, node in ipairs(snapshot and snapshot.nodes or ({})) do
        local peer = snapshot and snapshot.peers[node.node_id]
        if peer ~= nil then
            table.insert(found, peer)
        end
    end
    return found
end

local function report_changes(found)
    local now = {}
    for ____, peer in ipairs(found) do
        now[peer.node_id] = peer.host
        if known[peer.node_id] ~= peer.host and ngx.worker.id() == 0 then
            logger.router("node %s at %s", peer.node_id, peer.host)
        end
    end
    for node_id in pairs(known) do
        if now[node_id] == nil and ngx.worker.id() == 0 then
            logger.router("node %s is gone", node_id)
        end
    end
    known = now
end

--- Looks for new, moved and gone nodes once and resolves the names of all anew.
function _M.discover()
    if snapshots.peek() == nil then
        snapshots.refresh_in_turn()
    end
    local found = peers()
    report_changes(found)
    for ____, peer in ipairs(found) do
        doubt(peer.name)
        local address, err = resolve_host(peer.name)
        if address == nil and peer.status ~= "offline" then
            logger.warn(
                "ROUTER",
                "cannot resolve %s of node %s: %s",
                peer.name,
                peer.node_id,
                err
            )
        end
    end
end

--- The nodes that are known now: id, host and status.
function _M.get_nodes()
    local nodes = {}
    for ____, ____value in ipairs(peers()) do
        local node_id = ____value.node_id
        local host = ____value.host
        local status = ____value.status
        table.insert(nodes, {node_id = node_id, host = host, status = status})
    end
    return nodes
end

--- Renews the routing snapshot; a node that is away may come back with another address.
local function renew_snapshot()
    snapshots.renew()
    for ____, peer in ipairs(peers()) do
        if peer.status ~= "online" then
            doubt(peer.name)
        end
    end
end

--- Starts discovery and the renewal of the routing snapshot in this worker.
function _M.start()
    local ttl = config.routing.snapshot_ttl
    worker_timer.every("snapshot", ttl > 0 and ttl or config.timers.discovery, renew_snapshot)
    worker_timer.every("discovery", config.timers.discovery, _M.discover)
end
return _M

-- Generated from src-ts/routing/picture.ts: edit that file, then run npm run build.
-- What routing knows of the cluster, read from the database in one go, and the form in which a worker keeps it.
local _M = {}
local ____address = require("lib.address")
local node_address = ____address.node_address
local clock = require("lib.clock")
local json = require("lib.json")
local nodes = require("store.nodes")
local users = require("store.users")
local store_version = require("store.version")
local ____choose = require("routing.choose")
local rank = ____choose.rank
local route_to = ____choose.route_to
local routed_name = ____choose.routed_name

local function to_peer(node)
    local name, port = node_address(node.host)
    return {
        node_id = node.node_id,
        node_name = node.node_name,
        name = name,
        port = port,
        host = node.host,
        status = node.status,
        is_primary = node.is_primary,
        monitor_count = node.monitor_count,
        routed_to = routed_name(node.node_id)
    }
end

--- The picture as a worker keeps it; `published` is its number in the shared dict.
function _M.to_snapshot(picture, published)
    local peers = {}
    local list = {}
    for ____, node in ipairs(picture.nodes) do
        local peer = to_peer(node)
        peers[peer.node_id] = peer
        table.insert(list, peer)
    end
    local ranking = rank(list)
    local routes = {}
    for ____, peer in ipairs(list) do
        routes[peer.node_id] = route_to(peer, ranking, "load-balancer", false)
    end
    local ____picture_0 = picture
    local loaded_at = ____picture_0.loaded_at
    local setup_complete = ____picture_0.setup_complete
    local version = ____picture_0.store_version
    local rows = ____picture_0.nodes
    return {
        loaded_at = loaded_at,
        setup_complete = setup_complete,
        store_version = version,
        nodes = rows,
        published = published,
        peers = peers,
        ranking = ranking,
        routes = routes
    }
end

--- Reads nodes, loads and set-up state from the database.
function _M.read_picture()
    local version = store_version.current()
    local loaded_at = clock.now()
    local rows, err = nodes.list()
    if rows == nil then
        return nil, err
    end
    local setup_complete, user_err = users.any()
    if setup_complete == nil then
        return nil, user_err
    end
    return {loaded_at = loaded_at, store_version = version, setup_complete = setup_complete, nodes = rows}
end

--- The picture as text for the shared dict.
function _M.encode_picture(picture)
    local ____picture_1 = picture
    local loaded_at = ____picture_1.loaded_at
    local setup_complete = ____picture_1.setup_complete
    return json.encode({
        loaded_at = loaded_at,
        setup_complete = setup_complete,
        store_version = picture.store_version,
        nodes = json.list(picture.nodes)
    })
end
return _M

-- Generated from src-ts/monitor_router.ts: edit that file, then run npm run build.
-- Which node serves a request: the access phase, the attempts of the balancer phase, and the picture they go by.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local states = require("lib.states")
local fixed_node = require("routing.fixed_node")
local outage = require("routing.outage")
local selection = require("routing.selection")
local snapshots = require("routing.snapshot")
local suspects = require("store.suspects")
do
    local ____resolve = require("routing.resolve")
    _M.resolve_host = ____resolve.resolve_host
end

--- [Access phase] Chooses a node and leaves its address in ngx.ctx; nil and the reason when there is none.
function _M.preselect_node()
    return selection.preselect()
end

--- [Balancer phase] The address that the access phase chose: IP literal and port, and how the request is routed.
function _M.get_preselected_node()
    local ctx = ngx.ctx
    return ctx.upstream_host, ctx.upstream_port, ctx.route
end

--- [Balancer phase] After a failed attempt: puts the next node into ngx.ctx. nil when everyone has been tried.
function _M.select_next_node()
    return selection.next_attempt()
end

--- The node that this request would get, without sending it there; nil and the reason when there is none.
function _M.pick_node_for_request()
    local route, err = selection.choose_route()
    if route == nil then
        return nil, err
    end
    return route.peer
end

--- How this request was routed; nil when no node was chosen for it.
function _M.get_route()
    return ngx.ctx.route
end
--- The value that makes a browser forget the cookie of a fixed node.
_M.CLEARED_FIXED_NODE = fixed_node.CLEARED

--- What the cookie of this request says, and what comes of it; nil and the reason when no node was ever read.
function _M.get_fixed_node()
    local snapshot, err = snapshots.latest()
    if snapshot == nil then
        return nil, err
    end
    local peer, invalid_reason = fixed_node.read(snapshot)
    local route = selection.choose_route()
    return {has_cookie = peer ~= nil or invalid_reason ~= nil, node_id = peer and peer.node_id, invalid_reason = invalid_reason, routed_to = route and route.peer.node_id}
end

--- The cookie that pins a browser to a node for that many seconds.
--
-- @returns the cookie; or nil and why the node cannot be chosen; or nil, nil and the reason when no node was ever read
function _M.pin_to_node(node_id, seconds, is_https)
    local snapshot, err = snapshots.latest()
    if snapshot == nil then
        return nil, nil, err
    end
    local peer = snapshot.peers[node_id]
    if peer == nil or not fixed_node.is_cookie_value(node_id) then
        return nil, "unknown_node"
    end
    if peer.status ~= states.ONLINE then
        return nil, "node_not_online"
    end
    return fixed_node.cookie_for(node_id, seconds, is_https)
end

--- A node did not answer a request: it is passed over for a short while and checked at once. Leaves it in ngx.ctx for the
-- log phase.
function _M.report_failed_address(upstream_addr)
    local node_id = selection.node_at(upstream_addr)
    if node_id ~= nil then
        ngx.ctx.failed_node = node_id
        suspects.report(node_id)
    end
end

--- True while requests pass a node over because an attempt has just failed there.
function _M.is_passed_over(node_id)
    return suspects.is_skipped(node_id)
end

local function describe(snapshot)
    local ____snapshot_setup_complete_6 = snapshot.setup_complete
    local ____opt_4 = snapshot.ranking.primary
    return {
        setup_complete = ____snapshot_setup_complete_6,
        primary_node = ____opt_4 and ____opt_4.node_id,
        nodes = snapshot.nodes,
        snapshot_age = math.max(
            0,
            clock.now() - snapshot.loaded_at
        ),
        database_error = outage.cause()
    }
end

--- Nodes, loads and set-up state as routing sees them; nil and the reason when nothing was ever read.
function _M.get_cluster_status()
    local snapshot, err = snapshots.latest()
    if snapshot == nil then
        return nil, err
    end
    return describe(snapshot)
end

--- The same as it is known now, without any wait; nil when nothing was ever read.
function _M.peek_cluster_status()
    local snapshot = snapshots.peek()
    local ____temp_7
    if snapshot == nil then
        ____temp_7 = nil
    else
        ____temp_7 = describe(snapshot)
    end
    return ____temp_7
end

--- Why the database could not be read the last time; nil when it could.
function _M.database_error()
    return outage.cause()
end

--- Reads nodes and loads now, for routing and for the caller; nil and the reason when the database does not answer.
function _M.update_loads()
    local snapshot, err = snapshots.refresh()
    if snapshot == nil then
        return nil, err
    end
    return _M.get_cluster_status()
end

--- The use of each node's capacity, or of one node's.
function _M.get_node_capacity(node_id)
    local snapshot, err = snapshots.latest()
    if snapshot == nil then
        return nil, err
    end
    local limit = config.cluster.monitor_limit_per_node
    local capacities = {}
    for ____, node in ipairs(snapshot.nodes) do
        if node_id == nil or node.node_id == node_id then
            table.insert(
                capacities,
                {
                    node_id = node.node_id,
                    current_count = node.monitor_count,
                    limit_per_node = limit,
                    usage_percent = math.floor(node.monitor_count * 1000 / limit + 0.5) / 10
                }
            )
        end
    end
    return capacities
end

--- True when requests can be routed: a picture is there and names a node. Does not wait.
function _M.is_ready()
    local snapshot = snapshots.peek()
    return snapshot ~= nil and #snapshot.nodes > 0
end
return _M

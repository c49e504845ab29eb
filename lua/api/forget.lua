-- Generated from src-ts/api/forget.ts: edit that file, then run npm run build.
-- The handler by which an operator takes a node that is gone for good out of the cluster.
local _M = {}
local cluster_control = require("cluster_control")
local ____respond = require("api.respond")
local database_lost = ____respond.database_lost
local failure = ____respond.failure
local ok = ____respond.ok

--- DELETE /lb/nodes/{node}: its monitors are at home where they run now; if it comes back it is a new node.
function _M.forget(____bindingPattern0)
    local node_id
    node_id = ____bindingPattern0.parameter
    local farewell, err = cluster_control.forget_node(node_id)
    if farewell == nil then
        return err == nil and failure(404, "node_not_found", ("There is no node " .. node_id) .. ".") or database_lost(err)
    end
    if farewell.outcome == "not_offline" then
        return failure(409, "node_not_offline", node_id .. " is not offline: stop it first.")
    end
    if farewell.outcome == "pinned" then
        local hint = ("Monitors are pinned to " .. node_id) .. " and would never run again: unpin them first."
        return failure(409, "monitors_pinned", hint)
    end
    if farewell.outcome == "busy" then
        return failure(409, "monitors_left", ("Not all monitors of " .. node_id) .. " have moved yet: try again in a moment.")
    end
    local body = {node_id = node_id, settled = farewell.settled}
    return ok(body)
end
return _M

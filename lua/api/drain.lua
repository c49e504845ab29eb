-- Generated from src-ts/api/drain.ts: edit that file, then run npm run build.
-- Handlers by which an operator has a node emptied, and takes it back.
local _M = {}
local cluster_control = require("cluster_control")
local ____time_text = require("lib.time_text")
local iso_from_sql = ____time_text.iso_from_sql
local ____respond = require("api.respond")
local database_lost = ____respond.database_lost
local failure = ____respond.failure

local function set_drained(node_id, drained)
    local node, err, is_refused = cluster_control.set_drained(node_id, drained)
    if node == nil then
        return err == nil and failure(404, "node_not_found", ("There is no node " .. node_id) .. ".") or database_lost(err)
    end
    if is_refused == true then
        local hint = node_id .. " is the last online node: nobody could take over its monitors."
        return failure(409, "last_online_node", hint)
    end
    local body = {
        node_id = node_id,
        status = node.status,
        drained = node.drained_at ~= nil,
        drained_at = iso_from_sql(node.drained_at),
        monitor_count = node.monitor_count
    }
    return {status = 202, body = body}
end

--- POST /lb/nodes/{node}/drain: the node gets no new requests and loses its monitors, batch by batch.
function _M.drain(____bindingPattern0)
    local parameter
    parameter = ____bindingPattern0.parameter
    return set_drained(parameter, true)
end

--- POST /lb/nodes/{node}/ready: the node takes part again and gets its monitors back.
function _M.ready(____bindingPattern0)
    local parameter
    parameter = ____bindingPattern0.parameter
    return set_drained(parameter, false)
end
return _M

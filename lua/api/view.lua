-- Generated from src-ts/api/view.ts: edit that file, then run npm run build.
-- Pages that show the cluster as routing sees it.
local _M = {}
local config = require("config")
local monitor_router = require("monitor_router")
local ____respond = require("api.respond")
local failure = ____respond.failure
local ok = ____respond.ok
--- Seconds after which a client may ask again when nothing is there yet.
local RETRY_AFTER = {["Retry-After"] = "5"}

--- The answer while nothing is known of the cluster.
function _M.not_ready(reason)
    return failure(503, "not_ready", ("The load balancer has not read the database yet: " .. reason) .. ".", RETRY_AFTER)
end

--- 200 with what `render` makes of the cluster, or not_ready.
function _M.of_cluster(render)
    local status, err = monitor_router.get_cluster_status()
    if status == nil then
        return _M.not_ready(err)
    end
    return ok(render(status))
end

--- How the cluster is in one word, and how many of its nodes are online.
function _M.cluster_state(____bindingPattern0)
    local database_error
    local nodes
    nodes = ____bindingPattern0.nodes
    database_error = ____bindingPattern0.database_error
    local online = 0
    for ____, node in ipairs(nodes) do
        online = online + (node.status == "online" and 1 or 0)
    end
    if online == 0 then
        return {state = "down", online = online}
    end
    local complete = online == #nodes and online >= config.cluster.node_count
    return {state = complete and database_error == nil and "ok" or "degraded", online = online}
end

--- What is known of the database.
function _M.database_state(____bindingPattern0)
    local database_error
    database_error = ____bindingPattern0.database_error
    return {status = database_error == nil and "ok" or "unreachable", error = database_error}
end

--- Seconds to the millisecond.
function _M.milliseconds(seconds)
    return math.floor(seconds * 1000) / 1000
end
return _M

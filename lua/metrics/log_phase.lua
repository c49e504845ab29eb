-- Generated from src-ts/metrics/log_phase.ts: edit that file, then run npm run build.
-- The log phase of requests that went to nodes, or should have: what became of them is counted.
local _M = {}
local ____overhead = require("metrics.overhead")
local lost_in_attempts = ____overhead.lost_in_attempts
local requests = require("metrics.requests")

--- True of a request for a WebSocket.
function _M.is_upgrade()
    return (ngx.var.http_upgrade or "") ~= ""
end

--- log_by_lua of what goes to nodes.
function _M.log()
    local ctx = ngx.ctx
    local route = ctx.route
    if route == nil then
        requests.count_unanswered(ctx.failed_node or "", ngx.status)
        return
    end
    local held = ctx.held or 0
    local lost = route.tried == nil and 0 or lost_in_attempts(ngx.var.upstream_response_time or "")
    requests.count(route.peer.node_id, route.via, ngx.status, held + lost)
end

--- log_by_lua of what nginx keeps copies of: as log, but for those that a copy has served.
function _M.log_public()
    local copy = ngx.var.upstream_cache_status
    if copy == "HIT" or copy == "STALE" then
        requests.count_copy(ngx.status)
        return
    end
    _M.log()
end

--- log_by_lua of /socket.io: as log, and the WebSocket has ended.
function _M.log_socket()
    if ngx.ctx.route ~= nil and _M.is_upgrade() then
        requests.count_socket(-1)
    end
    _M.log()
end

--- log_by_lua of
--
-- @unavailable , where only what has been through the access phase gets: as log, for WebSockets as well.
function _M.log_unavailable()
    if _M.is_upgrade() and string.sub(ngx.var.uri or "", 1, 10) == "/socket.io" then
        requests.count_socket(-1)
    end
    _M.log()
end
return _M

-- Generated from src-ts/api/unavailable.ts: edit that file, then run npm run build.
-- What the load balancer answers in place of a node.
local _M = {}
local ____odd_request = require("lib.odd_request")
local is_odd_request = ____odd_request.is_odd_request
local ____text = require("lib.text")
local items = ____text.items
local middleware = require("middleware")
local monitor_router = require("monitor_router")
local probe_mode = require("probe_mode")
local ____page = require("api.page")
local page = ____page.page
local wants_html = ____page.wants_html
local ____probe = require("api.probe")
local probe_only = ____probe.probe_only
local ____respond = require("api.respond")
local failure = ____respond.failure
local send = ____respond.send
local UNAVAILABLE = {en = {title = "Uptime Kuma is not available", text = "{reason} This page tries again every 5 seconds."}, zh = {title = "Uptime Kuma 目前無法使用", text = "目前沒有節點可以處理此請求。此頁面每 5 秒會自動重試。"}}
--- Seconds after which a client may try again.
local RETRY_SECONDS = 5

--- The attempts of this request; the last may be none, when the balancer phase knew of no other node.
local function attempts()
    local statuses = items(ngx.var.upstream_status or "")
    local times = items(ngx.var.upstream_connect_time or "")
    local list = {}
    for ____, address in ipairs(items(ngx.var.upstream_addr or "")) do
        local at = #list
        local status = tonumber(statuses[at + 1]) or ngx.status
        table.insert(list, {address = address, status = status, is_connected = (times[at + 1] or "-") ~= "-"})
    end
    return list
end

--- The last attempt that reached its node; nil when none did.
local function last_connected(list)
    local last
    for ____, attempt in ipairs(list) do
        last = attempt.is_connected and attempt or last
    end
    return last
end

local function blame()
    if is_odd_request() then
        return failure(400, "bad_request", "No node takes this request: a header or its method is none of HTTP's.")
    end
    local list = attempts()
    local blamed = last_connected(list)
    local last = list[#list]
    if last ~= nil then
        monitor_router.report_failed_address(last.address)
    end
    if blamed ~= nil and blamed ~= last then
        monitor_router.report_failed_address(blamed.address)
    end
    if blamed == nil or blamed.status < 502 or blamed.status > 504 then
        return failure(503, "no_node_available", "No Uptime Kuma node is available at the moment.")
    end
    local message = "The node that took the request did not answer it well, and no other could take it over."
    return failure(blamed.status, "node_failed", message)
end

--- content_by_lua of
--
-- @unavailable : no node could serve the request. 503 when none was there to ask or none took the
-- connection; else the 502 or 504 that nginx made of the node's failure, or the node's own 5xx, since the request may have been
-- carried out. 400 when the failure is the request's own.
function _M.unavailable()
    if probe_mode.IS_PROBE then
        send(probe_only(wants_html()))
        return
    end
    middleware.forget_routing_headers()
    local answer = blame()
    if answer.status == 400 then
        send(answer)
        return
    end
    local reason = answer.body.message
    local shown = wants_html() and page(answer.status, UNAVAILABLE, {reason = reason}, RETRY_SECONDS) or answer
    local headers = shown.headers or ({})
    headers["Retry-After"] = tostring(RETRY_SECONDS)
    send({status = shown.status, body = shown.body, content_type = shown.content_type, headers = headers})
end
return _M

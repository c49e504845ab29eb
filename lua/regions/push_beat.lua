-- Generated from src-ts/regions/push_beat.ts: edit that file, then run npm run build.
-- Tells Uptime Kuma a verdict as a beat of a push monitor, at the node that runs it.
local _M = {}
local http_client = require("lib.http_client")
local logger = require("logger")
local ____push_monitors = require("store.push_monitors")
local push_target = ____push_monitors.push_target
local TIMEOUT_MS = 5000

local function push(monitor_id, ____bindingPattern0)
    local ping_ms
    local message
    local verdict
    verdict = ____bindingPattern0.verdict
    message = ____bindingPattern0.message
    ping_ms = ____bindingPattern0.ping_ms
    local target, err = push_target(monitor_id)
    if target == nil then
        return err or "no node runs it"
    end
    local peer, peer_err = http_client.find_peer(target.host)
    if peer == nil then
        return peer_err
    end
    local ping = ping_ms == nil and "" or "&ping=" .. string.format("%.1f", ping_ms)
    local path = ((((("/api/push/" .. target.token) .. "?status=") .. verdict) .. "&msg=") .. ngx.escape_uri(message)) .. ping
    local answer, request_err = http_client.request("GET", peer, path, TIMEOUT_MS)
    if answer == nil then
        return request_err
    end
    local ____temp_0
    if answer.status == 200 then
        ____temp_0 = nil
    else
        ____temp_0 = "answered " .. tostring(answer.status)
    end
    return ____temp_0
end

--- Sends the beat without waiting for it; `failed` is called when Uptime Kuma did not take it.
function _M.tell_kuma(monitor_id, outcome, failed)
    ngx.thread.spawn(function()
        local ok, problem = pcall(push, monitor_id, outcome)
        if not ok or problem ~= nil then
            logger.warn(
                "REGIONS",
                "monitor %d cannot be told that it is %s: %s",
                monitor_id,
                outcome.verdict,
                problem
            )
            failed()
        end
    end)
end
return _M

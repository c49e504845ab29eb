-- Generated from src-ts/regions/push_beats.ts: edit that file, then run npm run build.
-- Tells Uptime Kuma verdicts as beats of push monitors, each at the node that runs it.
local _M = {}
local clock = require("lib.clock")
local http_client = require("lib.http_client")
local ____text = require("lib.text")
local contains = ____text.contains
local worker_timer = require("lib.worker_timer")
local logger = require("logger")
local ____push_monitors = require("store.push_monitors")
local push_targets = ____push_monitors.push_targets
local told = require("regions.told")
--- Uptime Kuma 2.5 sends its notifications before it answers, and another beat meanwhile would be another alert.
local TIMEOUT_MS = 65000
--- Beats that are on their way together: after a start all are due, and a node is not to be flooded.
local AT_ONCE = 20
--- Seconds after which what was read of the monitors is too old to go by.
local PATIENCE = 10

local function request(host, token, ____bindingPattern0)
    local ping_ms
    local message
    local verdict
    verdict = ____bindingPattern0.verdict
    message = ____bindingPattern0.message
    ping_ms = ____bindingPattern0.ping_ms
    local peer, peer_err = http_client.find_peer(host)
    if peer == nil then
        return nil, "refused: " .. peer_err
    end
    local ping = ping_ms == nil and "" or "&ping=" .. string.format("%.1f", ping_ms)
    local path = ((((("/api/push/" .. token) .. "?status=") .. verdict) .. "&msg=") .. ngx.escape_uri(message)) .. ping
    return http_client.request("GET", peer, path, TIMEOUT_MS)
end

--- Who refuses the connection has not heard of the beat: the next one gets it. Of anybody else it is not known.
local function push(hosts, token, beat)
    local problem = "no node is online that could take it"
    for ____, host in ipairs(hosts) do
        local answer, err = request(host, token, beat)
        if answer ~= nil then
            local is_taken = answer.status == 200
            local ____is_taken_0
            if is_taken then
                ____is_taken_0 = nil
            else
                ____is_taken_0 = "it answered " .. tostring(answer.status)
            end
            return {is_settled = is_taken, problem = ____is_taken_0}
        end
        problem = err
        if not contains(err, "refused") then
            return {is_settled = true, problem = problem}
        end
    end
    return {is_settled = false, problem = problem}
end

local function give_up(beats)
    for ____, beat in ipairs(beats) do
        told.end_in_vain(beat)
    end
end

local function attempt(beat, target)
    if target == nil or target.verdict ~= beat.verdict then
        return {is_settled = false}
    end
    local ____target_1 = target
    local token = ____target_1.token
    local hosts = ____target_1.hosts
    local is_active = ____target_1.is_active
    if token == nil then
        return {is_settled = true, problem = "it is not there any more; PUT of the check makes it anew"}
    end
    if not is_active then
        return {is_settled = true}
    end
    return push(hosts, token, beat)
end

local function tell(beat, target)
    local ____attempt_result_2 = attempt(beat, target)
    local is_settled = ____attempt_result_2.is_settled
    local problem = ____attempt_result_2.problem
    if problem ~= nil and told.may_warn(beat) then
        logger.warn(
            "REGIONS",
            "monitor %d cannot be told that it is %s: %s",
            beat.monitor_id,
            beat.verdict,
            problem
        )
    end
    if is_settled then
        told["end"](beat)
    else
        told.end_in_vain(beat)
    end
end

local function tell_all(beats, lease)
    local ids = {}
    for ____, ____value in ipairs(beats) do
        local check_id = ____value.check_id
        table.insert(ids, check_id)
    end
    local targets, err = push_targets(ids, lease)
    if targets == nil then
        logger.warn("REGIONS", "%s", err)
    end
    local ends_at = clock.monotonic() + PATIENCE
    local next = 0
    local function work()
        while next < #beats do
            local beat = beats[next + 1]
            next = next + 1
            local ____tell_6 = tell
            local ____temp_5
            if clock.monotonic() < ends_at then
                ____temp_5 = targets and targets[beat.check_id]
            else
                ____temp_5 = nil
            end
            ____tell_6(beat, ____temp_5)
        end
    end
    local threads = math.min(AT_ONCE, #beats)
    while threads > 0 do
        threads = threads - 1
        ngx.thread.spawn(work)
    end
end

--- Sends beats without waiting for it. What cannot be sent is due again soon.
function _M.send(beats, lease)
    if #beats == 0 then
        return
    end
    local is_started = worker_timer.soon(
        "beats",
        function(premature)
            if premature then
                give_up(beats)
            else
                tell_all(beats, lease)
            end
        end
    )
    if not is_started then
        give_up(beats)
    end
end
return _M

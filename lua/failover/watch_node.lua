-- Generated from src-ts/failover/watch_node.ts: edit that file, then run npm run build.
-- Follows one node over a standing connection, for as long as it is told to.
local _M = {}
local clock = require("lib.clock")
local ____http_client = require("lib.http_client")
local find_peer = ____http_client.find_peer
local line_stream = require("lib.line_stream")
local watch_records = require("failover.watch_records")
local ____tick = require("failover.tick")
local backoff = ____tick.backoff
local read_tick = ____tick.read_tick
local WATCH_PATH = "/api/v1/watch"
--- Seconds without a tick, of which there is one each second, after which a node counts as silent.
local SILENCE = 3
--- Seconds after which a node that has nothing to be watched by is asked again: it may have been upgraded.
local UNSUPPORTED_RETRY = 60
--- Seconds for which a connection must have been good for the next one to be tried without much waiting.
local STEADY = 10

local function connect(subject)
    local peer, err = find_peer(subject.host)
    if peer == nil then
        return nil, err
    end
    return line_stream.open(peer, WATCH_PATH, SILENCE)
end

--- Why an answer is not one to wait for more of; nil when it is.
local function refusal(stream)
    if stream.status ~= 200 then
        return (WATCH_PATH .. " answers ") .. tostring(stream.status)
    end
    local ____temp_0
    if stream.content_type == "application/x-ndjson" then
        ____temp_0 = nil
    else
        ____temp_0 = WATCH_PATH .. " is not the agent's"
    end
    return ____temp_0
end

--- Reads ticks until the connection is good for nothing; returns why.
local function follow(subject, stream)
    local ____subject_1 = subject
    local node_id = ____subject_1.node_id
    while not subject.is_dropped do
        local line, err = line_stream.next_line(stream, SILENCE)
        if line == nil then
            return err == "timeout" and ("no sign of life for " .. tostring(SILENCE)) .. " s" or "the connection ended: " .. err
        end
        local tick, cause = read_tick(line, node_id)
        if tick == nil then
            return cause
        end
        watch_records.note_tick(node_id)
        if tick.ok then
            watch_records.note_well(node_id)
        else
            watch_records.note_loss(node_id, tick.reason)
        end
    end
    return "dropped"
end

--- One connection from its beginning to its end. Returns the seconds to wait before the next, nil for the back-off.
local function attempt(subject)
    local stream, err = connect(subject)
    if stream == nil then
        watch_records.note_loss(subject.node_id, err)
        return nil
    end
    local refused = refusal(stream)
    if refused ~= nil and stream.status < 500 then
        line_stream.close(stream)
        watch_records.note_unsupported(subject.node_id, refused)
        return UNSUPPORTED_RETRY
    end
    local cause = refused or follow(subject, stream)
    line_stream.close(stream)
    if not subject.is_dropped then
        watch_records.note_loss(subject.node_id, cause)
    end
    return nil
end

local function rest(subject, seconds)
    local ____until = clock.monotonic() + seconds
    while not subject.is_dropped and clock.monotonic() < ____until do
        ngx.sleep(math.max(
            0.001,
            math.min(
                1,
                ____until - clock.monotonic()
            )
        ))
    end
end

--- Watches a node until it is dropped.
function _M.watch(subject)
    local failures = 0
    while not subject.is_dropped do
        local started = clock.monotonic()
        local pause = attempt(subject)
        failures = clock.monotonic() - started >= STEADY and 1 or failures + 1
        rest(
            subject,
            pause or backoff(failures)
        )
    end
end
return _M

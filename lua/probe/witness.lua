-- Generated from src-ts/probe/witness.ts: edit that file, then run npm run build.
-- Whether the probe's own connection works: it reaches one of PROBE_WITNESS or, when none is set, its leader. A probe that
-- does not has nothing to say about others.
local _M = {}
local config = require("config")
local clock = require("lib.clock")
local ____http_client = require("lib.http_client")
local exchange = ____http_client.exchange
local peer_of_url = ____http_client.peer_of_url
local ____socket_reader = require("lib.socket_reader")
local milliseconds_left = ____socket_reader.milliseconds_left
local ____tcp = require("probe.checks.tcp")
local why_unreachable = ____tcp.why_unreachable
--- Seconds for which a look is good, and for which one may last.
local FRESH = 5
local LONGEST_LOOK = 3
local LONGEST_BODY = 1024
local looked_at = -FRESH
local known
local is_looking = false

local function listed()
    if #config.probes.witnesses > 0 then
        return config.probes.witnesses
    end
    local leaders = {}
    for ____, ____value in ipairs(config.peers.urls) do
        local text = ____value.text
        local host = ____value.host
        local port = ____value.port
        table.insert(leaders, {text = text, host = host, port = port})
    end
    return leaders
end

--- Any answer will do: somebody is there.
local function why_no_answer(____bindingPattern0, deadline)
    local port
    local host
    local url
    url = ____bindingPattern0.url
    host = ____bindingPattern0.host
    port = ____bindingPattern0.port
    if url == nil then
        return why_unreachable(host, port, deadline)
    end
    local peer, peer_err = peer_of_url(url)
    if peer == nil then
        return peer_err
    end
    local answer, err = exchange(
        peer,
        {
            method = "GET",
            path = url.path,
            timeout_ms = milliseconds_left(deadline) or 1,
            longest_body = LONGEST_BODY,
            may_cut = true
        }
    )
    return answer == nil and err or nil
end

local function look()
    local witnesses = listed()
    local failures = {}
    for ____, witness in ipairs(witnesses) do
        local failure = why_no_answer(
            witness,
            clock.monotonic() + LONGEST_LOOK / #witnesses
        )
        if failure == nil then
            return nil
        end
        table.insert(failures, (witness.text .. ": ") .. failure)
    end
    return table.concat(failures, "; ")
end

--- Nil when a witness answers; else what each of them came to. Checks that fail together share one look.
function _M.why_cut_off()
    local deadline = clock.monotonic() + LONGEST_LOOK
    while is_looking and clock.monotonic() < deadline do
        ngx.sleep(0.05)
    end
    if clock.monotonic() - looked_at < FRESH then
        return known
    end
    is_looking = true
    local done, result = pcall(look)
    is_looking = false
    local ____done_0
    if done then
        ____done_0 = result
    else
        ____done_0 = tostring(result)
    end
    known = ____done_0
    looked_at = clock.monotonic()
    return known
end
return _M

-- Generated from src-ts/lib/set_back.ts: edit that file, then run npm run build.
-- A host whose clock is set back. What a shared dict keeps for a while it keeps by the time of day: set back by an hour,
-- what is due once a second would be due once in an hour. So it ends when it would have ended.
local _M = {}
local logger = require("logger")
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local turn = require("lib.turn")
local worker_timer = require("lib.worker_timer")
--- Seconds between two looks.
local TICK = 1
--- Seconds within which a clock that was set back is noticed.
local NOTICED = 3
--- Seconds below which it does not matter. More than any turn lasts: one that was taken since is not cut short.
local LEAST = 10
--- What is over by now.
local AT_ONCE = 0.001
local LEAD = "clock:lead"
local dict = shared_dict.open("cluster_control")

--- Ends `seconds` earlier what was kept before the clock was set back: that alone has so long to live, or nearly.
local function shorten(raw, seconds)
    for ____, key in ipairs(raw:get_keys(0)) do
        local left = raw:ttl(key)
        if left ~= nil and left > seconds - NOTICED then
            raw:expire(
                key,
                math.max(left - seconds, AT_ONCE)
            )
        end
    end
end

--- Seconds by which the time of day is ahead of the clock that nobody sets.
local function lead_now()
    ngx.update_time()
    return clock.now() - clock.monotonic()
end

local function is_news(lead)
    local known = shared_dict.get_number(dict, LEAD)
    return known == nil or math.abs(lead - known) >= LEAST
end

local function follow()
    local lead = lead_now()
    local known = shared_dict.get_number(dict, LEAD)
    if not is_news(lead) then
        return
    end
    shared_dict.set(dict, LEAD, lead)
    if known == nil or lead > known then
        return
    end
    logger.warn("CLOCK", "the clock of this host was set back by %.0f s", known - lead)
    for ____, raw in pairs(ngx.shared) do
        shorten(raw, known - lead)
    end
end

--- Looks once a second whether the clock was set back; one worker does what is to be done.
function _M.start()
    worker_timer.every(
        "clock",
        TICK,
        function()
            if is_news(lead_now()) then
                turn.alone("clock", follow)
            end
        end
    )
end
return _M

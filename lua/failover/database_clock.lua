-- Generated from src-ts/failover/database_clock.ts: edit that file, then run npm run build.
-- For how long the database has been there, with a clock that runs evenly. Ages that it tells mean nothing before: while
-- it was away nobody could write to it, and a clock that jumps makes everything old at once.
local _M = {}
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
--- Seconds by which a heartbeat may seem to grow older: rounding, and a slow answer of the database.
local TOLERANCE = 5
local dict = shared_dict.open("health_checker")

--- Notes that the database is away, or that what it says is none of our business.
function _M.forget()
    dict.raw:delete("database_since")
    dict.raw:delete("oldest_heartbeat")
    dict.raw:delete("newest_heartbeat")
end

--- Keeps a time and returns how many seconds it lies before the one that was kept until now, 0 when it does not.
local function step_back(key, at)
    local before = shared_dict.get_number(dict, key) or at
    shared_dict.set(dict, key, at)
    return math.max(before - at, 0)
end

--- Notes what the database has said of the nodes. Neither the newest heartbeat nor the oldest moves into the past by itself.
-- Both, since after a jump one node may have written again before anybody looks, and all others seem to be silent.
function _M.note(nodes)
    local newest
    local oldest
    for ____, ____value in ipairs(nodes) do
        local seen_age = ____value.seen_age
        if seen_age ~= nil then
            local at = clock.now() - seen_age
            newest = math.max(newest or at, at)
            oldest = math.min(oldest or at, at)
        end
    end
    if newest ~= nil and oldest ~= nil then
        local jump = math.max(
            step_back("newest_heartbeat", newest),
            step_back("oldest_heartbeat", oldest)
        )
        if jump > TOLERANCE then
            logger.warn("HEALTH_CHECK", "a clock has jumped by %d s: heartbeats do not count for a while", jump)
            dict.raw:delete("database_since")
        end
    end
    shared_dict.take(
        dict,
        "database_since",
        clock.now(),
        0
    )
end

--- Seconds since the first good look after the database was away, or its clock jumped.
function _M.age()
    return clock.now() - (shared_dict.get_number(dict, "database_since") or clock.now())
end
return _M

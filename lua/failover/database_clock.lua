-- Generated from src-ts/failover/database_clock.ts: edit that file, then run npm run build.
-- For how long the database has been there, with a clock that runs evenly. Ages that it tells mean nothing before: while
-- it was away nobody could write to it, and a clock that jumps makes everything old at once.
local _M = {}
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
--- Seconds by which the newest heartbeat may seem to grow older: rounding, and a slow answer of the database.
local TOLERANCE = 5
local dict = shared_dict.open("health_checker")

--- Notes that the database is away, or that what it says is none of our business.
function _M.forget()
    dict.raw:delete("database_since")
    dict.raw:delete("newest_heartbeat")
end

--- Notes what the database has said of the nodes: the newest heartbeat never moves into the past by itself.
function _M.note(nodes)
    local newest
    for ____, ____value in ipairs(nodes) do
        local seen_age = ____value.seen_age
        if seen_age ~= nil then
            local at = clock.now() - seen_age
            newest = newest == nil and at or math.max(newest, at)
        end
    end
    local before = shared_dict.get_number(dict, "newest_heartbeat")
    if newest ~= nil and before ~= nil and newest < before - TOLERANCE then
        logger.warn("HEALTH_CHECK", "a clock has jumped by %d s: heartbeats do not count for a while", before - newest)
        dict.raw:delete("database_since")
    end
    if newest ~= nil then
        shared_dict.set(dict, "newest_heartbeat", newest)
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

-- Generated from src-ts/routing/outage.ts: edit that file, then run npm run build.
-- Whether the database that routing reads is away: known to all workers, and said once for each outage.
local _M = {}
local clock = require("lib.clock")
local shared_dict = require("lib.shared_dict")
local logger = require("logger")
--- Seconds between two tries of requests to read a database that failed; it may say no at once.
local RETRY_SECONDS = 1
local dict = shared_dict.open("monitor_routing")

--- Why the database could not be read the last time; nil when it could.
function _M.cause()
    return shared_dict.get_text(dict, "database_error")
end

--- Notes that it could not be read, and why.
function _M.note_failure(err)
    if shared_dict.take(
        dict,
        "database_lost",
        clock.now(),
        0
    ) then
        logger.warn("ROUTER", "%s; requests are routed by the last known picture", err)
    end
    shared_dict.set(dict, "database_error", err)
end

--- Notes that it could be read.
function _M.note_success()
    local since = shared_dict.get_number(dict, "database_lost")
    if since ~= nil then
        dict.raw:delete("database_lost")
        dict.raw:delete("database_error")
        logger.router(
            "the database is back after %.1f s",
            clock.now() - since
        )
    end
end

--- Whether a request may have the database read: whatever refuses is not asked by each of them.
function _M.may_try()
    return _M.cause() == nil or shared_dict.take(dict, "retrying", true, RETRY_SECONDS)
end
return _M

-- Generated from src-ts/failover/verdict.ts: edit that file, then run npm run build.
-- What the result of a check means for a node: pure functions. The reason is a sentence for log, event and status.
local _M = {}

local function after_success(status, successes, limits)
    if status == "offline" then
        return {status = "recovering", successes = 1, failures = 0, reason = "the node answers again"}
    end
    if status == "recovering" and successes >= limits.rise then
        return {
            status = "online",
            successes = successes,
            failures = 0,
            reason = tostring(successes) .. " good checks in a row"
        }
    end
    return {status = status, successes = successes, failures = 0, reason = "the node answers"}
end

local function after_failure(status, failures, limits, cause)
    if status == "recovering" then
        return {status = "offline", successes = 0, failures = failures, reason = "a check failed during recovery: " .. cause}
    end
    if status ~= "offline" and failures >= limits.fall then
        return {
            status = "offline",
            successes = 0,
            failures = failures,
            reason = (tostring(failures) .. " failed checks in a row: ") .. cause
        }
    end
    return {
        status = status,
        successes = 0,
        failures = failures,
        reason = (((("check " .. tostring(failures)) .. " of ") .. tostring(limits.fall)) .. " failed: ") .. cause
    }
end

--- The state of a node after one more result.
function _M.judge(status, counts, seen, limits)
    if seen.ok then
        return after_success(status, counts.successes + 1, limits)
    end
    return after_failure(status, counts.failures + 1, limits, seen.reason)
end

--- Where an operator's wish leads: a drained node drains in place of being online. nil when nothing changes.
function _M.follow_wish(status, is_drained)
    if status == "online" and is_drained then
        return {status = "draining", reason = "an operator drains the node"}
    end
    if status == "draining" and not is_drained then
        return {status = "online", reason = "an operator says that the node is ready"}
    end
    return nil
end

--- A node in doubt is checked at the fast interval; a steady online one is not.
function _M.is_in_doubt(status, failures)
    return failures > 0 or status == "recovering" or status == "offline"
end
--- Seconds for which a node that has fallen once again is held back, and the most of them.
local FIRST_HOLD = 10
local LONGEST_HOLD = 300

--- How long a node stays `recovering` at least, in seconds, by how often it fell lately: not at all the first time, then
-- 10 s, doubled with each relapse, up to 5 minutes.
function _M.hold_seconds(falls)
    return falls < 2 and 0 or math.min(
        FIRST_HOLD * math.pow(2, falls - 2),
        LONGEST_HOLD
    )
end

--- Why the failing nodes must not be taken offline now, or nil. Several nodes that fail us at once are more likely a fault
-- between them and us than that many deaths; a node that is silent in the database as well is not counted.
function _M.partition_reason(sightings)
    local online = 0
    local failing = 0
    for ____, sighting in ipairs(sightings) do
        if sighting.status == "online" and not sighting.silent then
            online = online + 1
            failing = failing + (sighting.failures > 0 and 1 or 0)
        end
    end
    if failing == 0 or failing * 2 <= online then
        return nil
    end
    return ((tostring(failing) .. " of ") .. tostring(online)) .. " online nodes fail at once: taken for a partition, none is taken offline"
end
return _M

-- Generated from src-ts/regions/told.ts: edit that file, then run npm run build.
-- What Uptime Kuma was told of each check, and when it is to be told again: at once when the verdict or the leader has
-- changed, else once in an interval. One beat of a check is on its way at a time, so that none overtakes another. Shared by
-- the workers, and kept across a reload.
local _M = {}
local shared_dict = require("lib.shared_dict")
--- Seconds before what Uptime Kuma did not take is tried again.
local RETRY = 2
--- Seconds after which a beat is not on its way any more, whatever became of its worker.
local LONGEST_WAY = 140
--- Seconds between two warnings of a check.
local WARN_INTERVAL = 60
local dict = shared_dict.open("health_checker")

local function key(topic, ____bindingPattern0)
    local check_id
    check_id = ____bindingPattern0.check_id
    return (topic .. ":") .. string.format("%d", check_id)
end

--- What was told by this leader; another one's word may have been lost on its way.
local function word(____bindingPattern0)
    local epoch
    local verdict
    verdict = ____bindingPattern0.verdict
    epoch = ____bindingPattern0.epoch
    return (string.format("%d", epoch) .. " ") .. verdict
end

--- True when the beat is to be sent now; then it counts as on its way.
function _M.begin(beat)
    if shared_dict.get_text(
        dict,
        key("told", beat)
    ) == word(beat) then
        return false
    end
    return shared_dict.take(
        dict,
        key("telling", beat),
        true,
        LONGEST_WAY
    )
end
--- It was told, or there is nobody to tell: the next one goes in an interval.
_M["end"] = function(beat)
    shared_dict.set(
        dict,
        key("told", beat),
        word(beat),
        beat.interval
    )
    dict.raw:delete(key("telling", beat))
end

--- It could not be told: the next one, of what the verdict is then, goes soon.
function _M.end_in_vain(beat)
    shared_dict.set(
        dict,
        key("told", beat),
        word(beat),
        RETRY
    )
    dict.raw:delete(key("telling", beat))
end

--- True once in a while for each check: its troubles fill no log.
function _M.may_warn(beat)
    return shared_dict.take(
        dict,
        key("warned", beat),
        true,
        WARN_INTERVAL
    )
end
return _M

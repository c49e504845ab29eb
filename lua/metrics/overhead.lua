-- Generated from src-ts/metrics/overhead.ts: edit that file, then run npm run build.
-- Where the time that the load balancer added to a request belongs in its histogram.
local _M = {}
--- Upper bounds of the buckets in seconds; above them is one more.
_M.BOUNDS = {
    0.00001,
    0.000025,
    0.00005,
    0.0001,
    0.00025,
    0.001,
    0.005,
    0.025,
    0.1,
    0.5,
    1,
    2.5,
    5,
    10
}
--- Seconds of a step of the table for short times: all bounds up to the longest of it are whole steps.
local STEP = 0.000005
local STEPS = 50

local function search(seconds)
    for index = 0, #_M.BOUNDS - 1 do
        if seconds <= (_M.BOUNDS[index + 1] or 0) then
            return index
        end
    end
    return #_M.BOUNDS
end
--- The bucket of a short time by its whole steps, for nearly every request is one: see routing/selection on loops.
local BUCKETS = {}
for step = 0, STEPS do
    BUCKETS[step] = search((step - 0.5) * STEP)
end

--- The index in BOUNDS of the bucket that the time falls into; the number of bounds when it is above all of them.
function _M.bucket_of(seconds)
    return BUCKETS[math.ceil(seconds / STEP)] or search(seconds)
end

--- Seconds that a request lost with the nodes before the one that answered it.
--
-- @param times nginx's $upstream_response_time: "3.002, 0.012", "-" for an attempt that came to nothing
function _M.lost_in_attempts(times)
    local lost = 0
    local latest = 0
    for one in string.gmatch(times, "[^%s,:]+") do
        lost = lost + latest
        latest = tonumber(one) or 0
    end
    return lost
end
return _M

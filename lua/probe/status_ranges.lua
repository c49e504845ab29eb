-- Generated from src-ts/probe/status_ranges.ts: edit that file, then run npm run build.
-- Which statuses of an answer are the expected ones: "200-299,304". Pure.
local _M = {}
_M.DEFAULT_RANGES = "200-299"

--- True when one of the ranges has the status.
function _M.is_expected(status, ranges)
    for from, to in string.gmatch(ranges, "(%d+)%s*%-?%s*(%d*)") do
        local first = tonumber(from) or 0
        if status >= first and status <= (tonumber(to) or first) then
            return true
        end
    end
    return false
end
return _M

-- Generated from src-ts/lib/memo.ts: edit that file, then run npm run build.
-- What was read is good for a moment.
local _M = {}
local clock = require("lib.clock")

--- A function that reads anew only when what this worker has read is older than `seconds`.
function _M.memo(seconds, read)
    local value
    local read_at = 0
    return function()
        if value == nil or math.abs(clock.now() - read_at) > seconds then
            value = read()
            read_at = clock.now()
        end
        return value
    end
end
return _M

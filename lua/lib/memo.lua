-- Generated from src-ts/lib/memo.ts: edit that file, then run npm run build.
-- What was read is good for a moment.
local _M = {}
local clock = require("lib.clock")

--- A function that reads anew only when what this worker has read is older than `seconds`. While one caller waits for that,
-- the others get what was read before. What `read` raises goes to its caller; the next one reads again.
function _M.memo(seconds, read)
    local value
    --- Nil before anything was read.
    local read_at
    local is_reading = false
    return function()
        if read_at ~= nil and (is_reading or clock.monotonic() - read_at <= seconds) then
            return value
        end
        is_reading = true
        local ok, fresh = pcall(read)
        is_reading = false
        if not ok then
            return error(fresh, 0)
        end
        value = fresh
        read_at = clock.monotonic()
        return value
    end
end
return _M

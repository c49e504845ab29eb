-- Generated from src-ts/lib/clock.ts: edit that file, then run npm run build.
-- The one place where time is read, so that a test can set it.
local _M = {}

--- Seconds since 1970 with milliseconds, by this host's clock. Only for ages on this host, never against another's.
function _M.now()
    return ngx.now()
end
return _M

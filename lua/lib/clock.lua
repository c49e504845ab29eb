-- Generated from src-ts/lib/clock.ts: edit that file, then run npm run build.
-- The one place where time is read, so that a test can set it.
local _M = {}
local ffi = require("ffi")
local MONOTONIC = 1
ffi.cdef("int clock_gettime(int clock, long *time);")
local ____ffi_0 = ffi
local C = ____ffi_0.C
local time = ffi.new("long[2]")

--- Seconds since 1970 with milliseconds, by this host's clock. Only for ages on this host, never against another's.
function _M.now()
    return ngx.now()
end

--- Seconds to the nanosecond, by a clock that nobody sets and the event loop does not cache: for what takes microseconds.
function _M.precise()
    C.clock_gettime(MONOTONIC, time)
    return (tonumber(time[0]) or 0) + (tonumber(time[1]) or 0) * 1e-9
end
return _M

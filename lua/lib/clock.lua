-- Generated from src-ts/lib/clock.ts: edit that file, then run npm run build.
-- Where the program reads time, so that a test can set it.
local _M = {}
local ffi = require("ffi")
local ____c_function = require("lib.c_function")
local c_function = ____c_function.c_function

--- Seconds since 1970 with milliseconds, by this host's clock, which may be set back: for what people read, and where
-- that is taken into account. One look for a whole turn of the event loop. Never to be compared with another host's.
function _M.now()
    return ngx.now()
end
--- Linux' CLOCK_BOOTTIME: goes on while the machine sleeps, and nobody sets it.
local BOOTTIME = 7
local clock_gettime = c_function("int %s(int clock, void *time)", "clock_gettime")
local time = ffi.new("int64_t[2]")

--- Seconds since this machine started; the same for all processes, and setting the clock changes nothing. For how long
-- something took and how long ago it was. Where the system has no such clock it is that of now().
function _M.monotonic()
    if clock_gettime == nil or clock_gettime(BOOTTIME, time) ~= 0 then
        return ngx.now()
    end
    return (tonumber(time[0]) or 0) + (tonumber(time[1]) or 0) / 1000000000
end
return _M

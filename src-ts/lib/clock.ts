/* The one place where time is read, so that a test can set it. */
import * as ffi from "ffi";

const MONOTONIC = 1;

ffi.cdef("int clock_gettime(int clock, long *time);");
const { C } = ffi;
const time = ffi.new("long[2]");

/** Seconds since 1970 with milliseconds, by this host's clock. Only for ages on this host, never against another's. */
export function now(): number {
    return ngx.now();
}

/** Seconds to the nanosecond, by a clock that nobody sets and the event loop does not cache: for what takes microseconds. */
export function precise(): number {
    C.clock_gettime(MONOTONIC, time);
    return (tonumber(time.get(0)) ?? 0) + (tonumber(time.get(1)) ?? 0) * 1e-9;
}

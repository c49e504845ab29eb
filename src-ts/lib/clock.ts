/* Where the program reads time, so that a test can set it. */
import * as ffi from "ffi";
import { c_function } from "./c_function";

/**
 * Seconds since 1970 with milliseconds, by this host's clock, which may be set back: for what people read, and where
 * that is taken into account. One look for a whole turn of the event loop. Never to be compared with another host's.
 */
export function now(): number {
    return ngx.now();
}

/** Linux' CLOCK_BOOTTIME: goes on while the machine sleeps, and nobody sets it. */
const BOOTTIME = 7;

const clock_gettime = c_function("int %s(int clock, void *time)", "clock_gettime");
const time = ffi.new("int64_t[2]");

/**
 * Seconds since this machine started; the same for all processes, and setting the clock changes nothing. For how long
 * something took and how long ago it was. Where the system has no such clock it is that of now().
 */
export function monotonic(): number {
    if (clock_gettime === undefined || clock_gettime(BOOTTIME, time) !== 0) {
        return ngx.now();
    }
    return (tonumber(time.get(0)) ?? 0) + (tonumber(time.get(1)) ?? 0) / 1e9;
}

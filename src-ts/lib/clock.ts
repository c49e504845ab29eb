/* The one place where time is read, so that a test can set it. */

/** Seconds since 1970 with milliseconds, by this host's clock. Only for ages on this host, never against another's. */
export function now(): number {
    return ngx.now();
}

/* What was read is good for a moment. */
import * as clock from "./clock";

/**
 * A function that reads anew only when what this worker has read is older than `seconds`. While one caller waits for that,
 * the others get what was read before. What `read` raises goes to its caller; the next one reads again.
 */
export function memo<T>(seconds: number, read: (this: void) => T): (this: void) => T {
    let value: T | undefined;
    /** Nil before anything was read. */
    let read_at: number | undefined;
    let is_reading = false;
    return () => {
        if (read_at !== undefined && (is_reading || clock.monotonic() - read_at <= seconds)) {
            return value as T;
        }
        is_reading = true;
        const [ok, fresh] = pcall(read);
        is_reading = false;
        if (!ok) {
            return error(fresh, 0);
        }
        value = fresh;
        read_at = clock.monotonic();
        return value;
    };
}

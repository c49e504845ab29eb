/* What was read is good for a moment. */
import * as clock from "./clock";

/**
 * A function that reads anew only when what this worker has read is older than `seconds`. While one caller waits for that,
 * the others get what was read before. What `read` raises goes to its caller; the next one reads again.
 */
export function memo<T>(seconds: number, read: (this: void) => T): (this: void) => T {
    let value: T | undefined;
    let read_at = 0;
    let is_reading = false;
    return () => {
        if (value !== undefined && (is_reading || math.abs(clock.now() - read_at) <= seconds)) {
            return value;
        }
        is_reading = true;
        const [ok, fresh] = pcall(read);
        is_reading = false;
        if (!ok) {
            return error(fresh, 0);
        }
        value = fresh;
        read_at = clock.now();
        return value;
    };
}

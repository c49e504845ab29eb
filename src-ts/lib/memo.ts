/* What was read is good for a moment. */
import * as clock from "./clock";

/** A function that reads anew only when what this worker has read is older than `seconds`. */
export function memo<T>(seconds: number, read: (this: void) => T): (this: void) => T {
    let value: T | undefined;
    let read_at = 0;
    return () => {
        if (value === undefined || math.abs(clock.now() - read_at) > seconds) {
            value = read();
            read_at = clock.now();
        }
        return value;
    };
}

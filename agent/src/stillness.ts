/* When this process stood still last: frozen, on a paused machine, or busy with one thing for too long. */
import { ageMs, every, now, type Moment } from "./clock";

/** Milliseconds between two signs that this process goes on. */
const TICK_MS = 250;

/** Tells whether a process has just gone on after a time in which it did nothing. */
export class Stillness {
    private readonly longMs: number;
    private lastTick: Moment = now();
    private wentOn: Moment | undefined;

    /** @param longMs from how many milliseconds on it counts */
    constructor(longMs: number) {
        this.longMs = longMs;
    }

    /** Begins to look. Returns the function that ends it. */
    watch(): () => void {
        this.lastTick = now();
        return every(TICK_MS, () => {
            this.tick();
            return Promise.resolve();
        });
    }

    /** Milliseconds since this process went on; Infinity when it has never stood still. */
    get sinceMs(): number {
        // Of all that is due when it goes on this may be the first.
        this.tick();
        return ageMs(this.wentOn);
    }

    private tick(): void {
        if (ageMs(this.lastTick) > this.longMs) this.wentOn = now();
        this.lastTick = now();
    }
}

/** A moment in this process, by both clocks: the wall clock sees a paused machine, the other one survives a set clock. */
export interface Moment {
    readonly wallMs: number;
    readonly monotonicMs: number;
}

export function now(): Moment {
    return { wallMs: Date.now(), monotonicMs: performance.now() };
}

/** Milliseconds since `moment`, by whichever clock says more; Infinity when there was none. */
export function ageMs(moment: Moment | undefined): number {
    if (moment === undefined) return Infinity;
    const present = now();
    return Math.max(present.wallMs - moment.wallMs, present.monotonicMs - moment.monotonicMs);
}

/** Resolves after `ms` milliseconds. */
export function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
        setTimeout(resolve, ms);
    });
}

/**
 * Runs `round` again and again, `intervalMs` from start to start and never twice at once, until the returned function
 * is called. `round` must not throw. Does not keep the process alive.
 */
export function every(intervalMs: number, round: () => Promise<void>): () => void {
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    async function run(): Promise<void> {
        const begun = performance.now();
        await round();
        if (!stopped) schedule(Math.max(intervalMs / 10, intervalMs - (performance.now() - begun)));
    }
    function schedule(delayMs: number): void {
        timer = setTimeout(() => void run(), delayMs).unref();
    }
    schedule(intervalMs);
    return () => {
        stopped = true;
        clearTimeout(timer);
    };
}

/** Asks again and again, never twice at once. */
export interface Poller {
    /** Asks now, unless it is being asked. */
    readonly wake: () => void;
    readonly stop: () => void;
}

/**
 * Starts with a request at once.
 * @param ask one request with all that follows from its answer; must not reject
 * @param pauseMs the wait after a request that took so many ms
 */
export function startPolling(ask: () => Promise<void>, pauseMs: (tookMs: number) => number): Poller {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isAsking = false;
    let isStopped = false;
    const round = async (): Promise<void> => {
        isAsking = true;
        const started = Date.now();
        await ask();
        isAsking = false;
        if (!isStopped) timer = setTimeout(() => void round(), pauseMs(Date.now() - started));
    };
    void round();
    return {
        wake: () => {
            if (isAsking || isStopped) return;
            clearTimeout(timer);
            void round();
        },
        stop: () => {
            isStopped = true;
            clearTimeout(timer);
        },
    };
}

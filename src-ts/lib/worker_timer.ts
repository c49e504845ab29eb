/* Periodic work of a worker. A round that raises is logged and the next one runs; the work ends with its worker. */
import * as logger from "../logger";

function run_once(name: string, work: () => void): void {
    const [ok, err] = pcall(work);
    if (!ok) {
        logger.error("TIMER", "%s failed: %s", name, err);
    }
}

/** Runs `work` in the background as soon as possible, outside the request that asks for it. False when timers run out. */
export function soon(name: string, work: (premature: boolean) => void): boolean {
    const [handle, err] = ngx.timer.at(0, (premature) => {
        run_once(name, () => {
            work(premature);
        });
    });
    if (handle === undefined) {
        logger.error("TIMER", "cannot start %s: %s", name, err);
        return false;
    }
    return true;
}

/**
 * Runs `work` at once and then every `seconds`, never twice at the same time in this worker. When the worker is about to
 * exit, `at_exit` runs in place of the next round.
 */
export function every(name: string, seconds: number, work: () => void, at_exit?: () => void): void {
    let running = false;
    let ended = false;
    const round = (premature: boolean): void => {
        if (ended) {
            return;
        }
        if (premature || ngx.worker.exiting()) {
            ended = true;
            if (at_exit !== undefined) {
                run_once(name, at_exit);
            }
            return;
        }
        if (running) {
            return;
        }
        running = true;
        run_once(name, work);
        running = false;
    };
    soon(name, round);
    // ngx.timer.every re-arms itself: a failed round, or one that overruns, cannot break the chain.
    const [handle, err] = ngx.timer.every(seconds, round);
    if (handle === undefined) {
        logger.error("TIMER", "cannot start %s: %s", name, err);
    }
}

/** Aborts its signal after a time that can be set anew. */
export class Deadline {
    private readonly controller = new AbortController();
    private timer: NodeJS.Timeout | undefined;

    constructor(ms: number) {
        this.set(ms);
    }

    get signal(): AbortSignal {
        return this.controller.signal;
    }

    /** Counts `ms` milliseconds from now on. */
    set(ms: number): void {
        this.clear();
        this.timer = setTimeout(() => this.controller.abort(new Error(`no answer within ${ms} ms`)), ms).unref();
    }

    /** The time is not over any more. */
    clear(): void {
        clearTimeout(this.timer);
    }
}

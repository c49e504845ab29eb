/** Runs what it is given one after the other, in order. A failure is its caller's, and does not hold up the next. */
export class Serial {
    private last: Promise<unknown> = Promise.resolve();

    /** Resolves and throws as `work` does, when its turn has come. */
    run<Result>(work: () => Promise<Result>): Promise<Result> {
        const turn = this.last.then(work);
        this.last = turn.catch(() => undefined);
        return turn;
    }
}

import { ageMs, now, type Moment } from "../clock";

/** An edit that has not ended by then is not waited for: its connection may be lost. */
const LONGEST_MS = 60_000;

/**
 * The edits that Kuma carries out in this process now. It stores a monitor and starts it later, by itself: whoever sees
 * the row meanwhile and starts the monitor, too, has it checked twice.
 */
export class EditsUnderWay {
    private readonly begun = new Set<Moment>();

    /** Notes that an edit is under way until it ends. Returns it, to be used in its place: it fails as the edit does. */
    note(edit: unknown): unknown {
        if (!(edit instanceof Promise)) return edit;
        const moment = now();
        this.begun.add(moment);
        const forget = setTimeout(() => this.begun.delete(moment), LONGEST_MS).unref();
        return edit.finally(() => {
            clearTimeout(forget);
            this.begun.delete(moment);
        });
    }

    /** Whether an edit is under way that had begun at `moment` already. */
    anySince(moment: Moment): boolean {
        const age = ageMs(moment);
        return [...this.begun].some((begun) => ageMs(begun) >= age);
    }
}

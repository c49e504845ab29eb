/*
 * The edits that Kuma carries out in this process now. It stores a monitor and starts it later, by itself: whoever sees
 * the row meanwhile and starts the monitor, too, has it checked twice.
 */
import { ageMs, now, type Moment } from "../clock";

/** An edit that takes longer waits for something, and what it has stored does not wait with it. */
const LONGEST_MS = 5000;

const underWay = new Set<Moment>();

/** Notes that an edit is under way until it ends, if it is not over yet. */
export function noteEdit(edit: unknown): void {
    if (!(edit instanceof Promise)) return;
    const begun = now();
    underWay.add(begun);
    const end = (): void => void underWay.delete(begun);
    setTimeout(end, LONGEST_MS).unref();
    edit.then(end, end);
}

/** Whether an edit is under way that had begun at `moment` already. */
export function isEditUnderWaySince(moment: Moment): boolean {
    const age = ageMs(moment);
    return [...underWay].some((begun) => ageMs(begun) >= age);
}

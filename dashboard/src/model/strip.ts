/* The state of the cluster over the last minutes, as a row of beats: what this page has seen of it. */
import type { Sample } from "./samples";

/** `unseen`: no answer came, or the page was not open yet. */
export type BeatState = HealthBody["status"] | "unseen";

export interface Beat {
    /** The number of the interval since 1970: the same beat keeps it. */
    readonly slot: number;
    readonly state: BeatState;
}

export const BEATS = 60;
const SLOT_MS = 5000;
const GRAVITY: readonly BeatState[] = ["unseen", "ok", "degraded", "down"];

/** The latest beats up to `now`, oldest first; each has the gravest state of its time. */
export function beatsOf(samples: readonly Sample[], now: number): Beat[] {
    const last = Math.floor(now / SLOT_MS);
    const states = new Map<number, BeatState>();
    for (const { at, state } of samples) {
        const slot = Math.floor(at / SLOT_MS);
        const known = states.get(slot) ?? "unseen";
        if (GRAVITY.indexOf(state) > GRAVITY.indexOf(known)) states.set(slot, state);
    }
    return Array.from({ length: BEATS }, (_, index) => {
        const slot = last - BEATS + 1 + index;
        return { slot, state: states.get(slot) ?? "unseen" };
    });
}

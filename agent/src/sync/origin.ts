/*
 * Why the code that runs now runs: a user edits something on this node, this node repeats what was done on another one,
 * or it counts a beat of another node in memory. Kuma's own functions are used in all three, and have to have other
 * effects in each.
 */
import { AsyncLocalStorage } from "node:async_hooks";

import { ageMs, now, type Moment } from "../clock";

/** Both may leave timers behind, which are not part of them. */
const ENDS_AFTER_MS = 30_000;

interface Origin {
    readonly kind: "edit" | "repeat" | "mirror" | "none";
    readonly begun: Moment;
}

const origins = new AsyncLocalStorage<Origin>();

function run<Result>(kind: Origin["kind"], work: () => Result): Result {
    return origins.run({ kind, begun: now() }, work);
}

/** Runs what a user's edit does. */
export function asEdit<Result>(work: () => Result): Result {
    return run("edit", work);
}

/** Runs what repeats here what another node did: nothing of it is told to other nodes. */
export function asRepeat<Result>(work: () => Result): Result {
    return run("repeat", work);
}

/** Runs what counts a beat of another node: nothing of it is stored. */
export function asMirror<Result>(work: () => Result): Result {
    return run("mirror", work);
}

/** Runs what goes on after an edit: the checks of a monitor that it has started. */
export function afterEdit<Result>(work: () => Result): Result {
    return run("none", work);
}

function isRecent(kind: Origin["kind"]): boolean {
    const origin = origins.getStore();
    return origin?.kind === kind && ageMs(origin.begun) < ENDS_AFTER_MS;
}

/** Whether the caller is part of a user's edit on this node. */
export function isEdit(): boolean {
    return isRecent("edit");
}

/** Whether the caller repeats what another node did. */
export function isRepeat(): boolean {
    return isRecent("repeat");
}

/** Whether the caller counts a beat of another node. */
export function isMirror(): boolean {
    return origins.getStore()?.kind === "mirror";
}

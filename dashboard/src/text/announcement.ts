import type { Change } from "../model/changes";
import type { Messages } from "./en";
import type { Formats } from "./format";

/** More changes at once than these are told as a number. */
const MOST = 3;

/** What a screen reader says of what has changed; empty when nothing is to be said. */
export function announce(changes: readonly Change[], text: Messages, formats: Formats): string {
    if (changes.length > MOST) return text.said.many(formats.number(changes.length));
    return changes
        .map(({ node, state }) =>
            state === undefined ? text.said.gone(node) : text.said.node(node, text.states[state]),
        )
        .join(" ");
}

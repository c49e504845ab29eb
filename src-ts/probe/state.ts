/* What a probe knows, in shared memory: it outlives a reload and a killed worker, not the end of nginx. */
import * as shared_dict from "../lib/shared_dict";
import type { Dict } from "../lib/shared_dict";

/** The one worker that checks and talks to the leader has it. */
export const TURN = "probe_turn";

const NAME = "cluster_probe";

let opened: Dict | undefined;

function open(): Dict {
    const dict = shared_dict.open(NAME);
    for (const counter of ["last", "sent", "dropped"]) {
        // To count from nothing would take the room of something else when there is none.
        dict.raw.safe_add(counter, 0);
    }
    return dict;
}

/** Other modes need no such memory in nginx.conf. What is set here must not drop anything else: see set_safely. */
export function memory(): Dict {
    opened ??= open();
    return opened;
}

/** What the leader calls our registration; nil before it. */
export function session(): string | undefined {
    return shared_dict.get_text(memory(), "session");
}

/** Nil: we have to register anew. */
export function set_session(value: string | undefined): void {
    if (value === undefined) {
        memory().raw.delete("session");
    } else {
        shared_dict.set_safely(memory(), "session", value);
    }
}

/** What the leader last said, or why it could not be asked. */
export function leader_error(): string | undefined {
    return shared_dict.get_text(memory(), "leader_error");
}

/** Returns false when it was that already. */
export function set_leader_error(value: string | undefined): boolean {
    if (leader_error() === value) {
        return false;
    }
    if (value === undefined) {
        memory().raw.delete("leader_error");
    } else {
        shared_dict.set_safely(memory(), "leader_error", value);
    }
    return true;
}

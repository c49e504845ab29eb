/*
 * What the standing connections tell of the nodes, shared by the workers: who goes on after another one knows what was
 * known, and says what was lost only once.
 */
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import * as suspects from "../store/suspects";
import * as records from "./records";

/**
 * `watching`: the last tick was good. `lost`: it was not, or there is no connection. `unsupported`: the node has nothing
 * to be watched by. `unknown`: never seen.
 */
export type WatchState = "watching" | "lost" | "unsupported" | "unknown";

interface Entry {
    state: WatchState;
    /** Unix time since when. */
    since: number;
    reason?: string;
}

export interface Watch extends Entry {
    /** Seconds since the last tick, good or not. */
    last_tick_age?: number;
}

const dict = shared_dict.open("health_checker");

function entry_of(node_id: string): Entry {
    const text = shared_dict.get_text(dict, "watch:" + node_id);
    const [entry] = json.decode<Entry>(text ?? "");
    return entry ?? { state: "unknown", since: 0 };
}

/** Notes the state; returns the one before. */
function change(node_id: string, state: WatchState, reason?: string): WatchState {
    const before = entry_of(node_id);
    if (before.state === state && before.reason === reason) {
        return state;
    }
    const since = before.state === state ? before.since : clock.now();
    const entry: Entry = reason === undefined ? { state, since } : { state, since, reason };
    shared_dict.set(dict, "watch:" + node_id, json.encode(entry));
    return before.state;
}

/** What is known of the connection to a node. */
export function get(node_id: string): Watch {
    const entry = entry_of(node_id);
    const watch: Watch = { state: entry.state, since: entry.since };
    if (entry.reason !== undefined) {
        watch.reason = entry.reason;
    }
    const ticked = shared_dict.get_number(dict, "tick:" + node_id);
    if (ticked !== undefined) {
        watch.last_tick_age = math.max(0, math.floor((clock.now() - ticked) * 1000) / 1000);
    }
    return watch;
}

/** A tick came, good or not. */
export function note_tick(node_id: string): void {
    shared_dict.set(dict, "tick:" + node_id, clock.now());
}

/** The node says that it is well. */
export function note_well(node_id: string): void {
    if (change(node_id, "watching") !== "watching") {
        logger.debug("WATCH", "%s is watched", node_id);
    }
}

/**
 * The node is gone, silent, or says that it is not well. Whoever was well until then is checked at once, and passed over
 * by requests until that check is good; a node that was not is not reported again.
 */
export function note_loss(node_id: string, reason: string): void {
    if (change(node_id, "lost", reason) === "watching") {
        records.count("watch_losses");
        suspects.report(node_id);
        logger.health_check("%s is checked now, the connection to it says: %s", node_id, reason);
    }
}

/** The node has nothing to be watched by, which is no fault of its health. */
export function note_unsupported(node_id: string, reason: string): void {
    if (change(node_id, "unsupported", reason) !== "unsupported") {
        logger.info("WATCH", "%s cannot be watched, it is checked periodically alone: %s", node_id, reason);
    }
}

/** The node is none of the cluster any more. */
export function forget(node_id: string): void {
    dict.raw.delete("watch:" + node_id);
    dict.raw.delete("tick:" + node_id);
}

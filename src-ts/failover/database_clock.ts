/*
 * For how long the database has been there, with a clock that runs evenly. Ages that it tells mean nothing before: while
 * it was away nobody could write to it, and a clock that jumps makes everything old at once.
 */
import * as clock from "../lib/clock";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import type { NodeState } from "../store/nodes";

/** Seconds by which the newest heartbeat may seem to grow older: rounding, and a slow answer of the database. */
const TOLERANCE = 5;

const dict = shared_dict.open("health_checker");

/** Notes that the database is away, or that what it says is none of our business. */
export function forget(): void {
    dict.raw.delete("database_since");
    dict.raw.delete("newest_heartbeat");
}

/** Notes what the database has said of the nodes: the newest heartbeat never moves into the past by itself. */
export function note(nodes: readonly NodeState[]): void {
    let newest: number | undefined;
    for (const { seen_age } of nodes) {
        if (seen_age !== undefined) {
            const at = clock.now() - seen_age;
            newest = newest === undefined ? at : math.max(newest, at);
        }
    }
    const before = shared_dict.get_number(dict, "newest_heartbeat");
    if (newest !== undefined && before !== undefined && newest < before - TOLERANCE) {
        logger.warn("HEALTH_CHECK", "a clock has jumped by %d s: heartbeats do not count for a while", before - newest);
        dict.raw.delete("database_since");
    }
    if (newest !== undefined) {
        shared_dict.set(dict, "newest_heartbeat", newest);
    }
    shared_dict.take(dict, "database_since", clock.now(), 0);
}

/** Seconds since the first good look after the database was away, or its clock jumped. */
export function age(): number {
    return clock.now() - (shared_dict.get_number(dict, "database_since") ?? clock.now());
}

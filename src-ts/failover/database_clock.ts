/*
 * For how long the database has been there, with a clock that runs evenly. Ages that it tells mean nothing before: while
 * it was away nobody could write to it, and a clock that jumps makes everything old at once.
 */
import * as clock from "../lib/clock";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import type { NodeState } from "../store/nodes";

/** Seconds by which a heartbeat may seem to grow older: rounding, and a slow answer of the database. */
const TOLERANCE = 5;

const dict = shared_dict.open("health_checker");

/** Notes that the database is away, or that what it says is none of our business. */
export function forget(): void {
    dict.raw.delete("database_since");
    dict.raw.delete("oldest_heartbeat");
    dict.raw.delete("newest_heartbeat");
}

/** Keeps a time and returns how many seconds it lies before the one that was kept until now, 0 when it does not. */
function step_back(key: string, at: number): number {
    const before = shared_dict.get_number(dict, key) ?? at;
    shared_dict.set(dict, key, at);
    return math.max(before - at, 0);
}

/**
 * Notes what the database has said of the nodes. Neither the newest heartbeat nor the oldest moves into the past by itself.
 * Both, since after a jump one node may have written again before anybody looks, and all others seem to be silent.
 */
export function note(nodes: readonly NodeState[]): void {
    let newest: number | undefined;
    let oldest: number | undefined;
    for (const { seen_age } of nodes) {
        if (seen_age !== undefined) {
            const at = clock.now() - seen_age;
            newest = math.max(newest ?? at, at);
            oldest = math.min(oldest ?? at, at);
        }
    }
    if (newest !== undefined && oldest !== undefined) {
        const jump = math.max(step_back("newest_heartbeat", newest), step_back("oldest_heartbeat", oldest));
        if (jump > TOLERANCE) {
            logger.warn("HEALTH_CHECK", "a clock has jumped by %d s: heartbeats do not count for a while", jump);
            dict.raw.delete("database_since");
        }
    }
    shared_dict.take(dict, "database_since", clock.now(), 0);
}

/** Seconds since the first good look after the database was away, or its clock jumped. */
export function age(): number {
    return clock.now() - (shared_dict.get_number(dict, "database_since") ?? clock.now());
}

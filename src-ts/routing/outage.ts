/* Whether the database that routing reads is away: known to all workers, and said once for each outage. */
import * as clock from "../lib/clock";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";

/** Seconds between two tries of requests to read a database that failed; it may say no at once. */
const RETRY_SECONDS = 1;

const dict = shared_dict.open("monitor_routing");

/** Why the database could not be read the last time; nil when it could. */
export function cause(): string | undefined {
    return shared_dict.get_text(dict, "database_error");
}

/** Notes that it could not be read, and why. */
export function note_failure(err: string): void {
    if (shared_dict.take(dict, "database_lost", clock.now(), 0)) {
        logger.warn("ROUTER", "%s; requests are routed by the last known picture", err);
    }
    shared_dict.set(dict, "database_error", err);
}

/** Notes that it could be read. */
export function note_success(): void {
    const since = shared_dict.get_number(dict, "database_lost");
    if (since !== undefined) {
        dict.raw.delete("database_lost");
        dict.raw.delete("database_error");
        logger.router("the database is back after %.1f s", clock.now() - since);
    }
}

/** Whether a request may have the database read: whatever refuses is not asked by each of them. */
export function may_try(): boolean {
    return cause() === undefined || shared_dict.take(dict, "retrying", true, RETRY_SECONDS);
}

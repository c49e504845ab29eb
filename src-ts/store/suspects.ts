/*
 * Nodes that failed a request a moment ago, shared by the workers: routing passes them over for a short while and the
 * health check looks at them at once.
 */
import * as clock from "../lib/clock";
import * as shared_dict from "../lib/shared_dict";
import * as version from "./version";

/** Seconds for which a node that failed a request gets no other while there is a choice. */
const SKIP_SECONDS = 5;

const dict = shared_dict.open("health_checker");

/** Time of the last look at whether anybody is passed over at all, and what it found. */
let looked_at = -1;
let is_any_skipped = false;

/** Has requests pass the node over for a while. */
export function skip(node_id: string): void {
    shared_dict.set(dict, "skip:" + node_id, true, SKIP_SECONDS);
    shared_dict.set(dict, "skipping", true, SKIP_SECONDS);
    is_any_skipped = true;
}

/** Notes that the node failed a request: it is passed over, and checked at once, and routing looks who else there is. */
export function report(node_id: string): void {
    if (dict.raw.get("skip:" + node_id)[0] === undefined) {
        version.bump();
    }
    skip(node_id);
    shared_dict.set(dict, "suspect:" + node_id, true, 60);
}

/** True while the node should get no request. */
export function is_skipped(node_id: string): boolean {
    // All requests of one turn of the event loop share one look: this is asked for every request.
    const now = clock.now();
    if (now !== looked_at) {
        looked_at = now;
        is_any_skipped = dict.raw.get("skipping")[0] !== undefined;
    }
    return is_any_skipped && dict.raw.get("skip:" + node_id)[0] !== undefined;
}

/** True once after a report: the caller is the one who checks the node. */
export function take(node_id: string): boolean {
    const key = "suspect:" + node_id;
    if (dict.raw.get(key)[0] === undefined) {
        return false;
    }
    dict.raw.delete(key);
    return true;
}

/** The node has answered: requests may go there again. */
export function absolve(node_id: string): void {
    dict.raw.delete("skip:" + node_id);
}

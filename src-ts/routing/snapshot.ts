/*
 * The picture of nodes and loads that requests are routed by. It is read from the database in the background by one
 * worker at a time, published in a shared dict and decoded once by each worker. A request waits for the database only
 * when there is no picture at all, when the settings ask for a query per request, or for a moment when its node has just
 * failed; a stale picture beats none.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import * as shared_dict from "../lib/shared_dict";
import * as worker_timer from "../lib/worker_timer";
import * as logger from "../logger";
import * as store_version from "../store/version";
import * as outage from "./outage";
import { encode_picture, read_picture, to_snapshot } from "./picture";
import type { Picture, Snapshot } from "./picture";

/** How long the one who reads the database may take before another may try, in seconds. */
const TURN_SECONDS = math.ceil(config.database.timeout / 1000) * 2;

/** Seconds for which a request waits for the picture after a change, and between two looks. */
const PATIENCE = 0.5;
const LOOK = 0.01;

const dict = shared_dict.open("monitor_routing");
let copy: Snapshot | undefined;
/** Time of the event loop when a request last looked for a newer picture. */
let looked_at = -1;

export type { Snapshot } from "./picture";

function published_version(): number {
    return shared_dict.get_number(dict, "published") ?? 0;
}

function publish(picture: Picture): void {
    if (shared_dict.set(dict, "snapshot", encode_picture(picture))) {
        copy = to_snapshot(picture, shared_dict.increment(dict, "published"));
    } else {
        // No room to share it: this worker at least goes by the new picture.
        copy = to_snapshot(picture, published_version());
    }
}

/** Reads the database and publishes what it says. */
export function refresh(): Result<Snapshot> {
    const [picture, err] = read_picture();
    if (picture === undefined) {
        outage.note_failure(err);
        return $multi(undefined, err);
    }
    outage.note_success();
    publish(picture);
    return $multi(copy as Snapshot);
}

/** Reads the database unless another worker is at it. */
export function refresh_in_turn(): void {
    if (!shared_dict.take(dict, "refreshing", ngx.worker.pid(), TURN_SECONDS)) {
        return;
    }
    const [ok, err] = pcall(refresh);
    dict.raw.delete("refreshing");
    if (!ok) {
        logger.error("ROUTER", "cannot refresh the routing snapshot: %s", err);
    }
}

/** Has the database read in the background unless somebody is at it. */
function refresh_soon(): void {
    if (dict.raw.get("refreshing")[0] === undefined) {
        worker_timer.soon("snapshot", refresh_in_turn);
    }
}

function latest_copy(): Snapshot | undefined {
    const published = published_version();
    if (copy !== undefined && copy.published === published) {
        return copy;
    }
    const text = shared_dict.get_text(dict, "snapshot");
    if (text === undefined) {
        return copy;
    }
    const [picture, err] = json.decode<Picture>(text);
    if (picture === undefined) {
        logger.error("ROUTER", "cannot read the shared snapshot: %s", err);
        return copy;
    }
    copy = to_snapshot(picture, published);
    return copy;
}

/** Keeps the picture fresh: of the workers that call this every TTL, one reads the database. */
export function renew(): void {
    const snapshot = latest_copy();
    const ttl = config.routing.snapshot_ttl;
    // Workers that are a little early must not all wait for the next turn.
    if (snapshot === undefined || math.abs(clock.now() - snapshot.loaded_at) > ttl * 0.8) {
        refresh_in_turn();
    }
}

/** For the first requests of all: reads the database, or waits for the worker that does. */
function first_snapshot(): Result<Snapshot> {
    const deadline = clock.monotonic() + TURN_SECONDS;
    do {
        if (outage.may_try()) {
            refresh_in_turn();
        }
        const snapshot = latest_copy();
        if (snapshot !== undefined) {
            return $multi(snapshot);
        }
        if (dict.raw.get("refreshing")[0] === undefined) {
            break;
        }
        ngx.sleep(0.05);
    } while (clock.monotonic() < deadline);
    return $multi(undefined, outage.cause() ?? "no routing snapshot yet");
}

/** A node has changed since it was read. */
function is_behind(snapshot: Snapshot): boolean {
    return snapshot.store_version < store_version.current();
}

function is_outdated(snapshot: Snapshot): boolean {
    // The timer renews it every TTL; a request steps in when the timer is late or a node has changed.
    return math.abs(clock.now() - snapshot.loaded_at) > config.routing.snapshot_ttl * 2 || is_behind(snapshot);
}

/** The picture to route by, or nil and the reason why there is none. */
export function current(): Result<Snapshot> {
    // All requests of one turn of the event loop share one look at the shared dict.
    const now = clock.now();
    if (copy !== undefined && now === looked_at) {
        return $multi(copy);
    }
    if (config.routing.snapshot_ttl === 0) {
        const [fresh] = refresh();
        if (fresh !== undefined) {
            return $multi(fresh);
        }
    }
    const snapshot = latest_copy();
    if (snapshot === undefined) {
        return first_snapshot();
    }
    if (is_outdated(snapshot) && outage.may_try()) {
        refresh_soon();
    }
    looked_at = config.routing.snapshot_ttl === 0 ? -1 : now;
    return $multi(snapshot);
}

/** Waits until the picture is none of before a change: for a moment, and not at all while the database is known to be away. */
function catch_up(): void {
    const deadline = clock.monotonic() + PATIENCE;
    let snapshot = latest_copy();
    while (snapshot !== undefined && is_behind(snapshot) && outage.cause() === undefined) {
        if (clock.monotonic() > deadline) {
            return;
        }
        refresh_soon();
        ngx.sleep(LOOK);
        snapshot = latest_copy();
    }
}

/** The picture for a status page: after a change of ours it is read anew before the page is made. */
export function latest(): Result<Snapshot> {
    catch_up();
    return current();
}

/** The picture for a request whose node has just failed: another load balancer may know of one that is online by now. */
export function after_failure(): Snapshot | undefined {
    catch_up();
    return latest_copy();
}

/** The picture without any wait, for status pages; nil when there is none. */
export function peek(): Snapshot | undefined {
    return latest_copy();
}

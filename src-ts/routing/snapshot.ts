/*
 * The picture of nodes and loads that requests are routed by. It is read from the database in the background by one
 * worker at a time, published in a shared dict and decoded once by each worker. A request waits for the database only
 * when there is no picture at all, or when the settings ask for a query per request; a stale picture beats none.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import * as json from "../lib/json";
import * as shared_dict from "../lib/shared_dict";
import * as worker_timer from "../lib/worker_timer";
import * as logger from "../logger";
import * as store_version from "../store/version";
import { encode_picture, read_picture, to_snapshot } from "./picture";
import type { Picture, Snapshot } from "./picture";

/** How long the one who reads the database may take before another may try, in seconds. */
const TURN_SECONDS = math.ceil(config.database.timeout / 1000) * 2;

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

/** Why the database could not be read the last time; nil when it could. */
export function database_error(): string | undefined {
    return shared_dict.get_text(dict, "database_error");
}

function note_failure(err: string): void {
    if (shared_dict.take(dict, "database_lost", clock.now(), 0)) {
        logger.warn("ROUTER", "%s; requests are routed by the last known picture", err);
    }
    shared_dict.set(dict, "database_error", err);
}

function note_success(): void {
    const since = shared_dict.get_number(dict, "database_lost");
    if (since !== undefined) {
        dict.raw.delete("database_lost");
        dict.raw.delete("database_error");
        logger.router("the database is back after %.1f s", clock.now() - since);
    }
}

/** Reads the database and publishes what it says. */
export function refresh(): Result<Snapshot> {
    const [picture, err] = read_picture();
    if (picture === undefined) {
        note_failure(err);
        return $multi(undefined, err);
    }
    note_success();
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
    if (snapshot === undefined || clock.now() - snapshot.loaded_at > ttl * 0.8) {
        refresh_in_turn();
    }
}

/** For the first requests of all: reads the database, or waits for the worker that does. */
function first_snapshot(): Result<Snapshot> {
    const deadline = clock.now() + TURN_SECONDS;
    do {
        refresh_in_turn();
        const snapshot = latest_copy();
        if (snapshot !== undefined) {
            return $multi(snapshot);
        }
        if (dict.raw.get("refreshing")[0] === undefined) {
            break;
        }
        ngx.sleep(0.05);
    } while (clock.now() < deadline);
    return $multi(undefined, database_error() ?? "no routing snapshot yet");
}

function is_outdated(snapshot: Snapshot): boolean {
    // The timer renews it every TTL; a request steps in when the timer is late or a node has changed.
    const age = clock.now() - snapshot.loaded_at;
    return age > config.routing.snapshot_ttl * 2 || snapshot.store_version < store_version.current();
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
    if (is_outdated(snapshot) && dict.raw.get("refreshing")[0] === undefined) {
        worker_timer.soon("snapshot", refresh_in_turn);
    }
    looked_at = config.routing.snapshot_ttl === 0 ? -1 : now;
    return $multi(snapshot);
}

/** The picture for a status page: after a change of ours it is read anew before the page is made. */
export function latest(): Result<Snapshot> {
    const snapshot = latest_copy();
    if (snapshot !== undefined && snapshot.store_version < store_version.current()) {
        refresh_in_turn();
    }
    return current();
}

/** The picture without any wait, for status pages; nil when there is none. */
export function peek(): Snapshot | undefined {
    return latest_copy();
}

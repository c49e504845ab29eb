/* Shared dictionaries with errors logged once here: a full dict or a missing one must not break a request. */
import * as logger from "../logger";
import * as clock from "./clock";
import * as evictions from "./evictions";

export interface Dict {
    readonly name: string;
    readonly raw: SharedDict;
}

/**
 * Bytes below which a dictionary cannot be relied on: its memory is parted into pages for values of one size each, and
 * without a page for its size a value finds no room whatever is dropped for it.
 */
const LEAST_CAPACITY = 65536;

/** The dict of that name; raises when nginx does not declare it or makes it too small, which stops the start. */
export function open(name: string): Dict {
    const raw = ngx.shared[name];
    if (raw === undefined) {
        return error(`lua_shared_dict ${name} is missing in the nginx configuration`, 0);
    }
    if (raw.capacity() < LEAST_CAPACITY) {
        return error(`lua_shared_dict ${name} is too small in the nginx configuration: it takes 64k at least`, 0);
    }
    return { name, raw };
}

/** The text under the key, or nil. */
export function get_text(dict: Dict, key: string): string | undefined {
    const [value] = dict.raw.get(key);
    return value === undefined ? undefined : tostring(value);
}

/** The number under the key, or nil. */
export function get_number(dict: Dict, key: string): number | undefined {
    const [value] = dict.raw.get(key);
    return tonumber(value);
}

/** Seconds between two lines of one worker about a full dictionary: one drops keys with every write. */
const QUIET = 60;

const told_at: Record<string, number | undefined> = {};

/** True for what has not been told for a while. */
function is_news(what: string): boolean {
    const now = clock.monotonic();
    const last = told_at[what];
    if (last !== undefined && now - last < QUIET) {
        return false;
    }
    told_at[what] = now;
    return true;
}

/** Counts a write that dropped other keys, and warns of it now and then. */
function note_eviction(dict: Dict, key: string): void {
    evictions.note(dict.name);
    if (is_news(dict.name)) {
        logger.warn("SHARED_DICT", "%s is full: other keys were dropped for %s", dict.name, key);
    }
}

function note_failure(dict: Dict, key: string, err: string | undefined): void {
    if (is_news(`${dict.name} ${err}`)) {
        logger.error("SHARED_DICT", "cannot set %s in %s: %s", key, dict.name, err);
    }
}

/** Sets the key for `ttl` seconds (0: for ever). False when the dict has no room even after evicting. */
export function set(dict: Dict, key: string, value: string | number | boolean, ttl = 0): boolean {
    const [ok, err, forcible] = dict.raw.set(key, value, ttl);
    if (!ok) {
        note_failure(dict, key, err);
        return false;
    }
    if (forcible) {
        note_eviction(dict, key);
    }
    return true;
}

/** Like set, but drops no other key for it: false, without a word in the log, when there is no room. */
export function set_safely(dict: Dict, key: string, value: string | number | boolean, ttl = 0): boolean {
    const [ok] = dict.raw.safe_set(key, value, ttl);
    return ok === true;
}

/** Takes the key for `ttl` seconds if nobody has it: true for the one who got it. Atomic across workers. */
export function take(dict: Dict, key: string, value: string | number | boolean, ttl: number): boolean {
    const [taken, err, forcible] = dict.raw.add(key, value, ttl);
    if (forcible) {
        note_eviction(dict, key);
    }
    if (!taken && err !== "exists") {
        note_failure(dict, key, err);
    }
    return taken;
}

/** Adds to a counter that starts from 0; returns the new value, or 0 when the dict is full. */
export function increment(dict: Dict, key: string, by = 1): number {
    const [value, err, forcible] = dict.raw.incr(key, by, 0);
    if (forcible === true) {
        note_eviction(dict, key);
    }
    if (value === undefined) {
        note_failure(dict, key, err);
        return 0;
    }
    return value;
}

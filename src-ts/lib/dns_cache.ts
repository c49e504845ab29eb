/* The answers of the name servers that this worker remembers. */
import * as clock from "./clock";

export interface Entry {
    /** Empty for a name that could not be resolved. */
    ips: string[];
    err: string;
    /** When the name servers said so, by clock.monotonic(). */
    readonly learned: number;
    /** From when on it is to be looked up again, by the same clock. */
    expires: number;
    /** Index of the address to give next: several addresses share the requests. */
    next: number;
    /** The last look-up failed: these are the addresses of an earlier one. */
    is_stale: boolean;
    /** When the log last said so. */
    warned_at: number;
}

/** Seconds for which an answer counts at least and at most, whatever its TTL is. */
const MIN_TTL_S = 1;
export const MAX_TTL_S = 3600;
const DOUBTED_TTL_S = 1;
const MOST_NAMES = 5000;

let cache: Record<string, Entry | undefined> = {};
let names = 0;

/** What is remembered of a name, however old it is. */
export function get(host: string): Entry | undefined {
    return cache[host];
}

/** Remembers the answer for a name, or with no address why there is none. */
export function remember(host: string, ips: string[], ttl: number, err = ""): Entry {
    names += cache[host] === undefined ? 1 : 0;
    if (names > MOST_NAMES) {
        // What somebody else's redirects lead to must not fill the memory.
        cache = {};
        names = 1;
    }
    const learned = clock.monotonic();
    const expires = learned + math.max(MIN_TTL_S, math.min(ttl, MAX_TTL_S));
    const entry: Entry = { ips, err, learned, expires, next: 0, is_stale: false, warned_at: -math.huge };
    cache[host] = entry;
    return entry;
}

/** The address to use now: several take turns. */
export function next_ip(entry: Entry): string | undefined {
    const ip = entry.ips[entry.next];
    entry.next = (entry.next + 1) % math.max(1, entry.ips.length);
    return ip;
}

/**
 * Notes that the answer for a name may be no longer true, since nobody served there or the host was away: a container that
 * comes back has another address, and Docker's name server vouches for the old one for ten minutes. The next resolve_host
 * asks again, whatever the TTL, though not more than once a second. Never waits.
 */
export function doubt(host: string): void {
    const entry = cache[host];
    // Names without an address and servers that fail are asked again soon as it is.
    if (entry !== undefined && entry.ips.length > 0 && !entry.is_stale) {
        entry.expires = math.min(entry.expires, entry.learned + DOUBTED_TTL_S);
    }
}

/*
 * Host name -> IP address, cached per worker by the TTL of the answer. One look-up per name at a time, which one request
 * waits for when an answer has run out; while the name servers fail, the last answer stays in use and nobody waits.
 */
import { new as create_semaphore } from "ngx.semaphore";
import type { Semaphore } from "ngx.semaphore";
import * as logger from "../logger";
import { ip_literal } from "./address";
import * as clock from "./clock";
import * as cache from "./dns_cache";
import type { Entry } from "./dns_cache";
import * as files from "./dns_files";
import { look_up } from "./dns_query";
import type { Addresses } from "./dns_query";

export { doubt } from "./dns_cache";

interface Flight {
    readonly landed: Semaphore;
    waiters: number;
    /** By clock.monotonic(); after it its owner must have been killed while it waited. */
    readonly deadline: number;
}

const NEGATIVE_TTL_S = 2;
const STALE_RETRY_S = 5;
const WARN_INTERVAL_S = 60;
const FLIGHT_LIMIT_S = 10;

const flights: Record<string, Flight | undefined> = {};

function answer(entry: Entry): Result<string> {
    const ip = cache.next_ip(entry);
    if (ip === undefined) {
        return $multi(undefined, entry.err);
    }
    return $multi(ip);
}

function keep_stale(host: string, entry: Entry, cause: string): void {
    entry.is_stale = true;
    entry.expires = clock.monotonic() + STALE_RETRY_S;
    if (clock.monotonic() - entry.warned_at < WARN_INTERVAL_S) {
        return;
    }
    entry.warned_at = clock.monotonic();
    logger.warn("DNS", "cannot resolve %s, the last answer stays in use: %s", host, cause);
}

function settle(host: string, addresses: Addresses | undefined, cause: string, is_definite: boolean): void {
    const known = cache.get(host);
    if (addresses !== undefined) {
        cache.remember(host, addresses.ips, addresses.ttl);
    } else if (known !== undefined && known.ips.length > 0 && !is_definite) {
        keep_stale(host, known, cause);
    } else {
        cache.remember(host, [], NEGATIVE_TTL_S, `cannot resolve ${host}: ${cause}`);
    }
}

function refresh(host: string): void {
    const [landed, err] = create_semaphore();
    if (landed === undefined) {
        return settle(host, undefined, err ?? "", false);
    }
    const flight: Flight = { landed, waiters: 0, deadline: clock.monotonic() + FLIGHT_LIMIT_S };
    flights[host] = flight;
    const [addresses, cause, is_definite] = look_up(host);
    settle(host, addresses, cause ?? "", is_definite === true);
    flights[host] = undefined;
    if (flight.waiters > 0) {
        landed.post(flight.waiters);
    }
}

function flight_of(host: string): Flight | undefined {
    const flight = flights[host];
    return flight !== undefined && flight.deadline > clock.monotonic() ? flight : undefined;
}

function refresh_in_timer(premature: boolean, host: string): void {
    if (!premature && flight_of(host) === undefined) {
        refresh(host);
    }
}

/** An answer without the DNS: the name is an address, or stands in /etc/hosts. */
function local_entry(host: string): Entry | undefined {
    const literal = ip_literal(host);
    if (literal !== undefined) {
        return cache.remember(host, [literal], cache.MAX_TTL_S);
    }
    const ips = files.hosts()[string.lower(host)];
    return ips === undefined ? undefined : cache.remember(host, ips, files.FILE_TTL_S);
}

function resolve(host: string, known: Entry | undefined): Result<string> {
    const local = local_entry(host);
    if (local !== undefined) {
        return answer(local);
    }
    const flight = flight_of(host);
    if (known !== undefined && known.ips.length > 0) {
        if (flight !== undefined) {
            return answer(known);
        }
        if (known.is_stale) {
            // Until then nobody else starts one.
            known.expires = clock.monotonic() + STALE_RETRY_S;
            ngx.timer.at(0, refresh_in_timer, host);
            return answer(known);
        }
    }
    if (flight === undefined) {
        refresh(host);
    } else {
        flight.waiters += 1;
        flight.landed.wait(FLIGHT_LIMIT_S);
    }
    const entry = cache.get(host);
    if (entry === undefined) {
        return $multi(undefined, `cannot resolve ${host}: timeout`);
    }
    return answer(entry);
}

/**
 * The IP address of a host in the form that nginx takes for a peer or a socket (IPv6 in brackets). IP literals and names
 * of /etc/hosts need no name server; several addresses of a name take turns. nil and "cannot resolve <host>: <cause>";
 * a failure is remembered for 2 seconds. May wait, so not in the balancer phase: see cached_host.
 */
export function resolve_host(host: string): Result<string> {
    const entry = cache.get(host);
    if (entry !== undefined && entry.expires > clock.monotonic()) {
        return answer(entry);
    }
    return resolve(host, entry);
}

/** All addresses that resolve_host would give in turn, as far as they are known without waiting. */
export function cached_addresses(host: string): readonly string[] {
    const entry = cache.get(host);
    if (entry !== undefined && entry.ips.length > 0) {
        return entry.ips;
    }
    const literal = ip_literal(host);
    return literal === undefined ? [] : [literal];
}

/** Like resolve_host, but without waiting: an answer of any age, or nil when the name was never resolved. */
export function cached_host(host: string): string | undefined {
    const entry = cache.get(host);
    if (entry !== undefined && entry.ips.length > 0) {
        return cache.next_ip(entry);
    }
    return ip_literal(host);
}

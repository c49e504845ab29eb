/* What somebody sends as a check, looked at field by field: pure functions. */
import { is_flag, is_given, is_header_map, is_line, is_one_of, is_text, is_whole, read_fields } from "../lib/fields";
import type { FieldRule, Fields, Verify } from "../lib/fields";
import { parse_url } from "../lib/url";

export interface CheckFields {
    name: string;
    kind: CheckKind;
    target: CheckTarget;
    interval: number;
    timeout_ms: number;
    /** Nil: all. */
    regions: string[] | undefined;
    strategy: Strategy | undefined;
    quorum: number | undefined;
    active: boolean;
}

const DEFAULTS = { interval: 60, timeout_ms: 10000 };
const REGIONS_MAX = 50;
const NAME = "^[%w_.-]+$";
const STRATEGIES: Record<string, boolean | undefined> = { "any-down": true, "majority-down": true, "all-down": true };
const METHODS: Record<string, boolean | undefined> = {
    GET: true,
    HEAD: true,
    POST: true,
    PUT: true,
    PATCH: true,
    DELETE: true,
    OPTIONS: true,
};
const DNS_TYPES: Record<string, boolean | undefined> = {
    A: true,
    AAAA: true,
    CNAME: true,
    MX: true,
    NS: true,
    TXT: true,
};

const is_url: Verify = (value) => typeof value === "string" && value.length <= 2000 && parse_url(value) !== undefined;

/** "200-299,304": parts from 100 to 599. */
const is_status_list: Verify = (value) => {
    if (typeof value !== "string" || value === "" || value.length > 200) {
        return false;
    }
    for (const [part] of string.gmatch(value + ",", "([^,]*),")) {
        const [one] = string.match(part as string, "^%s*([1-5]%d%d)%s*$");
        const [range] = string.match(part as string, "^%s*([1-5]%d%d%-[1-5]%d%d)%s*$");
        if (one === undefined && range === undefined) {
            return false;
        }
    }
    return true;
};

const TARGETS: Record<CheckKind, readonly FieldRule[]> = {
    http: [
        { name: "url", verify: is_url, allowed: "an http or https URL", required: true },
        { name: "method", verify: is_one_of(METHODS), allowed: "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS" },
        { name: "headers", verify: is_header_map, allowed: "an object of texts by header name" },
        { name: "body", verify: is_text(65536), allowed: "a text of up to 64 KiB" },
        { name: "expected_status", verify: is_status_list, allowed: "a list as in 200-299,304" },
        { name: "keyword", verify: is_text(1000, 1), allowed: "a text of up to 1000 bytes" },
        { name: "invert_keyword", verify: is_flag, allowed: "true or false" },
        { name: "max_redirects", verify: is_whole(0, 20), allowed: "a whole number from 0 to 20" },
        { name: "min_tls_days", verify: is_whole(0, 3650), allowed: "a whole number from 0 to 3650" },
        { name: "ignore_tls", verify: is_flag, allowed: "true or false" },
    ],
    tcp: [
        { name: "host", verify: is_line(255, 1), allowed: "a host name or an IP address", required: true },
        { name: "port", verify: is_whole(1, 65535), allowed: "a whole number from 1 to 65535", required: true },
    ],
    dns: [
        { name: "name", verify: is_line(255, 1), allowed: "a host name", required: true },
        { name: "type", verify: is_one_of(DNS_TYPES), allowed: "A, AAAA, CNAME, MX, NS or TXT" },
        { name: "server", verify: is_line(255, 1), allowed: "ip or ip:port" },
        { name: "expected", verify: is_line(1000, 1), allowed: "a text of up to 1000 bytes" },
    ],
};

function read_target(kind: CheckKind, given: unknown): Result<CheckTarget> {
    if (typeof given !== "object" || given === ngx.null) {
        return $multi(undefined, "target must be an object");
    }
    const [target, err] = read_fields(given as Fields, TARGETS[kind], "target.");
    if (target === undefined) {
        return $multi(undefined, err);
    }
    return $multi(target as unknown as CheckTarget);
}

function read_regions(given: unknown): Result<string[] | false> {
    if (!is_given(given)) {
        return $multi(false);
    }
    const regions: string[] = [];
    if (typeof given === "object") {
        for (const region of given as string[]) {
            if (typeof region !== "string" || string.match(region, NAME)[0] === undefined || region.length > 64) {
                return $multi(undefined, "regions must be a list of names of letters, digits, _ . and -");
            }
            table.insert(regions, region);
        }
    }
    if (typeof given !== "object" || regions.length > REGIONS_MAX) {
        return $multi(undefined, `regions must be a list of at most ${REGIONS_MAX} names`);
    }
    return $multi(regions.length === 0 ? false : regions);
}

const PLAIN: readonly FieldRule[] = [
    { name: "name", verify: is_line(150, 1), allowed: "a text of 1 to 150 bytes", required: true },
    {
        name: "kind",
        verify: is_one_of({ http: true, tcp: true, dns: true }),
        allowed: "http, tcp or dns",
        required: true,
    },
    { name: "interval", verify: is_whole(5, 86400), allowed: "a whole number of seconds from 5 to 86400" },
    { name: "timeout_ms", verify: is_whole(100, 60000), allowed: "a whole number from 100 to 60000" },
    { name: "strategy", verify: is_one_of(STRATEGIES), allowed: "any-down, majority-down or all-down" },
    { name: "quorum", verify: is_whole(1, 1000), allowed: "a whole number from 1 to 1000" },
    { name: "active", verify: is_flag, allowed: "true or false" },
];

/** A check of what was given, what is missing by default; or nil and what is wrong with it, as a sentence. */
export function read_check(given: Record<string, unknown>): Result<CheckFields> {
    const [values, err] = read_fields(given, PLAIN);
    if (values === undefined) {
        return $multi(undefined, err);
    }
    const kind = values.kind as CheckKind;
    const [target, target_err] = read_target(kind, given.target);
    if (target === undefined) {
        return $multi(undefined, target_err);
    }
    const [regions, regions_err] = read_regions(given.regions);
    if (regions === undefined) {
        return $multi(undefined, regions_err);
    }
    const interval = (values.interval as number | undefined) ?? DEFAULTS.interval;
    const timeout_ms = (values.timeout_ms as number | undefined) ?? math.min(DEFAULTS.timeout_ms, interval * 800);
    if (timeout_ms > interval * 1000) {
        return $multi(undefined, "timeout_ms must not be longer than the interval");
    }
    return $multi({
        name: values.name as string,
        kind,
        target,
        interval,
        timeout_ms,
        regions: regions === false ? undefined : regions,
        strategy: values.strategy as Strategy | undefined,
        quorum: values.quorum as number | undefined,
        active: values.active !== false,
    });
}

/* What may stand in the target of a check, field by field: pure functions. */
import { is_flag, is_header_map, is_line, is_name_server, is_one_of, is_text, is_whole, read_fields } from "./fields";
import type { FieldRule, Fields, Verify } from "./fields";
import { parse_url } from "./url";

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
        const [from, dash, to] = string.match(part as string, "^%s*([1-5]%d%d)%s*(%-?)%s*(%d*)%s*$");
        const is_range = dash === "-" && string.match(to ?? "", "^[1-5]%d%d$")[0] !== undefined;
        if (from === undefined || (!is_range && `${dash}${to}` !== "")) {
            return false;
        }
    }
    return true;
};

const is_host: Verify = (value) => typeof value === "string" && string.match(value, "^[%w.:_%[%]-]+$")[0] !== undefined;

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
        { name: "host", verify: is_host, allowed: "a host name or an IP address", required: true },
        { name: "port", verify: is_whole(1, 65535), allowed: "a whole number from 1 to 65535", required: true },
    ],
    dns: [
        { name: "name", verify: is_line(255, 1), allowed: "a host name", required: true },
        { name: "type", verify: is_one_of(DNS_TYPES), allowed: "A, AAAA, CNAME, MX, NS or TXT" },
        { name: "server", verify: is_name_server, allowed: "ip or ip:port" },
        { name: "expected", verify: is_line(1000, 1), allowed: "a text of up to 1000 bytes" },
    ],
};

/** True for the name of a kind of check. */
export function is_check_kind(kind: unknown): boolean {
    return typeof kind === "string" && (TARGETS as Record<string, unknown>)[kind] !== undefined;
}

/** The target of a check of this kind; nil and what is wrong with it, as a sentence. */
export function read_target(kind: CheckKind, given: unknown): Result<CheckTarget> {
    if (typeof given !== "object") {
        return $multi(undefined, "target must be an object");
    }
    const [fields, err] = read_fields(given as Fields, TARGETS[kind], "target.");
    if (fields === undefined) {
        return $multi(undefined, err);
    }
    return $multi(fields as unknown as CheckTarget);
}

/* Messages of HTTP/1.1 (RFC 9112): pure functions. */

/** By name in lower case; the values of one that comes several times are joined by ", ". */
export type Headers = Record<string, string | undefined>;

export interface Head {
    readonly status: number;
    readonly headers: Headers;
}

/** How the end of a body is known: there is none, by its length, by a last chunk, or by that of the connection. */
export type Framing = number | "chunked" | "close";

export const NO_BODY: Framing = 0;

const STATUS_LINE = "^HTTP/1%.%d (%d%d%d)%f[^%d]";
const HEADER_LINE = "^([%w!#$%%&'*+.^_`|~-]+)[ \t]*:[ \t]*(.-)[ \t]*$";

/** The status of an answer's first line; nil when it is none of HTTP/1. */
export function parse_status_line(line: string): number | undefined {
    return tonumber(string.match(line, STATUS_LINE)[0] ?? "");
}

/** Adds a header line; one that is none is passed over, as browsers do. */
export function add_header_line(headers: Headers, line: string): void {
    const [name, value] = string.match(line, HEADER_LINE);
    if (name !== undefined) {
        const key = string.lower(name);
        const known = headers[key];
        headers[key] = known === undefined ? value : `${known}, ${value}`;
    }
}

/** The one length that a Content-Length names, be it several times; nil for anything else. */
function parse_length(text: string): number | undefined {
    const [first] = string.match(text, "^%d+");
    if (first === undefined || first.length > 15) {
        return undefined;
    }
    for (const [part] of string.gmatch(text + ",", "[ \t]*([^,]-)[ \t]*,")) {
        if (part !== first) {
            return undefined;
        }
    }
    return tonumber(first);
}

/** How the body of an answer to a request of this method ends (RFC 9112, 6.3). */
export function framing_of(method: string, { status, headers }: Head): Result<Framing> {
    if (method === "HEAD" || status < 200 || status === 204 || status === 304) {
        return $multi(NO_BODY);
    }
    const coding = headers["transfer-encoding"];
    if (coding !== undefined) {
        const [last] = string.match(string.lower(coding), "([^,%s]+)$");
        const framing: Framing = last === "chunked" ? "chunked" : "close";
        return $multi(framing);
    }
    const text = headers["content-length"];
    if (text === undefined) {
        return $multi("close" as Framing);
    }
    const length = parse_length(text);
    if (length === undefined) {
        return $multi(undefined, "the answer has a wrong Content-Length");
    }
    return $multi(length as Framing);
}

/** The size that the first line of a chunk names, 0 for the last one; nil when it names none. */
export function parse_chunk_size(line: string): number | undefined {
    const [digits] = string.match(line, "^[ \t]*(%x+)[ \t]*%f[;%z]");
    return digits === undefined || digits.length > 12 ? undefined : tonumber(digits, 16);
}

/** What a request says of its own end. */
const RESERVED: Record<string, boolean | undefined> = {
    "content-length": true,
    "transfer-encoding": true,
    connection: true,
};

function add_defaults(lines: string[], host: string, headers: Record<string, string>): void {
    const given: Record<string, boolean | undefined> = {};
    for (const [name] of pairs(headers)) {
        given[string.lower(name)] = true;
    }
    const defaults: readonly (readonly [string, string])[] = [
        ["Host", host],
        ["User-Agent", "uptime-kuma-cluster"],
        ["Accept", "*/*"],
        ["Accept-Encoding", "identity"],
    ];
    for (const [name, value] of defaults) {
        if (given[string.lower(name)] !== true) {
            table.insert(lines, `${name}: ${value}`);
        }
    }
}

/**
 * A request of HTTP/1.1 after which the connection ends. `headers` win over `host` and over what is said by default; how
 * long the body is and that the connection ends is always said here.
 */
export function encode_request(
    method: string,
    path: string,
    host: string,
    headers: Record<string, string>,
    body: string | undefined,
): string {
    const lines = [`${method} ${path} HTTP/1.1`];
    add_defaults(lines, host, headers);
    for (const [name, value] of pairs(headers)) {
        if (RESERVED[string.lower(name)] !== true) {
            table.insert(lines, `${name}: ${value}`);
        }
    }
    if (body !== undefined || method === "POST" || method === "PUT" || method === "PATCH") {
        table.insert(lines, `Content-Length: ${string.format("%d", (body ?? "").length)}`);
    }
    table.insert(lines, `Connection: close\r\n\r\n${body ?? ""}`);
    return table.concat(lines, "\r\n");
}

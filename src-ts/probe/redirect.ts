/* Where a redirect leads to, and what is asked there (RFC 9110, 15.4; RFC 3986, 5). Pure. */
import { parse_url } from "../lib/url";
import type { Url } from "../lib/url";

/** A request on its way through redirects. */
export interface Step {
    readonly url: Url;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body: string | undefined;
}

const REDIRECTS: Record<number, boolean | undefined> = { 301: true, 302: true, 303: true, 307: true, 308: true };

/** What is meant for the first server only, and what tells of a body. */
const OF_ORIGIN: Record<string, boolean | undefined> = { authorization: true, cookie: true, host: true };
const OF_BODY: Record<string, boolean | undefined> = { "content-type": true, "content-encoding": true };

/** What must not stand in a URL as it is. */
const UNSAFE = `[%s%c${string.char(0x80)}-${string.char(0xff)}]`;

export function is_redirect(status: number): boolean {
    return REDIRECTS[status] === true;
}

/** A path without "." and "..". */
function remove_dots(path: string): string {
    const parts: string[] = [];
    for (const [part] of string.gmatch(path, "/([^/]*)")) {
        if (part === "..") {
            table.remove(parts);
        } else if (part !== ".") {
            table.insert(parts, part as string);
        }
    }
    const [is_folder] = string.match(path, "/%.%.?$");
    return `/${table.concat(parts, "/")}${is_folder !== undefined && parts.length > 0 ? "/" : ""}`;
}

/** Scheme and server, the port only where it is not the scheme's own. */
function origin({ is_https, host, port }: Url): string {
    const suffix = port === (is_https ? 443 : 80) ? "" : `:${string.format("%d", port)}`;
    return `${is_https ? "https" : "http"}://${host}${suffix}`;
}

/** As a relative reference without a scheme or server. */
function join_path(base: Url, text: string): string {
    const [base_path] = string.match(base.path, "^[^?]*");
    const [path, query] = string.match(text, "^([^?]*)(.*)$");
    if (path === undefined || path === "") {
        return text === "" ? base.path : `${base_path}${text}`;
    }
    const [folder] = string.match(base_path ?? "", "^(.*/)");
    return remove_dots(string.sub(path, 1, 1) === "/" ? path : `${folder ?? "/"}${path}`) + (query ?? "");
}

/** The text of the URL that a reference stands for, seen from another one; without its fragment. */
export function join_url(base: Url, reference: string): string {
    const [plain] = string.match(reference, "^%s*([^#]-)%s*%f[#%z]");
    // Servers send characters that they should have encoded.
    const encode = (byte: string): string => string.format("%%%02X", string.byte(byte));
    const [text] = string.gsub(plain ?? "", UNSAFE, encode);
    const [scheme, rest] = string.match(text, "^(%a[%w+.-]*):(.*)$");
    if (scheme !== undefined) {
        return `${string.lower(scheme)}:${rest}`;
    }
    if (string.sub(text, 1, 2) === "//") {
        return `${base.is_https ? "https" : "http"}:${text}`;
    }
    return origin(base) + join_path(base, text);
}

function without(headers: Record<string, string>, names: Record<string, boolean | undefined>): Record<string, string> {
    const left: Record<string, string> = {};
    for (const [name, value] of pairs(headers)) {
        if (names[string.lower(name)] !== true) {
            left[name] = value;
        }
    }
    return left;
}

/** As browsers do: only 307 and 308 repeat a POST, and 303 nothing but a HEAD. */
function next_method(method: string, status: number): string {
    const is_get = status === 303 || (status <= 302 && method === "POST");
    return is_get && method !== "HEAD" ? "GET" : method;
}

/** What follows a redirect; nil and why nothing can. */
export function follow(step: Step, status: number, location: string | undefined): Result<Step> {
    if (location === undefined) {
        return $multi(undefined, `answered ${status} without a Location`);
    }
    const text = join_url(step.url, location);
    const url = parse_url(text);
    if (url === undefined) {
        return $multi(undefined, `answered ${status} to ${string.sub(text, 1, 80)}, which is no http or https URL`);
    }
    const method = next_method(step.method, status);
    const own = origin(url) === origin(step.url) ? step.headers : without(step.headers, OF_ORIGIN);
    const is_same = method === step.method;
    const headers = is_same ? own : without(own, OF_BODY);
    return $multi({ url, method, headers, body: is_same ? step.body : undefined });
}

/* /etc/resolv.conf: which name servers to ask, and for which names. Pure: the text comes from dns_files. */
import { ip_literal } from "./address";
import { lines, words } from "./text";

export interface ResolvConf {
    /** IP literals, IPv6 in brackets, in the order to ask. */
    nameservers: string[];
    /** Domains to try for a short name. */
    search: string[];
    /** Dots from which on a name is tried as it is first. */
    ndots: number;
    /** Seconds to wait for one server. */
    timeout: number;
    /** Rounds through the servers. */
    attempts: number;
}

const MAX_NAMESERVERS = 3;
const MAX_NDOTS = 15;
const MAX_TIMEOUT_S = 5;
const MAX_ATTEMPTS = 5;
// libc's 5 seconds would be longer than a request can wait.
const DEFAULT_TIMEOUT_S = 2;
const DEFAULT_ATTEMPTS = 2;

function option(conf: ResolvConf, text: string): void {
    const [name, digits] = string.match(text, "^(%a+):(%d+)$");
    const value = tonumber(digits ?? "");
    if (value === undefined) {
        return;
    }
    if (name === "ndots") {
        conf.ndots = math.min(value, MAX_NDOTS);
    }
    if (name === "timeout") {
        conf.timeout = math.max(1, math.min(value, MAX_TIMEOUT_S));
    }
    if (name === "attempts") {
        conf.attempts = math.max(1, math.min(value, MAX_ATTEMPTS));
    }
}

function nameserver(conf: ResolvConf, text: string): void {
    // nginx cannot use the zone of a link-local address.
    const [address] = string.match(text, "^[^%%]+");
    const ip = address === undefined ? undefined : ip_literal(address);
    if (ip !== undefined && conf.nameservers.length < MAX_NAMESERVERS) {
        conf.nameservers.push(ip);
    }
}

/** What a text in the format of resolv.conf(5) says. Lines that are not understood are passed over, as libc does. */
export function parse_resolv_conf(text: string): ResolvConf {
    const conf: ResolvConf = {
        nameservers: [],
        search: [],
        ndots: 1,
        timeout: DEFAULT_TIMEOUT_S,
        attempts: DEFAULT_ATTEMPTS,
    };
    for (const line of lines(text)) {
        const [keyword, rest] = string.match(line, "^%s*(%a+)%s+([^#;]*)");
        const values = words(rest ?? "");
        // The last of several search and domain lines counts.
        if (keyword === "search" || keyword === "domain") {
            conf.search = values;
        }
        if (keyword === "nameserver") {
            nameserver(conf, values[0] ?? "");
        }
        if (keyword === "options") {
            for (const value of values) {
                option(conf, value);
            }
        }
    }
    return conf;
}

/** The absolute names to try for a name, in order; one that ends with a dot is absolute already. */
export function absolute_names(name: string, conf: ResolvConf): string[] {
    const [absolute] = string.match(name, "^(.*)%.$");
    if (absolute !== undefined) {
        return [absolute];
    }
    const names: string[] = [];
    for (const domain of conf.search) {
        names.push(`${name}.${string.gsub(domain, "^%.*(.-)%.*$", "%1")[0]}`);
    }
    const [, dots] = string.gsub(name, "%.", "");
    table.insert(names, dots >= conf.ndots ? 1 : names.length + 1, name);
    return names;
}

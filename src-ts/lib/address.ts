/* Host and port as people write them: `name`, `name:port`, `ip:port`, `[ipv6]:port`, bare IPv6. */
import { contains } from "./text";

const MAX_PORT = 65535;

function split(address: string): LuaMultiReturn<[host: string | undefined, port: string | undefined]> {
    const [bracketed, colon, rest] = string.match(address, "^(%[[^%]]+%])(:?)(.*)$");
    if (bracketed !== undefined) {
        if (colon === "" && rest === "") {
            return $multi(bracketed, undefined);
        }
        return $multi(bracketed, colon === "" ? "" : rest);
    }
    const [, colons] = string.gsub(address, ":", "");
    if (colons > 1) {
        return $multi(`[${address}]`, undefined);
    }
    const [host, port] = string.match(address, "^([^:]*):(.*)$");
    if (host === undefined) {
        return $multi(address, undefined);
    }
    return $multi(host, port);
}

/**
 * Host and TCP port of an address. An IPv6 host comes back in brackets. nil and the cause when the port is no number
 * from 1 to 65535 or the host is missing.
 */
export function parse_address(
    address: string,
    default_port: number,
): LuaMultiReturn<[host: string, port: number] | [host: undefined, err: string]> {
    const [host, port_text] = split(address);
    const port = port_text === undefined ? default_port : tonumber(string.match(port_text, "^%d+$")[0] ?? "");
    if (host === undefined || host === "" || port === undefined || port < 1 || port > MAX_PORT) {
        return $multi(undefined, `"${address}" is not host:port`);
    }
    return $multi(host, port);
}

/** True for the dotted form, as in 127.0.0.1. */
export function is_ipv4(host: string): boolean {
    const [a, b, c, d] = string.match(host, "^(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$");
    if (a === undefined) {
        return false;
    }
    for (const part of [a, b, c, d]) {
        if ((tonumber(part) ?? 256) > 255) {
            return false;
        }
    }
    return true;
}

/**
 * An IP address in the form that nginx takes for a peer, IPv6 in brackets; nil for a name.
 */
export function ip_literal(host: string): string | undefined {
    if (is_ipv4(host)) {
        return host;
    }
    const [inner] = string.match(host, "^%[?([%x:.]+)%]?$");
    if (inner === undefined || !contains(inner, ":")) {
        return undefined;
    }
    return `[${inner}]`;
}

/** Port on which Uptime Kuma listens unless told otherwise. */
const KUMA_PORT = 3001;

/** Host and port of a node as the table has it; what cannot be read is kept as a name, which then does not resolve. */
export function node_address(host: string): LuaMultiReturn<[name: string, port: number]> {
    const [name, port] = parse_address(host, KUMA_PORT);
    if (name === undefined) {
        return $multi(host, KUMA_PORT);
    }
    return $multi(name, port);
}

/* URLs of HTTP servers. */
import { parse_address } from "./address";

export interface Url {
    readonly text: string;
    readonly is_https: boolean;
    /** Host name, or IP address, IPv6 in brackets. */
    readonly host: string;
    readonly port: number;
    /** Begins with a slash. */
    readonly path: string;
}

/** The parts of `http://host`, `https://host:port/path`; nil for anything else, also for one with a user in it. */
export function parse_url(text: string): Url | undefined {
    const [scheme, authority, path] = string.match(text, "^(https?)://([^/?#@%s%c]+)([^%s%c#]*)$");
    if (scheme === undefined) {
        return undefined;
    }
    const is_https = scheme === "https";
    const [host, port] = parse_address(authority ?? "", is_https ? 443 : 80);
    if (host === undefined) {
        return undefined;
    }
    const [begin] = string.match(path ?? "", "^(.?)");
    return { text, is_https, host, port: port as number, path: begin === "/" ? (path as string) : "/" + (path ?? "") };
}

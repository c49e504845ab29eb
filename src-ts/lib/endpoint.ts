/* Something to be reached: `host:port`, or a URL. */
import { parse_address } from "./address";
import { parse_url } from "./url";
import type { Url } from "./url";

export interface Endpoint {
    readonly text: string;
    readonly host: string;
    readonly port: number;
    /** Of one that is asked by HTTP. */
    readonly url?: Url;
}

/** Nil for what is neither. */
export function parse_endpoint(text: string): Endpoint | undefined {
    const url = parse_url(text);
    if (url !== undefined) {
        return { text, host: url.host, port: url.port, url };
    }
    const [host, port] = parse_address(text, 0);
    const is_host = host !== undefined && string.match(host, "^%[?[%w.:_-]+%]?$")[0] !== undefined;
    return is_host ? { text, host, port } : undefined;
}

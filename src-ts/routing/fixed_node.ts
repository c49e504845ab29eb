/* The cookie that pins a browser to one node. Its value is only ever compared with known node ids. */
import * as states from "../lib/states";
import { contains } from "../lib/text";
import type { Peer } from "./choose";
import type { Snapshot } from "./snapshot";

export const COOKIE = "KUMA_FIXED_NODE";

const VARIABLE = `cookie_${COOKIE}`;
const ATTRIBUTES = "Path=/; HttpOnly; SameSite=Lax";

/** Why a cookie is not followed. */
export type InvalidReason = "unknown_node" | "node_not_online" | "several_cookies";

/** The value that makes a browser forget the cookie. */
export const CLEARED = `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`;

/** The value that pins a browser to a node for that many seconds. */
export function cookie_for(node_id: string, seconds: number, is_https: boolean): string {
    const secure = is_https ? "; Secure" : "";
    return `${COOKIE}=${node_id}; Max-Age=${string.format("%d", seconds)}; ${ATTRIBUTES}${secure}`;
}

/** True for a node id that a cookie can hold as it is. */
export function is_cookie_value(node_id: string): boolean {
    return string.match(node_id, "^[%w_.-]+$")[0] !== undefined;
}

/** nginx gives the first cookie of a name: whether there is another. */
function has_several(cookies: string): boolean {
    const [, count] = string.gsub(";" + cookies, "[; ]" + COOKIE + "=", "");
    return count > 1;
}

/** What the cookie of this request says: nothing, the node that it names, or why it is not followed. */
export function read(
    snapshot: Snapshot,
): LuaMultiReturn<[peer: Peer | undefined, invalid_reason?: InvalidReason | undefined]> {
    const cookies = ngx.var.http_cookie;
    // Most requests; nginx finds one cookie only after it has tried all its other names with a prefix.
    if (cookies === undefined || !contains(cookies, COOKIE)) {
        return $multi(undefined);
    }
    const value = ngx.var[VARIABLE];
    if (value === undefined || value === "") {
        return $multi(undefined);
    }
    if (has_several(cookies)) {
        return $multi(undefined, "several_cookies");
    }
    const peer = snapshot.peers[value];
    if (peer === undefined) {
        return $multi(undefined, "unknown_node");
    }
    if (peer.status !== states.ONLINE) {
        return $multi(undefined, "node_not_online");
    }
    return $multi(peer);
}

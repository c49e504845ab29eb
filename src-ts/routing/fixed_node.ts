/* The cookie that pins a browser to one node. Its value is only ever compared with known node ids. */
import * as states from "../lib/states";
import type { Peer } from "./choose";
import type { Snapshot } from "./snapshot";

export const COOKIE = "KUMA_FIXED_NODE";

const VARIABLE = `cookie_${COOKIE}`;

/** The value that makes a browser forget the cookie. */
export const CLEARED = `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;

/**
 * The pinned node of this request.
 * @returns the peer when it is known and online; and whether a cookie is there that names no such node
 */
export function pinned(snapshot: Snapshot): LuaMultiReturn<[peer: Peer | undefined, is_stale: boolean]> {
    if (ngx.var.http_cookie === undefined) {
        // Most requests; nginx finds one cookie only after it has tried all its other names with a prefix.
        return $multi(undefined, false);
    }
    const value = ngx.var[VARIABLE];
    if (value === undefined || value === "") {
        return $multi(undefined, false);
    }
    const peer = snapshot.peers[value];
    if (peer === undefined || peer.status !== states.ONLINE) {
        return $multi(undefined, true);
    }
    return $multi(peer, false);
}

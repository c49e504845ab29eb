/* The cookie that pins a browser to one node. Its value is only ever compared with known node ids. */
import * as states from "../lib/states";
import type { Peer } from "./choose";
import type { Snapshot } from "./snapshot";

export const COOKIE = "KUMA_FIXED_NODE";

/** The value that makes a browser forget the cookie. */
export const CLEARED = `${COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`;

/**
 * The pinned node of this request.
 * @returns the peer when it is known and online; and whether a cookie is there that names no such node
 */
export function pinned(snapshot: Snapshot): LuaMultiReturn<[peer: Peer | undefined, is_stale: boolean]> {
    const value = ngx.var["cookie_" + COOKIE];
    if (value === undefined || value === "") {
        return $multi(undefined, false);
    }
    const peer = snapshot.peers[value];
    if (peer === undefined || peer.status !== states.ONLINE) {
        return $multi(undefined, true);
    }
    return $multi(peer, false);
}

/*
 * A socket.io session lives in one process. The agent begins every session id with "<node id>.", so the route of a
 * session needs no memory here and no cookie on the client; the cookie kuma_node helps for ids without the prefix.
 */
import * as states from "../lib/states";
import type { Peer } from "./choose";
import type { Snapshot } from "./snapshot";

/** The node that holds the session of this request, while it is online. */
export function session_peer(snapshot: Snapshot, uri: string): Peer | undefined {
    if (string.sub(uri, 1, 11) !== "/socket.io/") {
        return undefined;
    }
    const sid = ngx.var.arg_sid;
    if (sid === undefined || sid === "") {
        return undefined;
    }
    // The random part has no dot, a node id may have some.
    const [prefix] = string.match(sid, "^(.+)%.[^.]*$");
    const node_id = prefix ?? ngx.var.cookie_kuma_node;
    const peer = node_id === undefined ? undefined : snapshot.peers[node_id];
    return peer !== undefined && peer.status === states.ONLINE ? peer : undefined;
}

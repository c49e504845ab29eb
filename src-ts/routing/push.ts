/*
 * A push heartbeat goes to the node that runs the monitor, so that one process alone writes its statistics. The owner
 * of a token is remembered for a few seconds; without the database any node may take the push.
 */
import * as shared_dict from "../lib/shared_dict";
import * as states from "../lib/states";
import * as logger from "../logger";
import * as monitors from "../store/monitors";
import type { Peer } from "./choose";
import * as outage from "./outage";
import type { Snapshot } from "./snapshot";

/** Seconds for which the owner of a token is remembered; "" stands for a token without an owner. */
const REMEMBER_SECONDS = 5;

const dict = shared_dict.open("monitor_routing");

function owner_of(token: string, store_version: number): string {
    // A move changes the version and with it the key: nothing has to be dropped.
    const key = `push:${store_version}:${token}`;
    const known = shared_dict.get_text(dict, key);
    if (known !== undefined) {
        return known;
    }
    if (outage.cause() !== undefined) {
        // Nobody waits for a database that is known to be away.
        return "";
    }
    const [owner, err] = monitors.owner_of_push_token(token);
    if (err !== undefined) {
        logger.debug("ROUTER", "cannot find the owner of a push token: %s", err);
        return "";
    }
    shared_dict.set(dict, key, owner ?? "", REMEMBER_SECONDS);
    return owner ?? "";
}

/** The node that runs the push monitor of this request, while it is online. */
export function push_peer(snapshot: Snapshot, uri: string): Peer | undefined {
    if (string.sub(uri, 1, 10) !== "/api/push/") {
        return undefined;
    }
    const [token] = string.match(uri, "^/api/push/([%w_-]+)$");
    if (token === undefined || string.len(token) > 64) {
        return undefined;
    }
    const peer = snapshot.peers[owner_of(token, snapshot.store_version)];
    return peer !== undefined && peer.status === states.ONLINE ? peer : undefined;
}

/*
 * Tells nodes that they have got monitors, so that they need not wait for their next look at the database. Nothing
 * depends on it: a node that does not hear it looks by itself.
 */
import * as config from "../config";
import * as http_client from "../lib/http_client";
import * as logger from "../logger";
import type { NodeState } from "../store/nodes";

const PATH = "/api/v1/reconcile-monitors";
const TIMEOUT_MS = 2000;

function ask(node: NodeState): void {
    const [peer, peer_err] = http_client.find_peer(node.host);
    if (peer === undefined) {
        logger.debug("HEALTH_CHECK", "cannot tell %s of its monitors: %s", node.node_id, peer_err);
        return;
    }
    const secret = config.secrets.current === "" ? "" : `X-Cluster-Secret: ${config.secrets.current}\r\n`;
    const [answer, err] = http_client.request("POST", peer, PATH, TIMEOUT_MS, secret);
    if (answer === undefined) {
        logger.debug("HEALTH_CHECK", "cannot tell %s of its monitors: %s", node.node_id, err);
    } else if (answer.status !== 200) {
        logger.debug("HEALTH_CHECK", "cannot tell %s of its monitors: it answered %d", node.node_id, answer.status);
    }
}

/** Asks those of the nodes that got any of the monitors, all at the same time; waits for none of them. */
export function announce(nodes: readonly NodeState[], moved: Record<string, number | undefined>): void {
    for (const node of nodes) {
        if ((moved[node.node_id] ?? 0) > 0) {
            ngx.thread.spawn(ask, node);
        }
    }
}

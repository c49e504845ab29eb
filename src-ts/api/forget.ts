/* The handler by which an operator takes a node that is gone for good out of the cluster. */
import * as cluster_control from "../cluster_control";
import type { Request } from "./request";
import { database_lost, failure, ok } from "./respond";
import type { Answer } from "./respond";

/** DELETE /lb/nodes/{node}: its monitors are at home where they run now; if it comes back it is a new node. */
export function forget({ parameter: node_id }: Request): Answer {
    const [farewell, err] = cluster_control.forget_node(node_id);
    if (farewell === undefined) {
        return err === undefined ? failure(404, "node_not_found", `There is no node ${node_id}.`) : database_lost(err);
    }
    if (farewell.outcome === "not_offline") {
        return failure(409, "node_not_offline", `${node_id} is not offline: stop it first.`);
    }
    if (farewell.outcome === "pinned") {
        const hint = `Monitors are pinned to ${node_id} and would never run again: unpin them first.`;
        return failure(409, "monitors_pinned", hint);
    }
    if (farewell.outcome === "busy") {
        return failure(409, "monitors_left", `Not all monitors of ${node_id} have moved yet: try again in a moment.`);
    }
    const body: ForgottenBody = { node_id, settled: farewell.settled };
    return ok(body);
}

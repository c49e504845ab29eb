/* Handlers by which an operator has a node emptied, and takes it back. */
import * as cluster_control from "../cluster_control";
import { iso_from_sql } from "../lib/time_text";
import type { Request } from "./request";
import { database_lost, failure } from "./respond";
import type { Answer } from "./respond";

function set_drained(node_id: string, drained: boolean): Answer {
    const [node, err, is_refused] = cluster_control.set_drained(node_id, drained);
    if (node === undefined) {
        return err === undefined ? failure(404, "node_not_found", `There is no node ${node_id}.`) : database_lost(err);
    }
    if (is_refused === true) {
        const hint = `${node_id} is the last online node: nobody could take over its monitors.`;
        return failure(409, "last_online_node", hint);
    }
    const body: DrainBody = {
        node_id,
        status: node.status,
        drained: node.drained_at !== undefined,
        drained_at: iso_from_sql(node.drained_at),
        monitor_count: node.monitor_count,
    };
    return { status: 202, body };
}

/** POST /lb/nodes/{node}/drain: the node gets no new requests and loses its monitors, batch by batch. */
export function drain({ parameter }: Request): Answer {
    return set_drained(parameter, true);
}

/** POST /lb/nodes/{node}/ready: the node takes part again and gets its monitors back. */
export function ready({ parameter }: Request): Answer {
    return set_drained(parameter, false);
}

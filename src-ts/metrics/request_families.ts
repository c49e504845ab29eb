/* Families of the requests that were handed to nodes. */
import type { ClusterStatus } from "../monitor_router";
import { labels } from "./exposition";
import type { Family, Sample } from "./exposition";
import { counter, gauge, histogram, one } from "./family";
import { BOUNDS } from "./overhead";
import * as requests from "./requests";
import type { RequestTotals } from "./requests";

const REQUESTS =
    "Requests that have ended, by the node that had them last and the class of its answer: 1xx are WebSockets, canceled by" +
    " the client before an answer, none when no node answered; node is empty for what the load balancer answered by itself.";
const ROUTED = "Requests that a node had, by how it was chosen: by the load or by the cookie of a fixed node.";
const RETRIES = "Requests that this node failed and another one took over.";
const OVERHEAD =
    "Time that the load balancer added to a request that a node had: choosing the node, with any wait for its name or for" +
    " the database, measured to the microsecond, and all that was lost with nodes that failed it before, to the" +
    " millisecond. Without the passing on of bytes.";
const SOCKETS = "WebSockets that are open now.";

/** The ids to show, in a stable order: the nodes that exist, and "" for requests that no node had. */
function shown_ids(status: ClusterStatus | undefined): string[] {
    const ids: string[] = [""];
    for (const { node_id } of status?.nodes ?? []) {
        table.insert(ids, node_id);
    }
    return ids;
}

/** What a node has never done needs no sample, but for what alerts divide by. */
const ALWAYS_SHOWN: Record<string, boolean | undefined> = { "2xx": true, none: true };

function results_of(node_id: string, { nodes }: RequestTotals, samples: Sample[]): void {
    for (const result of requests.RESULTS) {
        const value = nodes[node_id]?.results[result] ?? (ALWAYS_SHOWN[result] === true ? 0 : undefined);
        if (value !== undefined) {
            table.insert(samples, { labels: labels("node", node_id, "result", result), value });
        }
    }
}

/** The families of requests, this worker's latest ones included. */
export function request_families(status: ClusterStatus | undefined): Family[] {
    requests.flush();
    const totals = requests.read();
    const results: Sample[] = [];
    const retries: Sample[] = [];
    for (const node_id of shown_ids(status)) {
        results_of(node_id, totals, results);
        if (node_id !== "") {
            table.insert(retries, { labels: labels("node", node_id), value: totals.nodes[node_id]?.retries ?? 0 });
        }
    }
    const routed: Sample[] = [];
    for (const via of requests.VIAS) {
        table.insert(routed, { labels: labels("via", via), value: requests.routed(via) });
    }
    const { counts, sum } = requests.overhead();
    return [
        counter("requests_total", REQUESTS, results),
        counter("requests_routed_total", ROUTED, routed),
        counter("request_retries_total", RETRIES, retries),
        histogram("request_overhead_seconds", OVERHEAD, { bounds: BOUNDS, counts, sum }),
        gauge("websockets", SOCKETS, one(totals.open_sockets)),
    ];
}

/* Pages that show the cluster as routing sees it. */
import * as config from "../config";
import * as monitor_router from "../monitor_router";
import type { ClusterStatus } from "../monitor_router";
import { failure, ok } from "./respond";
import type { Answer } from "./respond";

/** Seconds after which a client may ask again when nothing is there yet. */
const RETRY_AFTER = { "Retry-After": "5" };

/** The answer while nothing is known of the cluster. */
export function not_ready(reason: string): Answer {
    return failure(503, "not_ready", `The load balancer has not read the database yet: ${reason}.`, RETRY_AFTER);
}

/** 200 with what `render` makes of the cluster, or not_ready. */
export function of_cluster(render: (this: void, status: ClusterStatus) => unknown): Answer {
    const [status, err] = monitor_router.get_cluster_status();
    if (status === undefined) {
        return not_ready(err);
    }
    return ok(render(status));
}

/** How the cluster is in one word, and how many of its nodes are online. */
export function cluster_state({ nodes, database_error }: ClusterStatus): {
    state: HealthBody["status"];
    online: number;
} {
    let online = 0;
    for (const node of nodes) {
        online += node.status === "online" ? 1 : 0;
    }
    if (online === 0) {
        return { state: "down", online };
    }
    const complete = online === nodes.length && online >= config.cluster.node_count;
    return { state: complete && database_error === undefined ? "ok" : "degraded", online };
}

/** What is known of the database. */
export function database_state({ database_error }: ClusterStatus): HealthBody["database"] {
    return { status: database_error === undefined ? "ok" : "unreachable", error: database_error };
}

/** Seconds to the millisecond. */
export function milliseconds(seconds: number): number {
    return math.floor(seconds * 1000) / 1000;
}

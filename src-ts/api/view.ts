/* Pages that show the cluster as routing sees it. */
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

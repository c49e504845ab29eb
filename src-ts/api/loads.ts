/* The loads that requests are routed by, read anew. */
import * as json from "../lib/json";
import * as monitor_router from "../monitor_router";
import type { ClusterStatus } from "../monitor_router";
import { either } from "./dry_run";
import type { Request } from "./request";
import { database_lost, ok } from "./respond";
import type { Answer } from "./respond";
import { milliseconds, of_cluster } from "./view";

function render_loads(status: ClusterStatus): LoadsBody {
    const nodes: LoadsBody["nodes"][number][] = [];
    for (const { node_id, status: node_status, monitor_count, monitor_total, load } of status.nodes) {
        table.insert(nodes, {
            node_id,
            status: node_status,
            monitor_count,
            monitor_total,
            checks_per_second: math.floor(load * 10000 + 0.5) / 10000,
        });
    }
    return { nodes: json.list(nodes), snapshot_age_seconds: milliseconds(status.snapshot_age) };
}

/** GET and POST /lb/update-loads: reads the loads anew; a dry run shows those that routing goes by now. */
export function update_loads(request: Request): Answer {
    return either(
        request,
        () => of_cluster(render_loads),
        () => {
            const [status, err] = monitor_router.update_loads();
            return status === undefined ? database_lost(err) : ok(render_loads(status));
        },
    );
}

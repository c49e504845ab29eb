/* Handlers that make the cluster do something. */
import * as health_check from "../health_check";
import { failure, ok } from "./respond";
import type { Answer } from "./respond";

/** POST /lb/trigger-health-check: one round now, over all nodes. */
export function trigger_health_check(): Answer {
    const [result, err] = health_check.run_health_check();
    if (result === undefined) {
        return failure(503, "health_check_busy", `The health check could not run: ${err}.`, { "Retry-After": "5" });
    }
    const body: HealthCheckBody = { result, statistics: health_check.get_statistics() };
    return ok(body);
}

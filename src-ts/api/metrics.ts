/* GET /lb/metrics for Prometheus. */
import { CONTENT_TYPE, render } from "../metrics/exposition";
import * as families from "../metrics/families";
import type { Answer } from "./respond";

export { CONTENT_TYPE } from "../metrics/exposition";

/** GET /lb/metrics: everything that is counted and known, whatever the state of the database. */
export function metrics(): Answer {
    return { status: 200, body: render(families.all()), content_type: `${CONTENT_TYPE}; charset=utf-8` };
}

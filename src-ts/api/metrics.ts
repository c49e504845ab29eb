/* GET /lb/metrics for Prometheus. */
import { memo } from "../lib/memo";
import { CONTENT_TYPE, render } from "../metrics/exposition";
import * as families from "../metrics/families";
import type { Answer } from "./respond";

export { CONTENT_TYPE } from "../metrics/exposition";

/** Seconds for which one text serves all who ask: with 200 nodes it takes some 50 ms of the worker's time. */
const FRESH = 0.5;

const text = memo(FRESH, () => render(families.all()));

/** GET /lb/metrics: everything that is counted and known, whatever the state of the database. */
export function metrics(): Answer {
    return { status: 200, body: text(), content_type: `${CONTENT_TYPE}; charset=utf-8` };
}

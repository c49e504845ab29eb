/* A number that grows with each write that routing must see: the signal from fail-over to the routing snapshot. */
import * as shared_dict from "../lib/shared_dict";

const KEY = "store_version";
const dict = shared_dict.open("monitor_routing");

/** The present version; 0 before the first write. */
export function current(): number {
    return shared_dict.get_number(dict, KEY) ?? 0;
}

/** Says that nodes or assignments have changed. */
export function bump(): void {
    shared_dict.increment(dict, KEY);
}

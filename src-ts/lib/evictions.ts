/* Keys of shared dictionaries that were dropped before their time because there was no room for others. */

/**
 * Where the number of keys does not grow: what drops keys elsewhere does not drop the count of them. Missing in an
 * nginx.conf of somebody's own that does not start: nothing is counted there.
 */
const counters = ngx.shared.cluster_control;

/** Notes that a write to that dictionary has dropped other keys. Never raises. */
export function note(dict_name: string): void {
    if (counters !== undefined) {
        counters.incr("evictions:" + dict_name, 1, 0);
    }
}

/** Writes to that dictionary that have dropped other keys, of all workers since the load balancer started. */
export function total(dict_name: string): number {
    if (counters === undefined) {
        return 0;
    }
    return tonumber(counters.get("evictions:" + dict_name)[0]) ?? 0;
}

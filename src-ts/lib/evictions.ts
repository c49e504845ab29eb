/* Keys of shared dictionaries that were dropped before their time because there was no room for others. */

/**
 * Of its own, so that what drops keys does not drop the count of them. Missing in an nginx.conf of somebody's own: then
 * nothing is counted.
 */
const counters = ngx.shared.cluster_evictions;

/** Notes that a write to that dictionary has dropped other keys. Never raises. */
export function note(dict_name: string): void {
    if (counters !== undefined) {
        counters.incr(dict_name, 1, 0);
    }
}

/** Writes to that dictionary that have dropped other keys, of all workers since the load balancer started. */
export function total(dict_name: string): number {
    if (counters === undefined) {
        return 0;
    }
    return tonumber(counters.get(dict_name)[0]) ?? 0;
}

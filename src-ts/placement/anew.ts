/* The homes that monitors would get if none had one: pure. */
import { spread, weight } from "./plan";
import { really_moved } from "./rebalance";
import type { HomeMove, Placed } from "./rebalance";

/**
 * Places all movable monitors anew over the nodes, on top of what has to stay there. The same monitors give the same
 * places, so that what is carried out in parts comes to an end. Returns those that are elsewhere now, by id.
 */
export function place_anew(node_ids: readonly string[], monitors: readonly Placed[], limit: number): HomeMove[] {
    const targets: { node_id: string; load: number; count: number }[] = [];
    const by_node: Record<string, { load: number; count: number } | undefined> = {};
    for (const node_id of node_ids) {
        const target = { node_id, load: 0, count: 0 };
        table.insert(targets, target);
        by_node[node_id] = target;
    }
    const movable: Placed[] = [];
    for (const monitor of monitors) {
        const target = by_node[monitor.owner];
        if (target !== undefined && monitor.movable) {
            table.insert(movable, monitor);
        } else if (target !== undefined && monitor.active) {
            target.load += weight(monitor);
            target.count += 1;
        }
    }
    const places: Record<number, string> = {};
    for (const share of spread(movable, targets, limit).shares) {
        for (const id of share.ids) {
            places[id] = share.node_id;
        }
    }
    const moves: HomeMove[] = [];
    for (const { id, owner } of movable) {
        table.insert(moves, { id, from: owner, to: places[id] as string });
    }
    return really_moved(moves);
}

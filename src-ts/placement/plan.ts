/* Who gets which monitors: pure functions. */
import { new_heap, pop, push } from "../lib/heap";
import type { Heap } from "../lib/heap";

/** A monitor as placement sees it. */
export interface Placeable {
    readonly id: number;
    readonly active: boolean;
    /** Seconds between two checks. */
    readonly interval: number;
}

/** A node that can take monitors, with what it runs already. */
export interface Target {
    readonly node_id: string;
    /** Checks per second. */
    readonly load: number;
    /** Active monitors. */
    readonly count: number;
}

/** Monitors that go to one node, and what they add to it. */
export interface Share {
    readonly node_id: string;
    readonly ids: number[];
    /** Checks per second. */
    load: number;
    /** Active monitors. */
    count: number;
}

/** Shares, and how many monitors had to go beyond the limit of their node. */
export interface Spread {
    readonly shares: Share[];
    readonly over_capacity: number;
}

interface Bin {
    readonly share: Share;
    readonly order: number;
    load: number;
    count: number;
}

/** What a paused monitor weighs in checks per second: next to nothing, so that paused ones spread as well. */
const PAUSED_WEIGHT = 0.000001;

/** Checks per second that a monitor asks for. */
export function weight(monitor: Placeable): number {
    return monitor.active ? 1 / math.max(monitor.interval, 1) : PAUSED_WEIGHT;
}

function is_lighter(a: Bin, b: Bin): boolean {
    return a.load === b.load ? a.order < b.order : a.load < b.load;
}

/**
 * The heaviest monitors first, so that the light ones even out what they leave; equal ones in the order given. There are
 * few different weights: sorting those takes a small part of the time that sorting all monitors would.
 */
function by_weight(monitors: readonly Placeable[]): Placeable[] {
    const weights: number[] = [];
    const groups: Record<number, Placeable[] | undefined> = {};
    for (const monitor of monitors) {
        const its_weight = weight(monitor);
        const group = groups[its_weight];
        if (group === undefined) {
            groups[its_weight] = [monitor];
            table.insert(weights, its_weight);
        } else {
            table.insert(group, monitor);
        }
    }
    table.sort(weights, (a, b) => a > b);
    const sorted: Placeable[] = [];
    for (const its_weight of weights) {
        for (const monitor of groups[its_weight] as Placeable[]) {
            table.insert(sorted, monitor);
        }
    }
    return sorted;
}

function bins_of(targets: readonly Target[]): Bin[] {
    const bins: Bin[] = [];
    for (const { node_id, load, count } of targets) {
        table.insert(bins, { share: { node_id, ids: [], load: 0, count: 0 }, order: bins.length, load, count });
    }
    return bins;
}

function put(bin: Bin, monitor: Placeable): void {
    const load = weight(monitor);
    const count = monitor.active ? 1 : 0;
    table.insert(bin.share.ids, monitor.id);
    bin.share.load += load;
    bin.share.count += count;
    bin.load += load;
    bin.count += count;
}

/** The bin for the next monitor: the lightest with room, or when none has, the lightest at all. */
function next_bin(free: Heap<Bin>, full: Heap<Bin>, limit: number): Bin | undefined {
    let bin = pop(free);
    while (bin !== undefined && bin.count >= limit) {
        push(full, bin);
        bin = pop(free);
    }
    return bin ?? pop(full);
}

/**
 * Spreads monitors over the targets, each to the one with the least load at that moment that runs fewer than `limit`
 * active ones; what the targets already run stays. Beyond the capacity of all, the least loaded takes it all the same.
 * Ties go by the targets' order.
 */
export function spread(monitors: readonly Placeable[], targets: readonly Target[], limit: number): Spread {
    const bins = bins_of(targets);
    const free = new_heap(is_lighter);
    const full = new_heap(is_lighter);
    for (const bin of bins) {
        push(free, bin);
    }
    let over_capacity = 0;
    for (const monitor of by_weight(monitors)) {
        const bin = next_bin(free, full, limit);
        if (bin !== undefined) {
            const is_full = bin.count >= limit;
            over_capacity += is_full && monitor.active ? 1 : 0;
            put(bin, monitor);
            push(is_full ? full : free, bin);
        }
    }
    const shares: Share[] = [];
    for (const bin of bins) {
        if (bin.share.ids.length > 0) {
            table.sort(bin.share.ids);
            table.insert(shares, bin.share);
        }
    }
    return { shares, over_capacity };
}

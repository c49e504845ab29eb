/* Who gets which monitors: pure functions. */

/** A monitor as placement sees it. */
export interface Placeable {
    readonly id: number;
    readonly active: boolean;
}

/** A node that can take monitors, with the number of active ones it runs. */
export interface Target {
    readonly node_id: string;
    readonly load: number;
}

/** Monitors that go to one node. */
export interface Share {
    readonly node_id: string;
    readonly ids: number[];
}

interface Bin {
    readonly share: Share;
    load: number;
}

function lightest(bins: readonly Bin[]): Bin | undefined {
    let best: Bin | undefined;
    for (const bin of bins) {
        if (best === undefined || bin.load < best.load) {
            best = bin;
        }
    }
    return best;
}

/**
 * Spreads monitors over the targets, each to the one with the fewest active monitors at that moment; what the targets
 * already run stays. Paused monitors weigh next to nothing, so that they spread as well. Ties go by the targets' order.
 */
export function spread(monitors: readonly Placeable[], targets: readonly Target[]): Share[] {
    const bins: Bin[] = [];
    for (const target of targets) {
        table.insert(bins, { share: { node_id: target.node_id, ids: [] }, load: target.load });
    }
    for (const monitor of monitors) {
        const bin = lightest(bins);
        if (bin !== undefined) {
            table.insert(bin.share.ids, monitor.id);
            bin.load += monitor.active ? 1 : 0.001;
        }
    }
    const shares: Share[] = [];
    for (const bin of bins) {
        if (bin.share.ids.length > 0) {
            table.insert(shares, bin.share);
        }
    }
    return shares;
}

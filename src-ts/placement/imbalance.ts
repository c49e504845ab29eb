/* Whether nodes are far apart: pure. */
import type { Target } from "./plan";

/**
 * A sentence when the fullest node has at least `min_diff` active monitors more than the emptiest and at least `factor`
 * times as many; nil when it has not.
 */
export function imbalance(nodes: readonly Target[], min_diff: number, factor: number): string | undefined {
    const [first] = nodes;
    if (first === undefined) {
        return undefined;
    }
    let [fullest, emptiest] = [first, first];
    for (const node of nodes) {
        fullest = node.count > fullest.count ? node : fullest;
        emptiest = node.count < emptiest.count ? node : emptiest;
    }
    const [most, least] = [fullest.count, emptiest.count];
    if (most - least < min_diff || most < least * factor) {
        return undefined;
    }
    return `${fullest.node_id} runs ${most} monitors, ${emptiest.node_id} ${least}`;
}

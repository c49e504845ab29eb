/* Which nodes are shown, and in which order. */
import type { NodeView } from "./node-view";

export const SORT_KEYS = ["name", "state", "load", "since"] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export const STATES: readonly NodeStatusText[] = ["online", "draining", "recovering", "offline"];

export interface Filter {
    readonly text: string;
    readonly state: NodeStatusText | "all";
    readonly sort: SortKey;
}

const natural = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

type Order = (left: NodeView, right: NodeView) => number;

/** The first of the orders that tells the two apart. */
function inTurn(...orders: Order[]): Order {
    return (left, right) => {
        for (const order of orders) {
            const difference = order(left, right);
            if (difference !== 0) return difference;
        }
        return 0;
    };
}

const byName = inTurn(
    (left, right) => natural.compare(left.name, right.name),
    (left, right) => natural.compare(left.id, right.id),
);

/** What needs somebody comes first. */
function urgency(node: NodeView): number {
    return node.isSuspect ? 0.5 : STATES.length - 1 - STATES.indexOf(node.state);
}

const ORDERS: Record<SortKey, Order> = {
    name: byName,
    state: inTurn((left, right) => urgency(left) - urgency(right), byName),
    load: inTurn((left, right) => right.monitors - left.monitors, byName),
    since: inTurn((left, right) => (right.since ?? "").localeCompare(left.since ?? ""), byName),
};

function says(node: NodeView, text: string): boolean {
    return [node.name, node.id, node.host, node.region, node.version].some(
        (field) => field?.toLowerCase().includes(text) === true,
    );
}

/** The nodes that the filter lets through, sorted. */
export function shownNodes(nodes: readonly NodeView[], filter: Filter): NodeView[] {
    const text = filter.text.trim().toLowerCase();
    return nodes
        .filter((node) => filter.state === "all" || node.state === filter.state)
        .filter((node) => text === "" || says(node, text))
        .sort(ORDERS[filter.sort]);
}

/** How many nodes are in each state. */
export function countByState(nodes: readonly NodeView[]): Record<NodeStatusText, number> {
    const counts: Record<NodeStatusText, number> = { online: 0, draining: 0, recovering: 0, offline: 0 };
    for (const node of nodes) counts[node.state] += 1;
    return counts;
}

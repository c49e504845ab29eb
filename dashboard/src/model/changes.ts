/* What a person who does not look at the page must hear of: pure, from one picture of the cluster to the next. */

export interface NodeChange {
    readonly node: string;
    /** Nil when it is no longer there. */
    readonly state: NodeStatusText | undefined;
}

/** Nodes whose state differs, came or went. */
export function changedNodes(before: readonly NodeDetail[], after: readonly NodeDetail[]): NodeChange[] {
    const old = new Map(before.map((node) => [node.node_id, node.status]));
    const present = new Set(after.map((node) => node.node_id));
    const changes: NodeChange[] = after
        .filter((node) => old.get(node.node_id) !== node.status)
        .map((node) => ({ node: node.node_name, state: node.status }));
    const gone = before.filter((node) => !present.has(node.node_id));
    return [...changes, ...gone.map((node) => ({ node: node.node_name, state: undefined }))];
}

/** Where a client's requests may go next depends on these alone. */
export function onlineNodes(nodes: readonly NodeDetail[]): string {
    return nodes
        .filter((node) => node.status === "online")
        .map((node) => node.node_id)
        .sort()
        .join(" ");
}

/* What a person who does not look at the page must hear of: pure, from one picture of the cluster to the next. */

/** Of a node, of a check, of a probe. */
export type ShownState = NodeStatusText | ProbeCheckBody["verdict"] | "silent";

/** What is shown with a state, `node` its name. */
export interface Stated {
    readonly id: string;
    readonly node: string;
    readonly state: ShownState;
}

export interface Change {
    readonly node: string;
    /** Nil when it is no longer there. */
    readonly state: ShownState | undefined;
}

/** Nodes whose state differs, came or went. */
export function changedNodes(before: readonly NodeDetail[], after: readonly NodeDetail[]): Change[] {
    const old = new Map(before.map((node) => [node.node_id, node.status]));
    const present = new Set(after.map((node) => node.node_id));
    const changes: Change[] = after
        .filter((node) => old.get(node.node_id) !== node.status)
        .map((node) => ({ node: node.node_name, state: node.status }));
    const gone = before.filter((node) => !present.has(node.node_id));
    return [...changes, ...gone.map((node) => ({ node: node.node_name, state: undefined }))];
}

/** Those that were there before, in another state. */
export function changedStates(before: readonly Stated[], after: readonly Stated[]): Change[] {
    const old = new Map(before.map(({ id, state }) => [id, state]));
    return after.filter(({ id, state }) => (old.get(id) ?? state) !== state);
}

/** Where a client's requests may go next depends on these alone. */
export function onlineNodes(nodes: readonly NodeDetail[]): string {
    return nodes
        .filter((node) => node.status === "online")
        .map((node) => node.node_id)
        .sort()
        .join(" ");
}

/* The states of a node, in one place. `suspect` exists in memory only: it is never written to the database. */

export type NodeStatus = "online" | "recovering" | "offline" | "draining";

export const ONLINE: NodeStatus = "online";
export const RECOVERING: NodeStatus = "recovering";
export const OFFLINE: NodeStatus = "offline";
export const DRAINING: NodeStatus = "draining";

const KNOWN: Record<string, NodeStatus | undefined> = {
    online: ONLINE,
    recovering: RECOVERING,
    offline: OFFLINE,
    draining: DRAINING,
};

/** The status a text of the database stands for; an unknown text counts as offline, so that nothing is sent there. */
export function parse_status(text: string | undefined): NodeStatus {
    return KNOWN[text ?? ""] ?? OFFLINE;
}

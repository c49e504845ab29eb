/* What is said of the cluster as a whole. */
import type { Messages } from "../text/en";
import type { Formats } from "../text/format";
import type { NodeView } from "./node-view";

/** Something that somebody may have to do something about. */
export interface Concern {
    readonly key: string;
    readonly title: string;
    /** In the words of the API, where it has some. */
    readonly detail: string | undefined;
}

/** More nodes than these are not named one by one. */
const MOST_NODES = 5;

/** The state of the cluster in one sentence. */
export function headline(status: SystemStatusBody, text: Messages, formats: Formats): string {
    const { summary } = text;
    const { nodes, missing_nodes, database } = status.cluster;
    const online = nodes.filter((node) => node.status === "online").length;
    const all = nodes.length + missing_nodes;
    if (online === 0) return summary.noneOnline;
    if (online < all) return summary.someOnline(formats.number(online), formats.number(all));
    if (database.status !== "ok") return summary.noDatabase;
    return summary.allOnline(formats.number(online), online);
}

function concernOf(node: NodeView, text: Messages): Concern {
    const isDoubted = node.state === "online";
    const title = isDoubted ? text.summary.suspect(node.name) : text.summary.nodeIs(node.name, text.states[node.state]);
    const detail = isDoubted ? node.lastError : (node.held ?? node.reason);
    return { key: `node ${node.id}`, title, detail };
}

function ofCluster(status: SystemStatusBody, text: Messages, formats: Formats): Concern[] {
    const { summary } = text;
    const { cluster, capacity } = status;
    const concerns: (Concern | false)[] = [
        cluster.database.status !== "ok" && {
            ...{ key: "database", title: summary.noDatabase, detail: cluster.database.error },
        },
        cluster.missing_nodes > 0 && {
            key: "missing",
            title: summary.missing(formats.number(cluster.missing_nodes), cluster.missing_nodes),
            detail: undefined,
        },
        capacity.over_capacity && {
            key: "capacity",
            title: summary.overCapacity(formats.number(capacity.limit_per_node)),
            detail: undefined,
        },
        !cluster.setup_complete && {
            key: "setup",
            title: summary.notSetUp(cluster.primary_node ?? text.unknown),
            detail: undefined,
        },
    ];
    return concerns.filter((concern) => concern !== false);
}

/** All that needs attention, the whole before its nodes. `more` is how many nodes are not named. */
export function concerns(
    status: SystemStatusBody,
    nodes: readonly NodeView[],
    text: Messages,
    formats: Formats,
): { readonly list: readonly Concern[]; readonly more: number } {
    const troubled = nodes.filter((node) => node.state !== "online" || node.isSuspect);
    const named = troubled.slice(0, MOST_NODES).map((node) => concernOf(node, text));
    return { list: [...ofCluster(status, text, formats), ...named], more: troubled.length - named.length };
}

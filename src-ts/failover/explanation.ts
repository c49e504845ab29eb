/* Why a monitor is where it is: pure functions from what the tables say to a sentence. */
import type { NodeStatus } from "../lib/states";
import { iso_from_sql } from "../lib/time_text";
import type { Whereabouts } from "../store/monitors";
import type { Move } from "../store/moves";

/** `moved`: by the cluster, until its home can run it again; `by_hand`: no move of the cluster's explains it. */
export type Rule = "home" | "moved" | "pinned" | "by_hand" | "waiting";

export interface Explanation {
    readonly rule: Rule;
    readonly sentence: string;
    /** The move that brought it there, when one did. */
    readonly move?: Move;
}

function told(move: Move): string {
    const way = move.from_node === undefined ? "" : `from ${move.from_node} `;
    const operation = `${move.type} ${string.format("%d", move.operation)}`;
    const epoch = string.format("%d", move.epoch);
    const gap = move.gap_ms === undefined ? "" : string.format(", %.1f s between two beats", move.gap_ms / 1000);
    const at = iso_from_sql(move.moved_at);
    return `it was moved ${way}to ${move.to_node} by ${operation} at ${at} because ${move.reason} (epoch ${epoch}${gap})`;
}

function waiting(found: Whereabouts, status: NodeStatus | undefined): string | undefined {
    const owner = found.owner_node;
    if (owner === undefined) {
        return "No node runs it: it waits for a node to get a home on.";
    }
    const fault = status === undefined ? "is not registered" : "is offline";
    if (status !== undefined && status !== "offline") {
        return undefined;
    }
    return found.pinned
        ? `It is pinned to ${owner}, which ${fault}: it waits for that node.`
        : `It is assigned to ${owner}, which ${fault}: it waits for another node.`;
}

function running(found: Whereabouts, move: Move | undefined): Explanation {
    const owner = found.owner_node ?? "";
    const is_home = found.assigned_node === undefined || found.assigned_node === found.node_id;
    if (found.pinned) {
        return { rule: "pinned", sentence: `${owner} runs it: it is pinned there and does not move.` };
    }
    if (move === undefined) {
        return is_home
            ? { rule: "home", sentence: `${owner} runs it: that is its home.` }
            : {
                  rule: "by_hand",
                  sentence: `${owner} runs it: somebody has assigned it by hand; its home is ${found.node_id}.`,
              };
    }
    return is_home
        ? { rule: "home", sentence: `${owner} runs it: that is its home; ${told(move)}.`, move }
        : { rule: "moved", sentence: `${owner} runs it: ${told(move)}; its home is ${found.node_id}.`, move };
}

/** `status` is that of the node it is assigned to, nil when that is not registered; `latest` its last move. */
export function explain(found: Whereabouts, status: NodeStatus | undefined, latest: Move | undefined): Explanation {
    const pause = found.active ? "" : " It is paused.";
    const wait = waiting(found, status);
    if (wait !== undefined) {
        return { rule: "waiting", sentence: wait + pause };
    }
    // A move to somewhere else explains nothing: somebody has changed the assignment since.
    const explanation = running(found, latest?.to_node === found.owner_node ? latest : undefined);
    const { rule, sentence, move } = explanation;
    return move === undefined ? { rule, sentence: sentence + pause } : { rule, sentence: sentence + pause, move };
}

import { databaseOf, type Agent } from "./agent";
import type { Start } from "./assignment";
import type { Origins } from "./handover";
import { recentMoves, type Move } from "./move-store";
import { nodeStatuses } from "./node-store";

/**
 * The nodes that had the monitor since this one last looked. Between two looks it may have been with a node of which
 * only the log of moves knows; what a user has moved is not in the log.
 */
export function originsOf({ from, mtime, knownAt }: Start, moves: readonly Move[], nodeId: string): Origins {
    const origins = new Map(from === undefined ? [] : [[from, mtime]]);
    for (const move of moves) if (move.at > knownAt) origins.set(move.from, move.at);
    origins.delete(nodeId);
    return origins;
}

/**
 * Of the monitors whose check may still go on elsewhere, where. Whatever moved longer than `withinMs` ago is done with,
 * and so is whoever is offline. Throws what mysql2 throws.
 */
export async function livingOrigins(
    agent: Agent,
    starts: readonly Start[],
    withinMs: number,
): Promise<Map<number, Origins>> {
    const database = databaseOf(agent);
    const ids = starts.map(({ id }) => id);
    const [moves, statuses] = await Promise.all([recentMoves(database, ids, withinMs), nodeStatuses(database)]);
    const found = new Map<number, Origins>();
    for (const start of starts) {
        const origins = originsOf(start, moves.get(start.id) ?? [], agent.config.nodeId);
        const living = [...origins].filter(([node]) => (statuses.get(node) ?? "offline") !== "offline");
        if (living.length > 0) found.set(start.id, new Map(living));
    }
    return found;
}

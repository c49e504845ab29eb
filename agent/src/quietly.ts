import type { Agent } from "./agent";
import { isDatabaseLost } from "./database-errors";
import * as log from "./log";

/** A round that does nothing while the node leaves, and of whose failure the log has a line: `cannot <what>: ...`. */
export function quietly(agent: Agent, what: string, round: () => Promise<void>): () => Promise<void> {
    return async () => {
        if (agent.phase === "leaving") return;
        try {
            await round();
        } catch (thrown) {
            // A lost database is logged once, by the database itself.
            if (!isDatabaseLost(thrown)) log.error("cannot %s: %s", what, log.messageOf(thrown));
        }
    };
}

import type { Agent } from "../agent";
import { every } from "../clock";
import { isDatabaseLost } from "../database-errors";
import * as log from "../log";

function quietly(agent: Agent, what: string, round: () => Promise<void>): () => Promise<void> {
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

/** Begins to follow what the other nodes do, and to show their beats. Never throws. */
export function startSync(agent: Agent): void {
    const { pollMs } = agent.config;
    every(
        pollMs,
        quietly(agent, "read what other nodes did", () => agent.events.poll()),
    );
    every(
        pollMs,
        quietly(agent, "read the beats of other nodes", () => agent.relay.poll()),
    );
}

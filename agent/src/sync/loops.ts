import type { Agent } from "../agent";
import { every } from "../clock";
import { quietly } from "../quietly";

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

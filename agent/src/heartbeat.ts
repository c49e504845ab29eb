import { databaseOf, type Agent } from "./agent";
import { every } from "./clock";
import { compareVersions } from "./node-registration";
import { touchNode } from "./node-store";
import { quietly } from "./quietly";

/** Begins to say in the database that this process lives, for as long as it does. Never throws. */
export function startHeartbeat(agent: Agent): void {
    every(
        agent.config.heartbeatMs,
        quietly(agent, "write the node's heartbeat", async () => {
            await touchNode(databaseOf(agent), agent.config.nodeId, agent.bootId, agent.runs.size);
            await compareVersions(agent);
        }),
    );
}

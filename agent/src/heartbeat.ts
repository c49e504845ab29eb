import { databaseOf, type Agent } from "./agent";
import { every } from "./clock";
import { isDatabaseLost } from "./database-errors";
import * as log from "./log";
import { compareVersions } from "./node-registration";
import { touchNode } from "./node-store";

/** Begins to say in the database that this process lives. Returns the function that ends it. Never throws. */
export function startHeartbeat(agent: Agent): () => void {
    return every(agent.config.heartbeatMs, async () => {
        if (agent.phase === "leaving") return;
        try {
            await touchNode(databaseOf(agent), agent.config.nodeId, agent.bootId, agent.runs.size);
            await compareVersions(agent);
        } catch (thrown) {
            if (!isDatabaseLost(thrown)) log.error("cannot write the node's heartbeat: %s", log.messageOf(thrown));
        }
    });
}

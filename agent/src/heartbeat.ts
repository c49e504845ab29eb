import { databaseOf, type Agent } from "./agent";
import { every } from "./clock";
import { isDatabaseLost } from "./database-errors";
import * as log from "./log";
import { compareVersions, registerThisNode } from "./node-registration";
import { readNode, touchNode } from "./node-store";

/** Somebody took a node for gone that lives: it is a new one. Throws when the database does not answer. */
async function returnToTable(agent: Agent): Promise<void> {
    if ((await readNode(databaseOf(agent), agent.config.nodeId)) !== undefined) return;
    log.warn("this node is not in the table of nodes any more: it registers again");
    await registerThisNode(agent);
}

/** Begins to say in the database that this process lives. Returns the function that ends it. Never throws. */
export function startHeartbeat(agent: Agent): () => void {
    return every(agent.config.heartbeatMs, async () => {
        if (agent.phase === "leaving") return;
        try {
            if (!(await touchNode(databaseOf(agent), agent.config.nodeId, agent.bootId, agent.runs.size))) {
                await returnToTable(agent);
            }
            await compareVersions(agent);
        } catch (thrown) {
            if (!isDatabaseLost(thrown)) log.error("cannot write the node's heartbeat: %s", log.messageOf(thrown));
        }
    });
}

/* The routes of the cluster itself. */
import { databaseOf } from "../agent";
import { sendHealth } from "../health";
import { ok, type Answer, type Context } from "./http";

/** GET /health, which answers whatever the state of the node. */
export function getHealth({ agent, lag, response }: Context): Promise<undefined> {
    sendHealth(agent, lag, response);
    return Promise.resolve(undefined);
}

/** POST /reconcile-monitors */
export async function reconcileMonitors({ agent }: Context): Promise<Answer> {
    const before = agent.runs.ids();
    // A poll that is under way may have read before the change that the client means: the second one has not.
    for (let round = 0; round < 2; round++) await agent.ownership.poll(databaseOf(agent), agent.bootId);
    const running = agent.runs.ids();
    return ok({
        node_id: agent.config.nodeId,
        monitors_assigned: agent.ownership.assigned,
        monitors_running: running.size,
        monitors_stopped: [...before].filter((id) => !running.has(id)).length,
        monitors_to_start: Math.max(0, agent.ownership.assigned - running.size),
    });
}

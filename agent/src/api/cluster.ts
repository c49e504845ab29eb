/* The routes of the cluster itself. */
import { databaseOf } from "../agent";
import { readiness, sendHealth } from "../health";
import { ok, type Answer, type Context } from "./http";
import { Problem } from "./problem";

/** Seconds after which a client that was one too many may ask again. */
const WATCH_RETRY_S = 60;

/** GET /health, which answers whatever the state of the node. */
export function getHealth({ agent, lag, response }: Context): Promise<undefined> {
    sendHealth(agent, lag, response);
    return Promise.resolve(undefined);
}

/** GET /ready */
export function getReady({ agent }: Context): Promise<Answer> {
    const body = readiness(agent);
    return Promise.resolve({ status: body.ready ? 200 : 503, body });
}

/** GET /watch, which does not end by itself. */
export function watchNode({ agent, request, response }: Context): Promise<Answer | undefined> {
    if (request.method === "HEAD") return Promise.resolve(ok({}));
    if (agent.watchers.add(response)) return Promise.resolve(undefined);
    const headers = { "Retry-After": String(WATCH_RETRY_S) };
    throw new Problem(503, "too_many_watchers", "as many clients as may already watch this node", { headers });
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

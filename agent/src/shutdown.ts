import type { Agent } from "./agent";
import * as log from "./log";
import { markOffline } from "./node-store";

/** Stops this node's monitors and says in the database that it leaves, so that they move at once. Never throws. */
export async function leave(agent: Agent): Promise<void> {
    if (agent.phase === "leaving") return;
    agent.phase = "leaving";
    const monitors = agent.runs.size;
    agent.runs.stopAll();
    agent.watchers.end();
    await agent.events.flush();
    try {
        if (agent.database !== undefined) await markOffline(agent.database, agent.config.nodeId, agent.bootId);
        log.info("node %s leaves: %d monitors stopped", agent.config.nodeId, monitors);
    } catch (thrown) {
        log.warn("cannot say that node %s leaves: %s", agent.config.nodeId, log.messageOf(thrown));
    }
    // Browsers come back through the load balancer at once, and Kuma's shutdown has nothing left to wait for.
    agent.kuma.server?.io.engine?.close();
}

/**
 * Hands this node's monitors over when the process is told to end. Kuma's own shutdown runs beside it and ends the
 * process, so this may only be called when Kuma listens to the signals itself.
 */
export function leaveOnSignals(agent: Agent): void {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void leave(agent));
}

import { databaseOf, type Agent } from "./agent";
import { leastLoaded } from "./assignment";
import { activeCounts, oneMonitor, setHome } from "./monitor-store";
import { nodeStatuses } from "./node-store";
import { Serial } from "./serial";

const claims = new Serial();

async function giveHome(agent: Agent, id: number): Promise<string | null> {
    const database = databaseOf(agent);
    const row = await oneMonitor(database, id);
    if (row === undefined || row.owner !== null) return row?.owner ?? null;
    const [statuses, counts] = await Promise.all([nodeStatuses(database), activeCounts(database)]);
    const online = [...statuses].filter(([, status]) => status === "online").map(([node]) => node);
    const home = leastLoaded(online, counts) ?? agent.config.nodeId;
    if (await setHome(database, id, home)) return home;
    return (await oneMonitor(database, id))?.owner ?? null;
}

/**
 * The node that runs a monitor, after giving a new one to the least loaded online node, or to this one when none is
 * online; null when the monitor was deleted. One at a time, so that each sees the load of those before it.
 * Throws when the database does not answer.
 */
export function ownerOrClaim(agent: Agent, id: number): Promise<string | null> {
    return claims.run(() => giveHome(agent, id));
}

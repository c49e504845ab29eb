/* How a monitor that this node owns is run: by Kuma's own code, inside a run, behind the fence. */
import type { Agent } from "./agent";
import { fencedServer, insideRun } from "./fence";
import type { KumaServer, MonitorBean, RedBean } from "./kuma";
import type { SocketServer } from "./kuma-web";
import { newRun, type Run } from "./runs";

interface Handles {
    server: KumaServer;
    redbean: RedBean;
    startMonitor: (this: MonitorBean, io: SocketServer) => unknown;
}

/** What it takes to start monitors. Throws while Kuma has not loaded it yet. */
export function handlesOf(agent: Agent): Handles {
    const { server, redbean, startMonitor } = agent.kuma;
    if (server === undefined || redbean === undefined || startMonitor === undefined)
        throw new Error("Kuma is not ready");
    return { server, redbean, startMonitor };
}

/**
 * Starts the checks of a run, the first one now. `continued`: it goes on with the statistics that are in memory.
 * Throws what Kuma throws.
 */
export async function begin(agent: Agent, run: Run, io: SocketServer, continued: boolean): Promise<void> {
    const { startMonitor } = handlesOf(agent);
    if (!continued) await agent.kuma.forgetStatistics?.(run.id);
    if (run.stopped) return;
    await insideRun(run, () => startMonitor.call(run.bean, fencedServer(agent, run, io)));
}

/** Reads those of the monitors that this node has to run. Throws what redbean throws. */
export async function loadOwned(agent: Agent, ids: readonly number[]): Promise<MonitorBean[]> {
    const clause = ` id IN (${ids.join(",")}) AND active = 1 AND owner_node = ? `;
    return (await handlesOf(agent).redbean.find("monitor", clause, [agent.config.nodeId])) as MonitorBean[];
}

/** Makes a run of a bean that this node has read, in place of one of the same monitor. */
export function install(agent: Agent, bean: MonitorBean): Run {
    const { server } = handlesOf(agent);
    const run = newRun(bean);
    agent.runs.add(run);
    // Kuma pauses and deletes by this list.
    server.monitorList[bean.id] = bean;
    return run;
}

import { databaseOf, type Agent } from "../agent";
import type { Asker } from "../handover";
import type { KumaServer, MaintenanceBean } from "../kuma";
import { kumaModule } from "../kuma-modules";
import { restartHere } from "../starter";
import { userOfMonitor } from "./beat-store";
import type { ClusterEvents } from "./events";
import { followLists } from "./lists";
import { viewers, viewingUsers } from "./audience";
import { asRepeat } from "./origin";
import { followSettings } from "./settings";

function serverOf(agent: Agent): KumaServer {
    const { server } = agent.kuma;
    if (server === undefined) throw new Error("Kuma is not ready");
    return server;
}

function stopMaintenance(bean: MaintenanceBean): void {
    // Kuma's stop() leaves the timer of a window that is open.
    clearTimeout(bean.beanMeta.durationTimeout);
    bean.stop();
}

/** Takes a maintenance as it is stored in place of what this node has in memory: its schedule runs on every node. */
async function reloadMaintenance(agent: Agent, id: number): Promise<void> {
    const server = serverOf(agent);
    const stored = (await agent.kuma.redbean?.findOne("maintenance", " id = ? ", [id])) as MaintenanceBean | null;
    const present = server.maintenanceList[id];
    if (present !== undefined) stopMaintenance(present);
    delete server.maintenanceList[id];
    if (stored !== null) {
        server.maintenanceList[id] = stored;
        await stored.run();
    }
    agent.kuma.clearCache?.();
    for (const user of viewingUsers(server.io)) await server.sendMaintenanceListByUserID(user);
}

async function reloadStatusPages(agent: Agent): Promise<void> {
    await kumaModule(agent, "./model/status_page").loadDomainMappingList();
    agent.kuma.clearCache?.();
}

/** Statistics are kept in memory and written over what is stored, so the owners have to begin anew as well. */
async function clearStatistics(agent: Agent, monitor: number): Promise<void> {
    const ids = monitor === 0 ? [...agent.runs.ids()] : [monitor];
    if (monitor === 0) await agent.kuma.forgetAllStatistics?.();
    else await agent.kuma.forgetStatistics?.(monitor);
    await restartHere(agent, ids);
}

function logOut(agent: Agent, user: number): void {
    serverOf(agent).disconnectAllSocketClients?.(user);
}

/**
 * Says again, or for the first time, that this node is done with monitors. It is done with those it never ran as well,
 * and with those for which it waits for nobody but the one that asks: they would wait for each other.
 */
export function answerWanted(agent: Agent, { node, ids, asker }: ClusterEvents["kuma.wanted"]): void {
    if (node !== agent.config.nodeId) return;
    const idle = ids.filter((id) => !agent.runs.isBusy(id) && !agent.starting.has(id));
    sayReleased(agent, idle, asker);
}

/**
 * Tells the other nodes that nothing of monitors that have moved away can leave this process any more, nor the ones that
 * this node has waited for: with those it still waits for it is done when that ends, but for a wait for `asker`.
 */
export function sayReleased(agent: Agent, monitors: readonly number[], asker?: Asker): void {
    const ids = monitors.filter((id) => !agent.handover.isWaiting(id, asker));
    if (ids.length === 0) return;
    agent.events.publish("kuma.released", { node: agent.config.nodeId, ids, seen: agent.ownership.seen });
}

async function sendCertificate(agent: Agent, monitor: number): Promise<void> {
    const { io } = serverOf(agent);
    const user = await userOfMonitor(databaseOf(agent), monitor);
    if (user === undefined || viewers(io, user) === 0) return;
    await agent.kuma.monitorClass?.sendCertInfo(io, monitor, user);
    await agent.kuma.monitorClass?.sendDomainInfo?.(io, monitor, user);
}

/** Has this node follow what is done on the others. */
export function followOtherNodes(agent: Agent): void {
    const follow = <Type extends keyof ClusterEvents>(
        type: Type,
        action: (detail: ClusterEvents[Type]) => unknown,
    ): void => {
        agent.events.receive(type, async (detail) => {
            await asRepeat(() => action(detail));
        });
    };
    followLists(agent);
    follow("kuma.settings", ({ keys }) => followSettings(agent, keys));
    follow("kuma.maintenance", ({ id }) => reloadMaintenance(agent, id));
    follow("kuma.status-pages", () => reloadStatusPages(agent));
    follow("kuma.cache", () => agent.kuma.clearCache?.());
    follow("kuma.statistics-cleared", ({ monitor }) => clearStatistics(agent, monitor));
    follow("kuma.released", (word) => agent.handover.noteReleased(word.node, word.ids, word.seen));
    follow("kuma.wanted", (question) => answerWanted(agent, question));
    follow("kuma.log-out", ({ user }) => logOut(agent, user));
    follow("kuma.certificate", ({ monitor }) => sendCertificate(agent, monitor));
}

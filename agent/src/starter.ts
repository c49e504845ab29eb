import { databaseOf, type Agent } from "./agent";
import type { Start } from "./assignment";
import { ownerOrClaim } from "./claim";
import { ageMs, now } from "./clock";
import { DRAIN_MS } from "./handover";
import { showLastBeats } from "./gauges";
import type { MonitorBean } from "./kuma";
import type { SocketServer } from "./kuma-web";
import * as log from "./log";
import { lastBeats } from "./monitor-store";
import { livingOrigins } from "./origins";
import { begin, handlesOf, install, loadOwned } from "./run-monitor";
import { newRun, settingsHash, type Run } from "./runs";
import { startDelayMs, type LastBeat } from "./schedule";
import { sayReleased } from "./sync/receivers";

const BATCH = 100;

/** Kuma resumes and restarts by its list, in which a monitor that does not run here would stay as it was, active or not. */
function leaveToOwner(agent: Agent, bean: MonitorBean): void {
    const list = agent.kuma.server?.monitorList;
    if (list?.[bean.id] === bean) delete list[bean.id];
}

/** Whether the node that had a monitor before this one may still end a check of it. */
function isComing(agent: Agent, id: number): boolean {
    return agent.ownership.isElsewhere(id) || agent.handover.isWaiting(id);
}

/**
 * What Monitor.prototype.start does for Kuma: starts a monitor that this node owns, leaves any other to its owner, and
 * one that is on its way here to the next poll. Never throws: a start that fails is done by the next poll.
 */
export async function startForKuma(agent: Agent, bean: MonitorBean, io: SocketServer): Promise<void> {
    const id = bean.id;
    agent.starting.add(id);
    try {
        const owner = await ownerOrClaim(agent, id);
        if (owner !== agent.config.nodeId || isComing(agent, id)) return leaveToOwner(agent, bean);
        if (bean.isStop === true || agent.phase === "leaving") return;
        const run = newRun(bean);
        agent.runs.add(run);
        await begin(agent, run, io, false);
    } catch (thrown) {
        log.warn("cannot start monitor %d yet: %s", id, log.messageOf(thrown));
    } finally {
        agent.starting.delete(id);
    }
}

function delayOf(agent: Agent, bean: MonitorBean, last: LastBeat | undefined, together: number): number {
    return startDelayMs({
        type: bean.type,
        intervalSeconds: bean.interval,
        retryIntervalSeconds: bean.retryInterval,
        last,
        together,
        perSecond: agent.config.spreadPerSecond,
        random: Math.random(),
    });
}

function schedule(agent: Agent, run: Run, delayMs: number): void {
    run.timer = setTimeout(() => {
        startOnTime(agent, run).catch((thrown: unknown) => {
            // The next poll finds that it does not run, and tries again.
            agent.runs.stop(run.id);
            log.warn("cannot start monitor %d yet: %s", run.id, log.messageOf(thrown));
        });
    }, delayMs).unref();
}

async function startOnTime(agent: Agent, run: Run): Promise<void> {
    if (run.stopped) return;
    const last = (await lastBeats(databaseOf(agent), [run.id])).get(run.id);
    if (last !== undefined && last.time !== run.lastBeatTime) {
        // A check that was under way at the previous owner has ended after all: the next one is due later.
        run.lastBeatTime = last.time;
        schedule(agent, run, delayOf(agent, run.bean, last, 1));
        return;
    }
    await begin(agent, run, handlesOf(agent).server.io, false);
}

async function startBatch(agent: Agent, starts: readonly Start[], together: number): Promise<void> {
    const ids = starts.map((start) => start.id);
    const mostMs = DRAIN_MS + agent.config.leaseMs;
    const [origins, last, beans] = await Promise.all([
        livingOrigins(agent, starts, mostMs),
        lastBeats(databaseOf(agent), ids),
        loadOwned(agent, ids),
    ]);
    const read = now();
    const byId = new Map(starts.map((start) => [start.id, start]));
    const installed: Run[] = [];
    for (const bean of beans) {
        if (agent.runs.get(bean.id) !== undefined) continue;
        const run = install(agent, bean);
        run.lastBeatTime = last.get(bean.id)?.time;
        const go = (): void => {
            const beat = last.get(bean.id);
            const aged = beat && { ...beat, ageMs: beat.ageMs + ageMs(read) };
            const delayMs = byId.get(bean.id)?.resumed === true ? 0 : delayOf(agent, bean, aged, together);
            if (!run.stopped) schedule(agent, run, delayMs);
        };
        const living = origins.get(bean.id) ?? new Map<string, string>();
        if (living.size === 0 && !agent.handover.isWaiting(bean.id)) go();
        else {
            void agent.handover.wait(bean.id, living, mostMs).then(() => {
                go();
                // It has moved on meanwhile, and whoever has it waits for the word of this node.
                if (run.stopped && !agent.runs.isBusy(bean.id)) sayReleased(agent, [bean.id]);
            });
        }
        installed.push(run);
    }
    void showLastBeats(agent, installed, last);
}

/**
 * Starts monitors that this node owns, each when its next beat is due. Never throws: returns what could not be started,
 * which the next poll finds again.
 */
export async function startOwned(agent: Agent, wanted: readonly Start[]): Promise<Start[]> {
    const starts = wanted.filter(({ id }) => !agent.starting.has(id) && agent.runs.get(id) === undefined);
    const failed: Start[] = [];
    for (const { id } of starts) agent.starting.add(id);
    for (let first = 0; first < starts.length; first += BATCH) {
        const batch = starts.slice(first, first + BATCH);
        try {
            await startBatch(agent, batch, starts.length);
        } catch (thrown) {
            failed.push(...batch);
            log.warn("cannot start %d monitors yet: %s", batch.length, log.messageOf(thrown));
        } finally {
            for (const { id } of batch) agent.starting.delete(id);
        }
    }
    const begun = starts.length - failed.length;
    if (begun > 0) log.info("%d monitors start here", begun);
    return failed;
}

/** Restarts at once those of the monitors whose settings are others than they run with. Throws what redbean throws. */
export async function restartChanged(agent: Agent, ids: readonly number[]): Promise<void> {
    const { server } = handlesOf(agent);
    for (const bean of await loadOwned(agent, ids)) {
        const run = agent.runs.get(bean.id);
        if (run === undefined || run.hash === settingsHash(bean)) continue;
        log.info("restarting monitor %d: its settings changed", bean.id);
        await begin(agent, install(agent, bean), server.io, true);
    }
}

/** Restarts at once those of the monitors that run here, with nothing kept of before. Throws what redbean throws. */
export async function restartHere(agent: Agent, ids: readonly number[]): Promise<void> {
    const here = ids.filter((id) => agent.runs.get(id) !== undefined);
    if (here.length === 0) return;
    const { server } = handlesOf(agent);
    for (const bean of await loadOwned(agent, here)) {
        // It may have moved while the ones before it were started.
        if (agent.runs.get(bean.id) !== undefined) await begin(agent, install(agent, bean), server.io, false);
    }
}

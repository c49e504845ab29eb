/*
 * A check that is under way cannot be stopped, and the process itself may stand still for any time. So before an
 * effect of a check leaves the process, the fence looks whether the monitor still runs here.
 */
import { AsyncLocalStorage } from "node:async_hooks";

import { databaseOf, type Agent } from "./agent";
import { ageMs, sleep } from "./clock";
import { isDatabaseLost } from "./database-errors";
import { DRAIN_MS } from "./handover";
import type { Emitter, SocketServer } from "./kuma-web";
import * as log from "./log";
import { oneMonitor } from "./monitor-store";
import { isFenced, type Run } from "./runs";
import { afterEdit } from "./sync/origin";

/** Longer than a check of a node in doubt may take, and what follows from it. */
const SETTLE_MS = 3000;

const context = new AsyncLocalStorage<Run | undefined>();

/** Runs `work` so that everything it starts, timers too, is known to be the run's. */
export function insideRun<Result>(run: Run, work: () => Result): Result {
    return context.run(run, () => afterEdit(work));
}

/** The run whose check calls, or nothing for any other caller. */
export function currentRun(): Run | undefined {
    return context.getStore();
}

/** Never resolves: the check that waits for it ends here without a trace. */
export function park<Result>(agent: Agent): Promise<Result> {
    agent.fenced++;
    return new Promise(() => undefined);
}

/** Asks the database on behalf of a run, without making what follows from the answer the run's own doing. */
async function inquire<Result>(run: Run, question: () => Promise<Result>): Promise<Result> {
    try {
        return await context.run(undefined, question);
    } catch (thrown) {
        run.interrupted = true;
        throw thrown;
    }
}

/**
 * A load balancer may still be about to act on a check that this process did not answer while it stood still: whoever
 * asks the database now hears of nothing yet. Returns whether there was anything to wait for.
 */
async function settle(agent: Agent): Promise<boolean> {
    const leftMs = SETTLE_MS - agent.stillness.sinceMs;
    if (leftMs <= 0) return false;
    await sleep(leftMs);
    return true;
}

/**
 * Resolves when an effect of the run's check may happen, never when the monitor runs here no longer.
 * Throws when the database does not say who runs it.
 */
export async function passFence(agent: Agent, run: Run): Promise<void> {
    const hasSettled = !run.stopped && (await settle(agent));
    // The first answer may be to a question from before.
    for (let round = 0; round < 2 && !run.stopped && (hasSettled || !agent.ownership.isFresh); round++) {
        await inquire(run, () => agent.ownership.poll(databaseOf(agent), agent.bootId));
    }
    if (isFenced(run)) await park(agent);
    if (run.stopped || agent.ownership.isFresh) return;
    run.interrupted = true;
    throw new Error("the database takes too long to say who runs the monitor");
}

/** As passFence, but always asks the database: a notification cannot be taken back. */
export async function passFenceForNotification(agent: Agent, run: Run): Promise<void> {
    await passFence(agent, run);
    if (run.stopped) {
        // Sending takes time, and the beat has to be stored before the next owner goes on.
        if (ageMs(run.drainedSince) < DRAIN_MS / 2) return;
        await park(agent);
    }
    const row = await inquire(run, () => oneMonitor(databaseOf(agent), run.id));
    if (row?.active === true && row.owner === agent.config.nodeId) return;
    agent.runs.stop(run.id);
    await park(agent);
}

/** Kuma's socket server as a run sees it: a beat goes out when it is stored, nothing when the run is fenced. */
export function fencedServer(agent: Agent, run: Run, io: SocketServer): SocketServer {
    const fenced = Object.create(io) as SocketServer;
    fenced.to = (room): Emitter => ({
        emit(event, ...args) {
            if (isFenced(run)) return true;
            if (event !== "heartbeat" || typeof room !== "number") return io.to(room).emit(event, ...args);
            run.held.push((id) => agent.relay.audience.send(io, room, { id, monitorId: run.id, json: args[0] }));
            return true;
        },
    });
    return fenced;
}

/** A new beat begins: nothing of an earlier one that failed may be in it. */
export function beginBeat(run: Run): void {
    run.held = [];
    run.databaseError = undefined;
    // A push monitor looks whether it has been pushed, and most times stores nothing.
    run.checking = run.bean.type !== "push";
}

/** Sends what waited for the beat to be stored, which it is now under the id. */
export function endBeat(run: Run, beatId: number): void {
    for (const send of run.held.splice(0)) send(beatId);
    run.checking = false;
    run.onDrained();
}

/** Notes that a statement of the run's check failed for want of a database. */
export function noteDatabaseError(run: Run, thrown: unknown): void {
    if (!isDatabaseLost(thrown)) return;
    run.interrupted = true;
    run.databaseError ??= log.messageOf(thrown);
}

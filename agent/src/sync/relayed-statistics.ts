import type { Agent } from "../agent";
import * as log from "../log";
import { viewers } from "./audience";
import type { BeatRow } from "./beat-store";
import { asMirror } from "./origin";

/** Statistics that are read from the database for one look at the beats; the others wait for their next beat. */
const MOST_READ = 20;

interface Dayjs {
    utc(time: string): unknown;
}

async function count(agent: Agent, beats: readonly BeatRow[]): Promise<void> {
    const statistics = agent.kuma.foreignStatistics;
    if (statistics === undefined) return;
    const dayjs = agent.kumaRequire("dayjs") as Dayjs;
    for (const { monitor_id: id, status, ping, time } of beats) {
        await statistics.count(id, status, parseFloat(String(ping)), dayjs.utc(time));
    }
}

/** What Kuma sends after a beat of its own, without what it reads for that from the database each time. */
async function send(agent: Agent, monitorId: number, user: number): Promise<void> {
    const { server, monitorClass } = agent.kuma;
    if (server === undefined || monitorClass === undefined) return;
    await asMirror(() => monitorClass.sendStats(server.io, monitorId, user));
}

function isInMemory(agent: Agent, monitorId: number): boolean {
    return agent.kuma.foreignStatistics?.has(monitorId) === true;
}

/**
 * Counts beats of other nodes and sends the new averages and uptimes to the browsers here, once for each monitor.
 * Never throws.
 */
export async function sendStatistics(agent: Agent, beats: readonly BeatRow[]): Promise<void> {
    const io = agent.kuma.server?.io;
    if (io === undefined || beats.length === 0) return;
    await count(agent, beats).catch((thrown: unknown) => {
        log.warn("cannot count beats of other nodes: %s", log.messageOf(thrown));
    });
    let reads = 0;
    for (const [id, user] of new Map(beats.map((beat) => [beat.monitor_id, beat.user_id]))) {
        if (user === null || viewers(io, user) === 0) continue;
        if (!isInMemory(agent, id) && ++reads > MOST_READ) continue;
        agent.kuma.forgetUptimes?.(id);
        // 2.0.0-dev.0 cannot compute uptimes on MariaDB: it throws here as it does for its own beats.
        await send(agent, id, user).catch(() => undefined);
    }
}

import type { Agent } from "../agent";
import { kumaModule } from "../kuma-modules";
import * as log from "../log";
import { viewers } from "./audience";
import type { BeatRow } from "./beat-store";
import { asMirror } from "./origin";

/** Statistics that are read from the database for one look at the beats, three statements each; the others wait. */
const MOST_READ = 5;

/** The averages and uptimes of monitors of other nodes, as the browsers here see them. */
export class RelayedStatistics {
    private readonly agent: Agent;
    /** Monitors that have beaten and whose statistics are not in memory, in turn, and their users. */
    private readonly unread = new Map<number, number>();

    constructor(agent: Agent) {
        this.agent = agent;
    }

    /** Counts beats of other nodes and sends what follows from them, once for each monitor. Never throws. */
    async follow(beats: readonly BeatRow[]): Promise<void> {
        const io = this.agent.kuma.server?.io;
        if (io === undefined) return;
        await this.count(beats).catch((thrown: unknown) => {
            log.warn("cannot count beats of other nodes: %s", log.messageOf(thrown));
        });
        for (const [id, user] of new Map(beats.map((beat) => [beat.monitor_id, beat.user_id]))) {
            if (user === null || viewers(io, user) === 0) continue;
            if (this.agent.kuma.foreignStatistics?.has(id) === true) await this.send(id, user);
            else if (!this.unread.has(id)) this.unread.set(id, user);
        }
        for (const [id, user] of [...this.unread].slice(0, MOST_READ)) {
            this.unread.delete(id);
            await this.send(id, user);
        }
    }

    /** Forgets who waits: nobody looks any more. */
    clear(): void {
        this.unread.clear();
    }

    private async count(beats: readonly BeatRow[]): Promise<void> {
        const statistics = this.agent.kuma.foreignStatistics;
        if (statistics === undefined) return;
        const dayjs = kumaModule(this.agent, "dayjs");
        for (const { monitor_id: id, status, ping, time } of beats) {
            await statistics.count(id, status, parseFloat(String(ping)), dayjs.utc(time));
        }
    }

    /** What Kuma sends after a beat of its own, without what it reads for that from the database each time. */
    private async send(id: number, user: number): Promise<void> {
        const { server, monitorClass, forgetUptimes } = this.agent.kuma;
        if (server === undefined || monitorClass === undefined) return;
        forgetUptimes?.(id);
        // 2.0.0-dev.0 cannot compute uptimes on MariaDB: it throws here as it does for its own beats.
        await asMirror(() => monitorClass.sendStats(server.io, id, user)).catch(() => undefined);
    }
}

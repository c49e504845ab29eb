import type { Agent } from "../agent";
import { databaseOf } from "../agent";
import { ageMs, now, type Moment } from "../clock";
import * as log from "../log";
import { Audience, viewers } from "./audience";
import { beatsSince, lastBeatId, type BeatRow } from "./beat-store";
import { IdCursor } from "./id-cursor";
import { RecentIds } from "./recent-ids";
import { RelayedStatistics } from "./relayed-statistics";

/** A browser that loads its page anew is away for a moment. */
const RESTS_AFTER_MS = 10_000;
const MOST_OWN_IDS = 20_000;

/**
 * Brings the beats of other nodes to the browsers at this one. Reads the stored beats while a browser is connected,
 * and nothing while there is none.
 */
export class Relay {
    readonly audience = new Audience();
    private readonly agent: Agent;
    private readonly statistics: RelayedStatistics;
    private cursor: IdCursor | undefined;
    private lastVisitor: Moment | undefined;
    private waking: Promise<void> | undefined;
    /** Beats that this process has stored, and shown by itself. */
    private readonly own = new RecentIds(MOST_OWN_IDS);
    relayed = 0;

    constructor(agent: Agent) {
        this.agent = agent;
        this.statistics = new RelayedStatistics(agent);
    }

    /** To be called when a browser connects, before it reads its lists. Throws when the database does not answer. */
    async wake(): Promise<void> {
        this.lastVisitor = now();
        if (this.cursor === undefined) await this.beginOnce();
    }

    private beginOnce(): Promise<void> {
        this.waking ??= this.begin().finally(() => {
            this.waking = undefined;
        });
        return this.waking;
    }

    private async begin(): Promise<void> {
        this.cursor = new IdCursor(await lastBeatId(databaseOf(this.agent)));
        this.agent.kuma.foreignStatistics?.relayBegins();
    }

    private rest(): void {
        if (this.cursor === undefined) return;
        this.cursor = undefined;
        this.own.clear();
        this.statistics.clear();
        this.agent.kuma.foreignStatistics?.relayEnds();
    }

    /** Notes a beat that this process has stored. */
    noteOwn(id: number): void {
        if (this.cursor !== undefined) this.own.add(id);
    }

    /** Shows the beats that other nodes have stored since the last call. Throws when the database does not answer. */
    async poll(): Promise<void> {
        if ((this.agent.kuma.server?.io.engine?.clientsCount ?? 0) > 0) this.lastVisitor = now();
        if (ageMs(this.lastVisitor) > RESTS_AFTER_MS) return this.rest();
        const { cursor } = this;
        // A browser came while the database was away.
        if (cursor === undefined) return this.beginOnce();
        const begun = performance.now();
        const rows = await beatsSince(databaseOf(this.agent), cursor.last, cursor.holes(begun));
        // The answer to our own insert may come in the same moment as this one.
        await new Promise(setImmediate);
        const fresh = new Set(
            cursor.note(
                rows.map((row) => row.id),
                begun,
            ),
        );
        const foreign = rows.filter((row) => fresh.has(row.id) && !this.own.delete(row.id));
        for (const row of foreign) this.show(row);
        await this.statistics.follow(foreign);
    }

    private show(row: BeatRow): void {
        const { server, redbean } = this.agent.kuma;
        if (server === undefined || redbean === undefined || row.user_id === null) return;
        if (viewers(server.io, row.user_id) === 0) return;
        const { user_id: user, ...columns } = row;
        try {
            const json = redbean.convertToBean("heartbeat", columns).toJSON?.();
            this.audience.send(server.io, user, { id: row.id, monitorId: row.monitor_id, json });
            this.relayed++;
        } catch (thrown) {
            log.warn("cannot show a beat of monitor %d: %s", row.monitor_id, log.messageOf(thrown));
        }
    }
}

import type { Database } from "../database";
import { isDatabaseLost } from "../database-errors";
import type { Asker } from "../handover";
import * as log from "../log";
import { appendEvents, eventsSince, lastEventId, type OutgoingEvent, type StoredEvent } from "./event-store";
import { IdCursor } from "./id-cursor";

/** Events of the nodes among those of the load balancers. */
const PREFIX = "kuma.";
/** What belongs together is often told in several calls, and the same thing more than once. */
const COLLECT_MS = 20;
const MOST_WAITING = 5000;

/** What the nodes tell each other, by the name under which it is stored. */
export interface ClusterEvents {
    /** A list that browsers show has changed: `ids` of single members, or all of it when there are none. */
    "kuma.list": { readonly list: string; readonly user: number; readonly ids: readonly number[] };
    "kuma.settings": { readonly keys: readonly string[] };
    "kuma.maintenance": { readonly id: number };
    "kuma.status-pages": Readonly<Record<string, never>>;
    "kuma.cache": Readonly<Record<string, never>>;
    /** 0 stands for all monitors. */
    "kuma.statistics-cleared": { readonly monitor: number };
    "kuma.log-out": { readonly user: number };
    "kuma.certificate": { readonly monitor: number };
    /** Another node waits until `node` is done with monitors that have moved away from it. Agents of 0.1.0 are no askers. */
    "kuma.wanted": { readonly node: string; readonly ids: readonly number[]; readonly asker?: Asker };
    /** A node is done with monitors that have moved away from it, by what it had `seen` of their rows. */
    "kuma.released": { readonly node: string; readonly ids: readonly number[]; readonly seen: string };
    "kuma.latest-version": { readonly version: string };
}

export type EventType = keyof ClusterEvents;
type Receiver<Type extends EventType> = (detail: ClusterEvents[Type]) => Promise<void>;

/** Tells the other nodes what was done here, and hears what was done there, through the database. */
export class EventLog {
    private readonly nodeId: string;
    private readonly receivers = new Map<string, Receiver<never>>();
    private readonly waiting = new Map<string, OutgoingEvent>();
    private timer: NodeJS.Timeout | undefined;
    private sending: Promise<void> | undefined;
    private cursor: IdCursor | undefined;
    private database: Database | undefined;

    constructor(nodeId: string) {
        this.nodeId = nodeId;
    }

    /** What was done before this is not heard: to be called before Kuma reads it. Throws what mysql2 throws. */
    async begin(database: Database): Promise<void> {
        this.database = database;
        this.cursor = new IdCursor(await lastEventId(database));
    }

    /** Has `receiver` called with each event of a type that another node tells. */
    receive<Type extends EventType>(type: Type, receiver: Receiver<Type>): void {
        this.receivers.set(type, receiver);
    }

    /**
     * Tells the other nodes. Never throws: what cannot be written while the database is away is written when it is back,
     * up to 5000 events; what the database refuses is logged.
     */
    publish<Type extends EventType>(type: Type, detail: ClusterEvents[Type], actor = ""): void {
        const { monitor } = detail as { monitor?: number };
        const event = { type, monitorId: monitor ?? null, actor, detail: JSON.stringify(detail) };
        const key = `${type} ${event.detail}`;
        // The latest one counts: what it speaks of is read after it.
        this.waiting.delete(key);
        if (this.waiting.size >= MOST_WAITING) return;
        this.waiting.set(key, event);
        this.timer ??= setTimeout(() => void this.flush(), COLLECT_MS);
    }

    /** Writes what waits. Never throws. */
    flush(): Promise<void> {
        clearTimeout(this.timer);
        this.timer = undefined;
        this.sending ??= this.send().finally(() => {
            this.sending = undefined;
        });
        return this.sending;
    }

    /** Hears what the other nodes have told since the last call. Throws when the database does not answer. */
    async poll(): Promise<void> {
        if (this.database === undefined || this.cursor === undefined) return;
        if (this.waiting.size > 0) await this.flush();
        const present = performance.now();
        const rows = await eventsSince(this.database, this.cursor.last, this.cursor.holes(present));
        const noted = this.cursor.note(
            rows.map((row) => row.id),
            present,
        );
        const fresh = new Set(noted);
        for (const row of rows) {
            if (!fresh.has(row.id) || row.nodeId === this.nodeId || !row.type.startsWith(PREFIX)) continue;
            await this.hear(row);
        }
    }

    private async hear(row: StoredEvent): Promise<void> {
        const receiver = this.receivers.get(row.type);
        if (receiver === undefined) return;
        try {
            await receiver(JSON.parse(row.detail ?? "{}") as never);
        } catch (thrown) {
            log.warn("cannot follow what %s did (%s): %s", row.nodeId ?? "a node", row.type, log.messageOf(thrown));
        }
    }

    private async send(): Promise<void> {
        const batch = [...this.waiting];
        if (batch.length === 0 || this.database === undefined) return;
        const events = batch.map(([, event]) => event);
        for (const [key] of batch) this.waiting.delete(key);
        try {
            await appendEvents(this.database, this.nodeId, events);
        } catch (thrown) {
            if (!isDatabaseLost(thrown)) return log.error("cannot tell the other nodes: %s", log.messageOf(thrown));
            for (const [key, event] of batch) if (!this.waiting.has(key)) this.waiting.set(key, event);
        }
    }
}

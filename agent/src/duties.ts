import { ageMs, now, type Moment } from "./clock";
import type { MonitorBean } from "./kuma";
import type { Runs } from "./runs";
import type { Duty, Rhythm } from "./work";

interface Entry {
    /** The last beat that was stored, or when the monitor came to this node. */
    beat: Moment;
    missing: Moment | undefined;
    /** Of the settings with which it last ran: other ones begin a new rhythm. */
    hash: string | undefined;
}

/** Kuma 2.5 fills in a time-out that is missing while it checks, and in milliseconds where all others are in seconds. */
function timeoutOf({ interval, timeout }: MonitorBean): number {
    const filledIn = interval * 1000 * 0.8;
    return timeout === undefined || timeout === null || timeout === filledIn ? 0 : timeout;
}

function rhythmOf(bean: MonitorBean): Rhythm {
    return {
        type: bean.type,
        intervalSeconds: bean.interval,
        retryIntervalSeconds: bean.retryInterval,
        timeoutSeconds: timeoutOf(bean),
    };
}

/** The monitors that this node has to run: since when each is not running, and when it last beat. */
export class Duties {
    private readonly entries = new Map<number, Entry>();
    private readonly runs: Runs;

    constructor(runs: Runs) {
        this.runs = runs;
    }

    /** Forgets what was: after a time without the database, or in which this process stood still, nothing counts. */
    beginAnew(): void {
        this.entries.clear();
    }

    /** Takes what was found by a look at the database: the monitors that run, and those that have yet to start. */
    follow(running: ReadonlySet<number>, waiting: ReadonlySet<number>): void {
        const present = now();
        for (const id of this.entries.keys()) if (!running.has(id) && !waiting.has(id)) this.entries.delete(id);
        for (const id of running) {
            const entry = this.entry(id, present);
            const hash = this.runs.get(id)?.hash;
            if (hash !== entry.hash) entry.beat = present;
            entry.hash = hash;
            entry.missing = undefined;
        }
        for (const id of waiting) this.entry(id, present).missing ??= present;
    }

    /** Notes that a beat of a monitor was stored. */
    noteBeat(id: number): void {
        const entry = this.entries.get(id);
        if (entry !== undefined) entry.beat = now();
    }

    list(): Duty[] {
        return [...this.entries].map(([id, { beat, missing, hash }]) => {
            const run = this.runs.get(id);
            return {
                missingMs: missing === undefined || run !== undefined ? 0 : ageMs(missing),
                quietMs: run !== undefined && run.hash !== hash ? 0 : ageMs(beat),
                rhythm: run === undefined ? undefined : rhythmOf(run.bean),
            };
        });
    }

    private entry(id: number, present: Moment): Entry {
        const known = this.entries.get(id);
        if (known !== undefined) return known;
        const entry: Entry = { beat: present, missing: undefined, hash: undefined };
        this.entries.set(id, entry);
        return entry;
    }
}

import { ageMs, now, type Moment } from "../clock";
import type { Calculator, CalculatorClass } from "../kuma";
import { asMirror } from "./origin";

/** What was just read may hold a beat already whose row is not seen yet. */
const SETTLES_AFTER_MS = 2000;
/** For how long a status page may show what was read once, while nothing keeps it current. */
const KEPT_MS = 5000;

interface Loaded {
    readonly at: Moment;
    readonly period: number;
    used: number;
}

/**
 * The uptime statistics, in this process, of monitors that other nodes run. Kuma would keep what it has read for ever.
 * While beats are relayed here they are counted in memory, by Kuma's own arithmetic; else they are read anew.
 */
export class ForeignStatistics {
    private readonly calculators: CalculatorClass;
    private readonly isOurs: (monitorId: number) => boolean;
    private readonly most: number;
    private readonly loaded = new Map<number, Loaded>();
    private uses = 0;
    /** Counts the times that the relay was begun; 0 while it rests. */
    private period = 0;
    private periods = 0;

    /** @param most calculators that are kept; one takes up to half a megabyte. */
    constructor(calculators: CalculatorClass, isOurs: (monitorId: number) => boolean, most: number) {
        this.calculators = calculators;
        this.isOurs = isOurs;
        this.most = most;
    }

    /** From now on every beat of another node is given to count(). */
    relayBegins(): void {
        this.period = ++this.periods;
    }

    relayEnds(): void {
        this.period = 0;
    }

    /** To be called before Kuma takes a calculator: drops it when it is not current. */
    refresh(monitorId: number): void {
        if (this.isOurs(monitorId)) {
            // Read while another node ran it: the statistics may have gone on since.
            if (this.loaded.has(monitorId)) this.drop(monitorId);
            return;
        }
        const known = this.loaded.get(monitorId);
        const isCurrent = known !== undefined && (this.isCounted(known) || ageMs(known.at) < KEPT_MS);
        if (isCurrent && this.calculators.list[monitorId] !== undefined) {
            known.used = ++this.uses;
            return;
        }
        this.drop(monitorId);
        this.loaded.set(monitorId, { at: now(), period: this.period, used: ++this.uses });
        this.evict();
    }

    /** Whether the statistics of a monitor are in memory and current. */
    has(monitorId: number): boolean {
        const known = this.loaded.get(monitorId);
        return known !== undefined && this.isCounted(known) && this.calculators.list[monitorId] !== undefined;
    }

    /** Counts a beat of another node. Throws what Kuma throws. */
    async count(monitorId: number, status: number, ping: number, date: unknown): Promise<void> {
        const known = this.loaded.get(monitorId);
        if (known === undefined || this.isOurs(monitorId)) return;
        const calculator = this.calculators.list[monitorId] as Calculator | undefined;
        if (calculator === undefined || !this.isCounted(known) || ageMs(known.at) < SETTLES_AFTER_MS) {
            return this.drop(monitorId);
        }
        await asMirror(() => calculator.update(status, ping, date));
    }

    /** Drops what is in memory of a monitor. */
    drop(monitorId: number): void {
        this.loaded.delete(monitorId);
        delete this.calculators.list[monitorId];
    }

    private isCounted(known: Loaded): boolean {
        return this.period !== 0 && known.period === this.period;
    }

    private evict(): void {
        if (this.loaded.size <= this.most) return;
        const oldest = [...this.loaded].sort(([, a], [, b]) => a.used - b.used);
        // A tenth at once, so that not each further monitor sorts them.
        for (const [id] of oldest.slice(0, Math.ceil(this.most / 10))) this.drop(id);
    }
}

import { planAssignment, runnerElsewhere, type MonitorRow, type Plan, type Stop } from "./assignment";
import { ageMs, now, type Moment } from "./clock";
import type { Config } from "./config";
import type { Database } from "./database";
import type { Duties } from "./duties";
import * as log from "./log";
import { allMonitors, changedMonitors, nodeView } from "./monitor-store";
import type { Run, Runs } from "./runs";

/** What a look at the database says of this process. */
export type Standing = "ours" | "unregistered" | "superseded";

/** What one look at the monitors found. */
interface Look {
    readonly rows: Map<number, MonitorRow>;
    readonly latestMtime: string;
    readonly isFull: boolean;
}

/** Who runs which monitor, as of the last look at the database. */
export class Ownership {
    /** Carries out what a poll found; called after the monitors that are not ours any more are stopped. */
    onPlan: (plan: Plan) => void = () => undefined;
    /** Called with each monitor that was stopped: it is not this node's to run any more, or is started anew. */
    onStopped: (id: number) => void = () => undefined;
    /** Called with monitors of which nothing can leave this process any more, since they have moved. */
    onReleased: (ids: readonly number[]) => void = () => undefined;
    /** Called when the node's row is not this process's. */
    onStanding: (standing: Standing) => void = () => undefined;

    private readonly config: Config;
    private readonly runs: Runs;
    private readonly duties: Duties;
    private rows = new Map<number, MonitorRow>();
    private lastGood: Moment | undefined;
    private lastFull: Moment | undefined;
    private latestMtime = "";
    private flight: Promise<void> | undefined;
    private assignedCount = 0;
    private ownStatus: string | undefined;

    constructor(config: Config, runs: Runs, duties: Duties) {
        this.config = config;
        this.runs = runs;
        this.duties = duties;
    }

    /** Up to when changes of monitors are known here, by the database's clock. */
    get seen(): string {
        return this.latestMtime;
    }

    /** Active monitors that this node owns. */
    get assigned(): number {
        return this.assignedCount;
    }

    /** What load balancers take this node for; nothing while it is not registered. */
    get status(): string | undefined {
        return this.ownStatus;
    }

    /** The greatest id of a monitor that is known here, 0 when there is none. */
    get newest(): number {
        let newest = 0;
        for (const id of this.rows.keys()) newest = Math.max(newest, id);
        return newest;
    }

    /** Whether another node ran the monitor at the last look: a check of it may still be under way there. */
    isElsewhere(id: number): boolean {
        return runnerElsewhere(this.rows.get(id), this.config.nodeId) !== undefined;
    }

    /** Milliseconds since the last good poll was begun. */
    get ageMs(): number {
        return ageMs(this.lastGood);
    }

    /** Whether what is known may still be acted on. */
    get isFresh(): boolean {
        return this.ageMs <= this.config.leaseMs;
    }

    /**
     * Reads what changed, or everything when it is time for that, and stops at once what this node no longer owns.
     * Calls at the same time share one poll. Throws when the database does not answer.
     */
    poll(database: Database, bootId: string): Promise<void> {
        this.flight ??= this.pollUntilCurrent(database, bootId).finally(() => {
            this.flight = undefined;
        });
        return this.flight;
    }

    private async pollUntilCurrent(database: Database, bootId: string): Promise<void> {
        let isOutdated = true;
        while (isOutdated) isOutdated = await this.pollOnce(database, bootId);
    }

    /** Returns whether the rows have to be read again, see apply. */
    private async pollOnce(database: Database, bootId: string): Promise<boolean> {
        const begun = now();
        const running = this.runs.all();
        const before = this.rows;
        const look = await this.look(database);
        // After the monitors: whoever sees that they have moved must see that this node has fallen, if that is why.
        const view = await nodeView(database, this.config.nodeId);
        if (view.bootId !== bootId) {
            this.onStanding(view.bootId === null ? "unregistered" : "superseded");
            if (view.bootId !== null) return false;
        }
        this.keep(look, begun);
        this.assignedCount = view.assigned;
        this.ownStatus = view.status ?? undefined;
        if (!this.isFresh) this.duties.beginAnew();
        // A row that was deleted is not among the changed ones, but the counts differ.
        if (this.countOwned() !== view.assigned) this.lastFull = undefined;
        // Nobody waits for a node that stood still for longer than that, or that was taken for dead: it may be back by now.
        const mayDrain = this.isFresh && (view.status === "online" || view.status === "draining");
        const isOutdated = this.apply(before, running, mayDrain);
        if (!isOutdated) this.lastGood = begun;
        return isOutdated;
    }

    /** Changes nothing here: what was read does not count when the rest of the poll fails. */
    private async look(database: Database): Promise<Look> {
        const isFull = ageMs(this.lastFull) >= this.config.fullScanMs || this.latestMtime === "";
        const read = isFull ? await allMonitors(database) : await changedMonitors(database, this.latestMtime);
        const rows = isFull ? new Map<number, MonitorRow>() : new Map(this.rows);
        let { latestMtime } = this;
        for (const row of read) {
            rows.set(row.id, row);
            if (row.mtime > latestMtime) latestMtime = row.mtime;
        }
        return { rows, latestMtime, isFull };
    }

    private keep({ rows, latestMtime, isFull }: Look, begun: Moment): void {
        this.rows = rows;
        this.latestMtime = latestMtime;
        if (isFull) this.lastFull = begun;
    }

    /**
     * `running` when the rows were read: what has begun since may have been begun by newer ones, and is not stopped.
     * Returns whether there is any that these rows would stop, so that they have to be read anew.
     */
    private apply(
        before: ReadonlyMap<number, MonitorRow>,
        running: ReadonlyMap<number, Run>,
        mayDrain: boolean,
    ): boolean {
        // Its checks failed for want of a database, which answers again.
        for (const run of this.runs.interrupted()) {
            this.runs.stop(run.id);
            this.onStopped(run.id);
        }
        const plan = planAssignment(this.rows, before, this.runs.ids(), this.config.nodeId);
        const stops = plan.stop.filter(({ id }) => running.get(id) === this.runs.get(id));
        this.stop(stops, mayDrain);
        this.duties.follow(this.runs.ids(), new Set(plan.start.map(({ id }) => id)));
        this.onPlan(plan);
        return stops.length < plan.stop.length;
    }

    private stop(stops: readonly Stop[], mayDrain: boolean): void {
        const released: number[] = [];
        let isLate = false;
        const release = (id: number): void => {
            // It may have come back while its check went on.
            if (this.runs.get(id) !== undefined) return;
            if (isLate) this.onReleased([id]);
            else released.push(id);
        };
        for (const { id, reason, moved } of stops) {
            if (moved && mayDrain) this.runs.drain(id, () => release(id));
            else if (this.runs.stop(id) && moved) release(id);
            this.onStopped(id);
            log.info("stopped monitor %d: %s", id, reason);
        }
        isLate = true;
        if (released.length > 0) this.onReleased(released);
    }

    private countOwned(): number {
        let count = 0;
        for (const row of this.rows.values()) if (row.active && row.owner === this.config.nodeId) count++;
        return count;
    }
}

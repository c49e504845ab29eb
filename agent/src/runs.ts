import { createHash } from "node:crypto";

import * as log from "./log";
import { ageMs, now, type Moment } from "./clock";
import { DRAIN_MS } from "./handover";
import type { MonitorBean } from "./kuma";

/** A monitor that runs in this process, or waits here for its first check. */
export interface Run {
    readonly id: number;
    readonly bean: MonitorBean;
    /** Of the settings it was started with. */
    readonly hash: string;
    /** It runs here no longer. Effects of its checks are held back, but for one that comes to its end, see isFenced. */
    stopped: boolean;
    /** The database was lost during a check: the monitor has to be started anew from what is stored. */
    interrupted: boolean;
    /** Why the check under way says nothing about the target. */
    databaseError: string | undefined;
    /** A check is under way that has begun its beat. */
    checking: boolean;
    /** Since when the check under way may come to its end though the monitor has moved, see handover. */
    drainedSince: Moment | undefined;
    /** Called when the check that was allowed to end has ended. */
    onDrained: () => void;
    timer: NodeJS.Timeout | undefined;
    /** Time of the last stored beat when the start was planned. */
    lastBeatTime: string | undefined;
    /** Live events of the check under way, sent with the beat's id when it is stored. */
    held: ((beatId: number) => void)[];
}

/** Whether effects of the run's checks have to be held back: it was stopped, and is not coming to its end either. */
export function isFenced(run: Run): boolean {
    return run.stopped && ageMs(run.drainedSince) >= DRAIN_MS;
}

const WRITE_MS = 1000;

/* No settings of a check: what Kuma writes at each check of some monitors, and the group that shows the monitor. */
const NO_SETTINGS = new Set(["dns_last_result", "parent"]);

/** Tells one value from another. */
export function fingerprint(value: unknown): string {
    return createHash("sha1").update(JSON.stringify(value)).digest("hex");
}

/** A fingerprint of a monitor's settings. Only of a bean that has not run yet: a running one carries more properties. */
export function settingsHash(bean: MonitorBean): string {
    const settings = Object.entries(bean.export(false))
        .filter(([column]) => !NO_SETTINGS.has(column))
        .sort(([a], [b]) => (a < b ? -1 : 1));
    return fingerprint(settings);
}

/** A run of a bean that has not been started yet. */
export function newRun(bean: MonitorBean): Run {
    return {
        id: bean.id,
        bean,
        hash: settingsHash(bean),
        stopped: false,
        interrupted: false,
        databaseError: undefined,
        checking: false,
        drainedSince: undefined,
        onDrained: () => undefined,
        timer: undefined,
        lastBeatTime: undefined,
        held: [],
    };
}

/** The monitors of this process by id. Never Kuma's own list, which has those of other nodes too. */
export class Runs {
    private readonly runs = new Map<number, Run>();
    private readonly draining = new Map<number, Run>();
    private readonly byBean = new WeakMap<MonitorBean, Run>();

    /** Whether anything of a monitor may still leave this process. */
    isBusy(id: number): boolean {
        return this.runs.has(id) || this.draining.has(id);
    }

    get size(): number {
        return this.runs.size;
    }

    /** Those of now by their monitors' ids. */
    all(): Map<number, Run> {
        return new Map(this.runs);
    }

    ids(): Set<number> {
        return new Set(this.runs.keys());
    }

    get(id: number): Run | undefined {
        return this.runs.get(id);
    }

    interrupted(): Run[] {
        return [...this.runs.values()].filter((run) => run.interrupted);
    }

    /** Adds a run; one of the same monitor that is there already is stopped. */
    add(run: Run): void {
        this.stop(run.id);
        this.runs.set(run.id, run);
        this.byBean.set(run.bean, run);
        // The monitor is back before an earlier check of it has ended: that one is not awaited any more.
        const draining = this.draining.get(run.id);
        if (draining === undefined) return;
        draining.drainedSince = undefined;
        draining.onDrained();
    }

    /** Stops a monitor here. Returns whether it ran. Never throws. */
    stop(id: number): boolean {
        const run = this.runs.get(id);
        if (run === undefined) return false;
        this.release(run.bean);
        try {
            run.bean.stop();
        } catch (thrown) {
            log.warn("cannot stop monitor %d: %s", id, log.messageOf(thrown));
        }
        return true;
    }

    /**
     * Stops a monitor that another node takes over, but lets a check that is under way come to its end. Calls `done`
     * when nothing of it can leave this process any more: at once when no check is under way. Never throws.
     */
    drain(id: number, done: () => void): void {
        const run = this.runs.get(id);
        if (run?.checking !== true) {
            this.stop(id);
            return done();
        }
        const { held } = run;
        let isDone = false;
        this.draining.set(id, run);
        run.drainedSince = now();
        this.stop(id);
        run.held = held;
        run.onDrained = () => {
            if (isDone) return;
            isDone = true;
            if (this.draining.get(id) === run) this.draining.delete(id);
            done();
        };
        // What passed the fence in the last moment has been written by then.
        setTimeout(run.onDrained, DRAIN_MS + WRITE_MS).unref();
    }

    stopAll(): void {
        for (const id of [...this.runs.keys()]) this.stop(id);
    }

    /** Notes that a bean was stopped, whoever stopped it. */
    release(bean: MonitorBean): void {
        const run = this.byBean.get(bean);
        if (run === undefined) return;
        run.stopped = true;
        run.held = [];
        clearTimeout(run.timer);
        if (this.runs.get(run.id) === run) this.runs.delete(run.id);
    }
}

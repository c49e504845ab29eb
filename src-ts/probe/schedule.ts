/*
 * When which check is due: pure, all times are given. Each check has its own phase, so that they do not start together,
 * and keeps it whatever happens: what was late or still running waits for its next turn, and nothing is made up for.
 */
import { new_heap, pop, push } from "../lib/heap";
import type { Heap } from "../lib/heap";

interface Job {
    check: Assignment;
    /** Seconds, by clock.monotonic(). */
    due: number;
    is_gone: boolean;
}

export interface Schedule {
    readonly heap: Heap<Job>;
    readonly jobs: Record<number, Job | undefined>;
    readonly running: Record<number, boolean | undefined>;
    /** Turns that were left out: the check before still ran, or all checks together took too long. */
    overran: number;
    skipped: number;
}

/** A check that waited for longer than this part of its interval waits for its next turn. */
const LATEST = 0.5;

/** Seconds in which checks that are new begin. */
const LONGEST_PHASE = 30;

function comes_before(a: Job, b: Job): boolean {
    return a.due === b.due ? a.check.id < b.check.id : a.due < b.due;
}

export function new_schedule(): Schedule {
    return { heap: new_heap(comes_before), jobs: {}, running: {}, overran: 0, skipped: 0 };
}

/** Seconds after which a new check begins at this probe: others for each check, and for each probe of a check. */
export function phase(probe_id: string, { id, interval }: Assignment): number {
    // A checksum would give names that are alike phases that are alike.
    const [a = 0, b = 0, c = 0] = string.byte(ngx.sha1_bin(`${probe_id} ${string.format("%d", id)}`), 1, 3);
    const part = (a * 65536 + b * 256 + c) / 2 ** 24;
    return part * math.min(interval, LONGEST_PHASE);
}

/**
 * Makes these the checks. Those that are there already keep their times, unless their interval is another; `first_due`
 * says when a new one begins.
 */
export function update(
    schedule: Schedule,
    checks: readonly Assignment[],
    first_due: (this: void, check: Assignment) => number,
): void {
    const { jobs, heap } = schedule;
    const wanted: Record<number, boolean | undefined> = {};
    for (const check of checks) {
        wanted[check.id] = true;
        const job = jobs[check.id];
        if (job !== undefined && job.check.interval === check.interval) {
            job.check = check;
        } else {
            if (job !== undefined) {
                job.is_gone = true;
            }
            const added = { check, due: first_due(check), is_gone: false };
            jobs[check.id] = added;
            push(heap, added);
        }
    }
    for (const [id, job] of pairs(jobs)) {
        if (wanted[id] !== true) {
            job.is_gone = true;
            jobs[id] = undefined;
        }
    }
}

/** Whether a check that is due begins now; else it is counted why not. */
function may_begin(schedule: Schedule, { id, interval }: Assignment, lateness: number): boolean {
    if (schedule.running[id] === true) {
        schedule.overran += 1;
        return false;
    }
    if (lateness > interval * LATEST) {
        schedule.skipped += 1;
        return false;
    }
    return true;
}

/** The next check that is due, from now on running, and when it is due again; nil when none is due. */
export function begin_next(
    schedule: Schedule,
    now: number,
): LuaMultiReturn<[check: Assignment | undefined, next_due: number]> {
    const { heap, running } = schedule;
    for (;;) {
        const first = heap.items[0];
        if (first === undefined || (first.due > now && !first.is_gone)) {
            return $multi(undefined, first?.due ?? math.huge);
        }
        pop(heap);
        if (!first.is_gone) {
            const { check, due } = first;
            first.due = due + check.interval * (math.floor((now - due) / check.interval) + 1);
            push(heap, first);
            if (may_begin(schedule, check, now - due)) {
                running[check.id] = true;
                return $multi(check, first.due);
            }
        }
    }
}

/** Notes the end of a check; false when it is none of the checks any more. */
export function end(schedule: Schedule, id: number): boolean {
    schedule.running[id] = undefined;
    return schedule.jobs[id] !== undefined;
}

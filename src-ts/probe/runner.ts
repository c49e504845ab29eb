/*
 * Runs the checks: one worker of this load balancer at a time, at most AT_ONCE checks together. When a worker ends, the
 * next one begins only after its last check, so that it never is more of them, and goes on where it stood.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import * as shared_dict from "../lib/shared_dict";
import * as turn from "../lib/turn";
import * as worker_timer from "../lib/worker_timer";
import * as logger from "../logger";
import * as assignments from "./assignments";
import * as buffer from "./buffer";
import { run_check } from "./run_check";
import { begin_next, end, new_schedule, phase, update } from "./schedule";
import type { Schedule } from "./schedule";
import { TURN, memory } from "./state";

const AT_ONCE = 10;

/** Seconds after which the turn of a worker that was killed is over. */
const TURN_TTL = 3;
/** Seconds between two looks at what is due, at most; a reload waits for that. */
const STEP = 0.2;
/** Seconds between two looks while as many checks run as may. */
const BUSY_STEP = 0.02;
/** Seconds after which all begins anew: nginx frees what a timer has used when the timer ends. */
const RENEW_AFTER = 3600;
/** Seconds between two lines about checks that were left out. */
const TELL_INTERVAL = 60;

let running = 0;

function due_key(id: number): string {
    return `due:${string.format("%d", id)}`;
}

/** When a check begins that this worker did not know: as the worker before it had planned, else in its own phase. */
function first_due(check: Assignment): number {
    const now = clock.monotonic();
    const planned = shared_dict.get_number(memory(), due_key(check.id));
    const is_near = planned !== undefined && math.abs(planned - now) <= check.interval;
    return is_near ? planned : now + phase(config.node.id, check);
}

function perform(schedule: Schedule, check: Assignment): void {
    const [ok, result] = pcall(run_check, check);
    const is_wanted = end(schedule, check.id);
    running -= 1;
    if (!ok) {
        logger.error("PROBE", "check %d failed: %s", check.id, result);
    } else if (is_wanted) {
        const { status, ping_ms, message, at } = result;
        buffer.append({ check_id: check.id, status, ping_ms, message, at, revision: check.revision });
    }
}

/** Each check has a timer of its own: nginx frees what it has used when it ends. */
function start(schedule: Schedule, check: Assignment, next_due: number): void {
    shared_dict.set_safely(memory(), due_key(check.id), next_due, check.interval * 2);
    running += 1;
    const is_started = worker_timer.soon("check", (premature) => {
        if (premature) {
            running -= 1;
            end(schedule, check.id);
        } else {
            perform(schedule, check);
        }
    });
    if (!is_started) {
        running -= 1;
        end(schedule, check.id);
    }
}

/** Starts what is due; returns after how many seconds to look again. */
function step(schedule: Schedule): number {
    while (running < AT_ONCE) {
        const now = clock.monotonic();
        const [check, next_due] = begin_next(schedule, now);
        if (check === undefined) {
            return math.max(0.001, math.min(STEP, next_due - now));
        }
        start(schedule, check, next_due);
    }
    return BUSY_STEP;
}

function tell(schedule: Schedule): void {
    const { overran, skipped } = schedule;
    if (skipped > 0) {
        logger.warn("PROBE", "%d checks left out: more are due than %d at once can do", skipped, AT_ONCE);
    }
    if (overran > 0) {
        logger.warn("PROBE", "%d checks left out: they still ran when they were due again", overran);
    }
    schedule.overran = 0;
    schedule.skipped = 0;
}

/** Keeps the turn until the last check of this worker has ended. One that goes on itself has nothing to wait for. */
function wind_up(): void {
    if (!ngx.worker.exiting()) {
        return;
    }
    while (running > 0 && turn.keep(TURN, TURN_TTL)) {
        ngx.sleep(BUSY_STEP);
    }
    turn.give_back(TURN);
}

/** Runs the checks for as long as this worker has the turn, which may be for ever; returns at once when another has it. */
export function run(): void {
    if (ngx.worker.exiting() || !turn.keep(TURN, TURN_TTL)) {
        return;
    }
    assignments.restore();
    const schedule = new_schedule();
    let known = -1;
    const ends_at = clock.monotonic() + RENEW_AFTER;
    let told_at = clock.monotonic();
    while (!ngx.worker.exiting() && turn.keep(TURN, TURN_TTL) && clock.monotonic() < ends_at) {
        const [checks, generation] = assignments.current();
        if (generation !== known) {
            known = generation;
            update(schedule, checks, first_due);
        }
        ngx.sleep(step(schedule));
        if (clock.monotonic() - told_at >= TELL_INTERVAL) {
            told_at = clock.monotonic();
            tell(schedule);
        }
    }
    wind_up();
}

/*
 * A host whose clock is set back. What a shared dict keeps for a while it keeps by the time of day: set back by an hour,
 * what is due once a second would be due once in an hour. So it ends when it would have ended.
 */
import * as logger from "../logger";
import * as clock from "./clock";
import * as shared_dict from "./shared_dict";
import * as turn from "./turn";
import * as worker_timer from "./worker_timer";

/** Seconds between two looks. */
const TICK = 1;

/** Seconds within which a clock that was set back is noticed. */
const NOTICED = 3;

/** Seconds below which it does not matter. More than any turn lasts: one that was taken since is not cut short. */
const LEAST = 10;

/** What is over by now. */
const AT_ONCE = 0.001;

const LEAD = "clock:lead";

const dict = shared_dict.open("cluster_control");

/** Ends `seconds` earlier what was kept before the clock was set back: that alone has so long to live, or nearly. */
function shorten(raw: SharedDict, seconds: number): void {
    for (const key of raw.get_keys(0)) {
        const [left] = raw.ttl(key);
        if (left !== undefined && left > seconds - NOTICED) {
            raw.expire(key, math.max(left - seconds, AT_ONCE));
        }
    }
}

/** Seconds by which the time of day is ahead of the clock that nobody sets. */
function lead_now(): number {
    ngx.update_time();
    return clock.now() - clock.monotonic();
}

function is_news(lead: number): boolean {
    const known = shared_dict.get_number(dict, LEAD);
    return known === undefined || math.abs(lead - known) >= LEAST;
}

function follow(): void {
    const lead = lead_now();
    const known = shared_dict.get_number(dict, LEAD);
    // Another worker may have been faster.
    if (!is_news(lead)) {
        return;
    }
    shared_dict.set(dict, LEAD, lead);
    if (known === undefined || lead > known) {
        return;
    }
    logger.warn("CLOCK", "the clock of this host was set back by %.0f s", known - lead);
    for (const [, raw] of pairs(ngx.shared)) {
        shorten(raw, known - lead);
    }
}

/** Looks once a second whether the clock was set back; one worker does what is to be done. */
export function start(): void {
    worker_timer.every("clock", TICK, () => {
        if (is_news(lead_now())) {
            turn.alone("clock", follow);
        }
    });
}

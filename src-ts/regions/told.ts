/*
 * What Uptime Kuma was told of each check, and when it is to be told again: at once when the verdict or the leader has
 * changed, else once in an interval. One beat of a check is on its way at a time, so that none overtakes another. Shared by
 * the workers, and kept across a reload.
 */
import * as shared_dict from "../lib/shared_dict";

/** Seconds before what Uptime Kuma did not take is tried again. */
const RETRY = 2;

/** Seconds after which a beat is not on its way any more, whatever became of its worker. */
const LONGEST_WAY = 140;

/** Seconds between two warnings of a check. */
const WARN_INTERVAL = 60;

const dict = shared_dict.open("health_checker");

/** A verdict for Uptime Kuma. */
export interface Beat {
    readonly check_id: number;
    readonly monitor_id: number;
    readonly interval: number;
    readonly verdict: string;
    readonly message: string;
    readonly ping_ms: number | undefined;
    /** Of the lease under which it was found. */
    readonly epoch: number;
}

function key(topic: string, { check_id }: Beat): string {
    return `${topic}:${string.format("%d", check_id)}`;
}

/** What was told by this leader; another one's word may have been lost on its way. */
function word({ verdict, epoch }: Beat): string {
    return `${string.format("%d", epoch)} ${verdict}`;
}

/** True when the beat is to be sent now; then it counts as on its way. */
export function begin(beat: Beat): boolean {
    if (shared_dict.get_text(dict, key("told", beat)) === word(beat)) {
        return false;
    }
    return shared_dict.take(dict, key("telling", beat), true, LONGEST_WAY);
}

/** It was told, or there is nobody to tell: the next one goes in an interval. */
export function end(beat: Beat): void {
    shared_dict.set(dict, key("told", beat), word(beat), beat.interval);
    dict.raw.delete(key("telling", beat));
}

/** It could not be told: the next one, of what the verdict is then, goes soon. */
export function end_in_vain(beat: Beat): void {
    shared_dict.set(dict, key("told", beat), word(beat), RETRY);
    dict.raw.delete(key("telling", beat));
}

/** True once in a while for each check: its troubles fill no log. */
export function may_warn(beat: Beat): boolean {
    return shared_dict.take(dict, key("warned", beat), true, WARN_INTERVAL);
}

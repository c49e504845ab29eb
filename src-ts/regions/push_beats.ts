/* Tells Uptime Kuma verdicts as beats of push monitors, each at the node that runs it. */
import * as clock from "../lib/clock";
import * as http_client from "../lib/http_client";
import { contains } from "../lib/text";
import * as worker_timer from "../lib/worker_timer";
import * as logger from "../logger";
import type { Lease } from "../store/lease";
import { push_targets } from "../store/push_monitors";
import type { PushTarget } from "../store/push_monitors";
import * as told from "./told";
import type { Beat } from "./told";

/** Uptime Kuma 2.5 sends its notifications before it answers, and another beat meanwhile would be another alert. */
const TIMEOUT_MS = 65000;
/** Beats that are on their way together: after a start all are due, and a node is not to be flooded. */
const AT_ONCE = 20;
/** Seconds after which what was read of the monitors is too old to go by. */
const PATIENCE = 10;

interface Attempt {
    /** It was told, or there is nobody to tell. */
    readonly is_settled: boolean;
    /** What is wrong, for an operator. */
    readonly problem?: string | undefined;
}

function request(host: string, token: string, { verdict, message, ping_ms }: Beat): Result<http_client.HttpAnswer> {
    const [peer, peer_err] = http_client.find_peer(host);
    if (peer === undefined) {
        return $multi(undefined, `refused: ${peer_err}`);
    }
    const ping = ping_ms === undefined ? "" : `&ping=${string.format("%.1f", ping_ms)}`;
    const path = `/api/push/${token}?status=${verdict}&msg=${ngx.escape_uri(message)}${ping}`;
    return http_client.request("GET", peer, path, TIMEOUT_MS);
}

/** Who refuses the connection has not heard of the beat: the next one gets it. Of anybody else it is not known. */
function push(hosts: readonly string[], token: string, beat: Beat): Attempt {
    let problem = "no node is online that could take it";
    for (const host of hosts) {
        const [answer, err] = request(host, token, beat);
        if (answer !== undefined) {
            const is_taken = answer.status === 200;
            return { is_settled: is_taken, problem: is_taken ? undefined : `it answered ${answer.status}` };
        }
        problem = err;
        if (!contains(err, "refused")) {
            return { is_settled: true, problem };
        }
    }
    return { is_settled: false, problem };
}

function give_up(beats: readonly Beat[]): void {
    for (const beat of beats) {
        told.end_in_vain(beat);
    }
}

function attempt(beat: Beat, target: PushTarget | undefined): Attempt {
    if (target === undefined || target.verdict !== beat.verdict) {
        // The check is gone, another load balancer leads, or the verdict is a new one already.
        return { is_settled: false };
    }
    const { token, hosts, is_active } = target;
    if (token === undefined) {
        return { is_settled: true, problem: "it is not there any more; PUT of the check makes it anew" };
    }
    if (!is_active) {
        // Somebody has paused it.
        return { is_settled: true };
    }
    return push(hosts, token, beat);
}

function tell(beat: Beat, target: PushTarget | undefined): void {
    const { is_settled, problem } = attempt(beat, target);
    if (problem !== undefined && told.may_warn(beat)) {
        logger.warn("REGIONS", "monitor %d cannot be told that it is %s: %s", beat.monitor_id, beat.verdict, problem);
    }
    if (is_settled) {
        told.end(beat);
    } else {
        told.end_in_vain(beat);
    }
}

function tell_all(beats: readonly Beat[], lease: Lease): void {
    const ids: number[] = [];
    for (const { check_id } of beats) {
        table.insert(ids, check_id);
    }
    const [targets, err] = push_targets(ids, lease);
    if (targets === undefined) {
        logger.warn("REGIONS", "%s", err);
    }
    const ends_at = clock.monotonic() + PATIENCE;
    let next = 0;
    const work = (): void => {
        while (next < beats.length) {
            const beat = beats[next] as Beat;
            next += 1;
            tell(beat, clock.monotonic() < ends_at ? targets?.[beat.check_id] : undefined);
        }
    };
    let threads = math.min(AT_ONCE, beats.length);
    while (threads > 0) {
        threads -= 1;
        ngx.thread.spawn(work);
    }
}

/** Sends beats without waiting for it. What cannot be sent is due again soon. */
export function send(beats: readonly Beat[], lease: Lease): void {
    if (beats.length === 0) {
        return;
    }
    const is_started = worker_timer.soon("beats", (premature) => {
        if (premature) {
            give_up(beats);
        } else {
            tell_all(beats, lease);
        }
    });
    if (!is_started) {
        give_up(beats);
    }
}

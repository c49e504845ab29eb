/*
 * The standing connections to the nodes: one worker of this load balancer has one to each, in light threads of a single
 * timer. The workers take turns by a short lease, so that another one goes on when this one ends or is killed.
 */
import * as clock from "../lib/clock";
import * as turn from "../lib/turn";
import * as logger from "../logger";
import type { Subject } from "./watch_node";
import { watch } from "./watch_node";
import * as watch_records from "./watch_records";

/** A node to be watched. */
export interface Target {
    readonly node_id: string;
    readonly host: string;
}

interface Watcher extends Subject {
    readonly thread: LightThread;
    is_done: boolean;
}

type Watchers = Record<string, Watcher | undefined>;

/** Seconds after which the turn of a worker that was killed is over. */
const TURN_TTL = 3;
/** Seconds between two looks at whether this worker may go on; a reload waits for that. */
const STEP = 0.2;
/** Seconds between two looks at the list of nodes. */
const LIST_INTERVAL = 1;
/** Seconds after which all begins anew: nginx frees what a timer has used for its connections when the timer ends. */
const RENEW_AFTER = 3600;

const TURN = "watch_turn";

function start(target: Target): Watcher {
    const watcher = { node_id: target.node_id, host: target.host, is_dropped: false, is_done: false } as Watcher;
    const thread = ngx.thread.spawn(() => {
        const [ok, err] = pcall(watch, watcher);
        if (!ok) {
            logger.error("WATCH", "%s: %s", watcher.node_id, err);
        }
        watcher.is_done = true;
    });
    (watcher as { thread: LightThread }).thread = thread;
    return watcher;
}

/** Ends the threads of nodes that are gone or have moved, and takes those away that have ended. */
function drop_others(watchers: Watchers, hosts: Record<string, string | undefined>): void {
    for (const [node_id, watcher] of pairs(watchers)) {
        if (hosts[node_id] !== watcher.host) {
            watcher.is_dropped = true;
        }
        if (watcher.is_done) {
            // What nobody waits for stays in memory until the timer ends.
            ngx.thread.wait(watcher.thread);
            watchers[node_id] = undefined;
            if (hosts[node_id] === undefined) {
                watch_records.forget(node_id);
            }
        }
    }
}

function adjust(watchers: Watchers, targets: readonly Target[]): void {
    const hosts: Record<string, string | undefined> = {};
    for (const { node_id, host } of targets) {
        hosts[node_id] = host;
    }
    drop_others(watchers, hosts);
    for (const target of targets) {
        watchers[target.node_id] ??= start(target);
    }
}

/**
 * Watches the nodes for as long as this worker has the turn, which may be for ever; returns at once when another worker
 * has it. `list` gives the nodes and must not wait.
 */
export function run(list: (this: void) => readonly Target[]): void {
    if (ngx.worker.exiting() || !turn.keep(TURN, TURN_TTL)) {
        return;
    }
    const watchers: Watchers = {};
    const ends_at = clock.monotonic() + RENEW_AFTER;
    let listed_at = -math.huge;
    while (!ngx.worker.exiting() && turn.keep(TURN, TURN_TTL) && clock.monotonic() < ends_at) {
        if (clock.monotonic() - listed_at >= LIST_INTERVAL) {
            listed_at = clock.monotonic();
            adjust(watchers, list());
        }
        ngx.sleep(STEP);
    }
    for (const [, watcher] of pairs(watchers)) {
        ngx.thread.kill(watcher.thread);
    }
    turn.give_back(TURN);
}

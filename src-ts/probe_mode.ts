/*
 * A load balancer that is a probe: it checks targets for its leader and does nothing else. No database, no nodes, no
 * dashboard.
 */
import * as config from "./config";
import * as worker_timer from "./lib/worker_timer";
import * as logger from "./logger";
import * as assignments from "./probe/assignments";
import * as conversation from "./probe/conversation";
import { run } from "./probe/runner";
import * as state from "./probe/state";

/** Seconds between two things that are said to the leader, and between two tries to get the turn to check. */
const TALK_INTERVAL = 1;
const TURN_INTERVAL = 0.5;

/** Pages under /lb/ that a probe has. */
const PAGES: Record<string, boolean | undefined> = {
    ping: true,
    livez: true,
    readyz: true,
    "debug-config": true,
    "debug-logs": true,
};

export const IS_PROBE: boolean = config.peers.mode === "probe";

/** True for a path below /lb/ that a load balancer of this mode has. */
export function has_page(path: string): boolean {
    return !IS_PROBE || PAGES[path] === true;
}

/** Once at each start and reload: what an operator should know of the settings. */
export function init(): void {
    state.memory();
    if (config.probes.region === "") {
        logger.info("PROBE", "NODE_REGION is not set: this probe gets only the checks that name no regions");
    }
}

/** Starts the work of this worker; the workers take turns. */
export function start(): void {
    worker_timer.every("probe", TURN_INTERVAL, run);
    conversation.begin();
    worker_timer.every("probe leader", TALK_INTERVAL, conversation.go_on);
}

/** Why the probe cannot do its work yet, as a part of a sentence; nil when it can. */
export function why_not_ready(): string | undefined {
    if (state.session() !== undefined && assignments.are_known()) {
        return undefined;
    }
    return state.leader_error() ?? "the leader has not been asked yet";
}

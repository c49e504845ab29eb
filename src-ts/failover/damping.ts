/*
 * Flap damping: a node that falls again and again gets its monitors back later each time. Falls are counted from the
 * log of events, so that the next leader goes on counting, and calm makes them grow old.
 */
import * as states from "../lib/states";
import * as logger from "../logger";
import * as events from "../store/events";
import type { Transition } from "./assessment";
import { count, hold } from "./records";
import { hold_seconds } from "./verdict";

/** Seconds after which a fall is forgotten. */
const WINDOW = 600;

function hold_left(transition: Transition): Result<number> {
    const { node } = transition;
    const [falls, err] = events.count_recent("node.offline", node.node_id, WINDOW);
    if (falls === undefined) {
        return $multi(undefined, err);
    }
    const left = hold_seconds(falls) - (node.status_age ?? 0);
    if (left > 0) {
        const sentence = `held back for ${math.ceil(left)} s more: it fell ${falls} times within ${WINDOW / 60} minutes`;
        hold(node.node_id, sentence);
    }
    return $multi(left);
}

/** The transitions without those to `online` of nodes that have to wait. */
export function without_held(transitions: readonly Transition[]): Transition[] {
    const kept: Transition[] = [];
    for (const transition of transitions) {
        let left = 0;
        if (transition.to === states.ONLINE && transition.node.status === states.RECOVERING) {
            const [seconds, err] = hold_left(transition);
            if (err !== undefined) {
                logger.warn("HEALTH_CHECK", "%s", err);
            }
            left = seconds ?? 0;
        }
        if (left <= 0) {
            table.insert(kept, transition);
        }
    }
    return kept;
}

/** Counts a fall, and a flap when the node fell a while ago already. Before the event of the fall is written. */
export function note_fall(node_id: string): void {
    count("falls");
    const [falls] = events.count_recent("node.offline", node_id, WINDOW);
    if (falls !== undefined && falls > 0) {
        count("flaps");
    }
}

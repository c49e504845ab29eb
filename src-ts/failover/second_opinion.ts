/*
 * What probes say of nodes that this load balancer does not reach: when enough of them do, it is the way there that is
 * broken, and nothing moves. A node that is silent in the database as well is dead by its own account.
 */
import * as config from "../config";
import * as shared_dict from "../lib/shared_dict";
import * as states from "../lib/states";
import * as logger from "../logger";
import { counts, freshness, why_alive } from "../regions/node_checks";
import type { NodeVote } from "../regions/node_checks";
import * as node_votes from "../store/node_votes";
import * as suspects from "../store/suspects";
import { is_silent } from "./assessment";
import type { Transition } from "./assessment";
import { count, hold } from "./records";
import type { Sighting } from "./verdict";

/** The votes that count, by node; none of a node that nobody else looks at. */
export type Opinions = Readonly<Record<string, NodeVote[] | undefined>>;

/** Seconds after which it is said again that a node is held. */
const REPEAT = 60;

const dict = shared_dict.open("health_checker");

function is_any_in_doubt(sightings: readonly Sighting[]): boolean {
    for (const { failures, status } of sightings) {
        if (failures > 0 && status !== states.OFFLINE) {
            return true;
        }
    }
    return false;
}

/** Asks what probes say of the nodes, when it matters: one of them fails, and its own vote is not enough. */
export function ask(sightings: readonly Sighting[]): Opinions {
    const opinions: Record<string, NodeVote[] | undefined> = {};
    if (config.probes.node_strategy === "any-down" || !is_any_in_doubt(sightings)) {
        return opinions;
    }
    const [votes, err] = node_votes.list();
    if (votes === undefined) {
        logger.warn("HEALTH_CHECK", "%s", err);
        return opinions;
    }
    const fresh = freshness(sightings.length);
    for (const vote of votes) {
        if (counts(vote, fresh)) {
            const list = opinions[vote.node_id] ?? [];
            table.insert(list, vote);
            opinions[vote.node_id] = list;
        }
    }
    return opinions;
}

/** The sightings of nodes that nobody else looks at: of the others it is known whether they are dead or cut off. */
export function without_known(sightings: readonly Sighting[], opinions: Opinions): Sighting[] {
    const kept: Sighting[] = [];
    for (const sighting of sightings) {
        if (opinions[sighting.node_id] === undefined) {
            table.insert(kept, sighting);
        }
    }
    return kept;
}

function why_not_dead({ node, to }: Transition, opinions: Opinions, database_age: number): string | undefined {
    const votes = opinions[node.node_id];
    const is_fall = to === states.OFFLINE && node.status !== states.RECOVERING;
    if (votes === undefined || !is_fall || is_silent(node, database_age)) {
        return undefined;
    }
    return why_alive(config.node.id, votes, config.probes.node_strategy);
}

function note(node_id: string, sentence: string): void {
    hold(node_id, sentence);
    // Requests would go the broken way too.
    suspects.report(node_id);
    if (shared_dict.take(dict, "disputed:" + node_id, true, REPEAT)) {
        count("disputed_falls");
        logger.warn("HEALTH_CHECK", "%s: %s", node_id, sentence);
    }
}

/** The transitions without the falls that probes dispute. */
export function without_disputed(
    transitions: readonly Transition[],
    opinions: Opinions,
    database_age: number,
): Transition[] {
    const kept: Transition[] = [];
    for (const transition of transitions) {
        const sentence = why_not_dead(transition, opinions, database_age);
        if (sentence === undefined) {
            table.insert(kept, transition);
        } else {
            note(transition.node.node_id, sentence);
        }
    }
    return kept;
}

/*
 * What probes say of nodes that this load balancer does not reach: when enough of them do, it is the way there that is
 * broken, and nothing moves. A node that is silent in the database as well is dead by its own account.
 */
import * as config from "../config";
import * as group from "../lib/group";
import type { Groups } from "../lib/group";
import * as shared_dict from "../lib/shared_dict";
import * as states from "../lib/states";
import * as logger from "../logger";
import { counts, freshness, why_alive } from "../regions/node_checks";
import type { NodeVote } from "../regions/node_checks";
import * as node_votes from "../store/node_votes";
import * as suspects from "../store/suspects";
import { is_silent } from "./assessment";
import type { Assessment, Transition } from "./assessment";
import { count, hold } from "./records";
import { follow_wish } from "./verdict";
import type { Sighting } from "./verdict";

/** Why each node that fails is not taken for dead, by its id. */
type Disputes = Record<string, string | undefined>;

/** Seconds after the return of the database in which older votes count too: probes bring the new ones within that time. */
const SETTLING = 30;
const OLDER = 90;

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

/** What probes say, when it matters: a node fails, and the load balancer's own finding is not enough. */
function read_disputes(sightings: readonly Sighting[], database_age: number): Result<Disputes> {
    const { node_strategy } = config.probes;
    if (node_strategy === "any-down" || !is_any_in_doubt(sightings)) {
        return $multi({});
    }
    const [votes, err] = node_votes.list();
    if (votes === undefined) {
        return $multi(undefined, err);
    }
    const fresh = freshness(sightings.length) + (database_age < SETTLING ? OLDER : 0);
    const by_node: Groups<string, NodeVote> = {};
    for (const vote of votes) {
        if (counts(vote, fresh)) {
            group.add(by_node, vote.node_id, vote);
        }
    }
    const disputes: Disputes = {};
    for (const [node_id, list] of pairs(by_node)) {
        disputes[node_id] = why_alive(config.node.id, list, node_strategy);
    }
    return $multi(disputes);
}

function note(node_id: string, sentence: string): void {
    hold(node_id, sentence);
    // Requests would go the broken way too.
    suspects.skip(node_id);
    if (shared_dict.take(dict, "disputed:" + node_id, true, REPEAT)) {
        count("disputed_falls");
        logger.warn("HEALTH_CHECK", "%s: %s", node_id, sentence);
    }
}

/** What remains of a fall that is disputed: an operator's wish, which does not wait for the way to be mended. */
function in_place_of_fall({ node }: Transition): Transition | undefined {
    const wish = follow_wish(node.status, node.drained_at !== undefined);
    return wish === undefined ? undefined : { node, to: wish.status, reason: wish.reason };
}

/** True for a node of this cluster that goes offline and was not just coming back. */
export function is_fall({ node, to }: Transition): boolean {
    return to === states.OFFLINE && node.status !== states.RECOVERING;
}

/** Those that fail but are known to live are no evidence of a partition. */
function believed(sightings: readonly Sighting[], disputes: Disputes): Sighting[] {
    const changed: Sighting[] = [];
    for (const sighting of sightings) {
        const { node_id, status, silent } = sighting;
        const is_alive = disputes[node_id] !== undefined && !silent;
        table.insert(changed, is_alive ? { node_id, status, silent, failures: 0 } : sighting);
    }
    return changed;
}

/**
 * What was found, without the falls that probes dispute. `database_age`: see database_clock.
 * @returns nil and why the probes could not be asked: then nobody knows who is dead
 */
export function revise({ transitions, sightings }: Assessment, database_age: number): Result<Assessment> {
    const [disputes, err] = read_disputes(sightings, database_age);
    if (disputes === undefined) {
        return $multi(undefined, err);
    }
    const kept: Transition[] = [];
    for (const transition of transitions) {
        const { node } = transition;
        const sentence = is_fall(transition) && !is_silent(node, database_age) ? disputes[node.node_id] : undefined;
        let remaining: Transition | undefined = transition;
        if (sentence !== undefined) {
            note(node.node_id, sentence);
            remaining = in_place_of_fall(transition);
        }
        if (remaining !== undefined) {
            table.insert(kept, remaining);
        }
    }
    return $multi({ transitions: kept, sightings: believed(sightings, disputes) });
}

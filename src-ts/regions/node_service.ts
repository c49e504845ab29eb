/* Probes and the cluster's own nodes: which ones each looks at, and what they all say. */
import * as config from "../config";
import * as group from "../lib/group";
import type { Groups } from "../lib/group";
import * as node_votes from "../store/node_votes";
import * as nodes_store from "../store/nodes";
import type { Subjects } from "./incoming";
import { assignments_for, check_id_of, counts, freshness, revision_of, WAY_KNOWN_FOR } from "./node_checks";
import type { NodeVote } from "./node_checks";

/**
 * The checks of nodes for a probe: often where it reaches them or has not tried yet, now and then where it does not. None
 * where one vote is enough: the load balancer's own is.
 */
export function assignments_of(probe_id: string): Result<Assignment[]> {
    if (config.probes.node_strategy === "any-down") {
        return $multi([]);
    }
    const [places, err] = nodes_store.places();
    if (places === undefined) {
        return $multi(undefined, err);
    }
    const [votes, votes_err] = node_votes.of_probe(probe_id);
    if (votes === undefined) {
        return $multi(undefined, votes_err);
    }
    const distant: Record<string, boolean | undefined> = {};
    for (const { node_id, reached_age } of votes) {
        distant[node_id] = reached_age === undefined || reached_age > WAY_KNOWN_FOR;
    }
    return $multi(assignments_for(places, distant));
}

/** What results about nodes are about. */
export function subjects(): Result<Subjects> {
    const [places, err] = nodes_store.places();
    if (places === undefined) {
        return $multi(undefined, err);
    }
    const found: Subjects = {};
    for (const { node_id, host } of places) {
        found[check_id_of(node_id)] = { revision: revision_of(host), node_id };
    }
    return $multi(found);
}

/** A vote about a node, and whether it counts now. */
export interface JudgedNodeVote {
    readonly vote: NodeVote;
    readonly counts: boolean;
}

/** What the probes say of the nodes, by probe. */
export function votes_by_probe(): Result<Groups<string, JudgedNodeVote>> {
    const [places, places_err] = nodes_store.places();
    if (places === undefined) {
        return $multi(undefined, places_err);
    }
    const [votes, err] = node_votes.list();
    if (votes === undefined) {
        return $multi(undefined, err);
    }
    const fresh = freshness(places.length);
    const by_probe: Groups<string, JudgedNodeVote> = {};
    for (const vote of votes) {
        group.add(by_probe, vote.probe_id, { vote, counts: counts(vote, fresh) });
    }
    return $multi(by_probe);
}

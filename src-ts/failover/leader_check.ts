/*
 * What a follower knows of its leader. It asks every few seconds; only when the leader has not been able to do its work
 * several times in a row may the follower take the lease, and when the leader is back for good the follower gives it up.
 * Results are shared by the workers, one of which asks.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import * as http_client from "../lib/http_client";
import { identity_proof } from "../lib/identity";
import * as json from "../lib/json";
import { random_token } from "../lib/random";
import * as shared_dict from "../lib/shared_dict";
import type { Url } from "../lib/url";
import * as logger from "../logger";

const TIMEOUT_MS = 2000;

const dict = shared_dict.open("cluster_control");

export interface LeaderCheck {
    /** `unknown` before enough answers, or failures, have come in a row. */
    readonly state: "unknown" | "works" | "fails";
    readonly node_id: string | undefined;
    readonly failures: number;
    readonly last_error: string | undefined;
    /** Unix time in seconds; 0 for never. */
    readonly checked_at: number;
}

function is_proven({ node_id, proof }: LivezBody, challenge: string): boolean {
    const { current, previous } = config.secrets;
    const is_current = proof === identity_proof(current, challenge, node_id);
    return is_current || (previous !== "" && proof === identity_proof(previous, challenge, node_id));
}

/** The answer of a load balancer of our cluster that can lead; or nil and what is wrong with it. */
function judge({ status, body }: http_client.HttpAnswer, challenge: string): Result<LivezBody> {
    if (status !== 200) {
        return $multi(undefined, `answered ${status}`);
    }
    const [said] = json.decode<LivezBody>(body);
    if (said === undefined || typeof said !== "object" || typeof said.node_id !== "string") {
        return $multi(undefined, "is no load balancer of Uptime Kuma Cluster");
    }
    // As behind a floating address that has come to us: we are no leader to wait for.
    if (said.node_id === config.node.id) {
        return $multi(undefined, `has the UPTIME_KUMA_NODE_ID of this load balancer, ${config.node.id}`);
    }
    if (config.secrets.current !== "" && !is_proven(said, challenge)) {
        return $multi(undefined, "does not know CLUSTER_SECRET");
    }
    // One that waits for its own leader: two of them would wait for each other.
    if (said.mode !== "leader") {
        return $multi(undefined, `is a ${said.mode} itself`);
    }
    if (said.can_lead !== true) {
        return $multi(undefined, "answers, but cannot lead: it has lost its database");
    }
    return $multi(said);
}

function ask(url: Url): Result<LivezBody> {
    const [peer, peer_err] = http_client.peer_of_url(url);
    if (peer === undefined) {
        return $multi(undefined, peer_err);
    }
    const challenge = random_token();
    const headers = `X-Cluster-Challenge: ${challenge}\r\n`;
    const [path] = string.gsub(url.path, "/$", "");
    const [answer, err] = http_client.request("GET", peer, path + "/lb/livez", TIMEOUT_MS, headers);
    if (answer === undefined) {
        return $multi(undefined, err);
    }
    return judge(answer, challenge);
}

function note_success({ node_id }: LivezBody): void {
    const count = shared_dict.increment(dict, "peer:successes");
    shared_dict.set(dict, "peer:failures", 0);
    shared_dict.set(dict, "peer:node_id", node_id);
    dict.raw.delete("peer:error");
    if (count === config.peers.rise) {
        logger.info("LEADER", "the leader %s works", node_id);
    }
}

function note_failure(reason: string): void {
    const count = shared_dict.increment(dict, "peer:failures");
    shared_dict.set(dict, "peer:successes", 0);
    shared_dict.set(dict, "peer:error", reason);
    if (count === config.peers.fall) {
        logger.warn("LEADER", "the leader fails %d times in a row: %s", count, reason);
    }
}

/** Asks the leader once; the first of several URLs that does its work will do. */
export function check(): void {
    let failure = "no CLUSTER_PEER_URL";
    for (const url of config.peers.urls) {
        const [said, err] = ask(url);
        if (said !== undefined) {
            shared_dict.set(dict, "peer:checked", clock.now());
            note_success(said);
            return;
        }
        failure = `${url.text}: ${err}`;
    }
    shared_dict.set(dict, "peer:checked", clock.now());
    note_failure(failure);
}

/** What the checks have come to. */
export function result(): LeaderCheck {
    const failures = shared_dict.get_number(dict, "peer:failures") ?? 0;
    const successes = shared_dict.get_number(dict, "peer:successes") ?? 0;
    const fails = failures >= config.peers.fall;
    const works = successes >= config.peers.rise;
    return {
        state: fails ? "fails" : works ? "works" : "unknown",
        node_id: shared_dict.get_text(dict, "peer:node_id"),
        failures,
        last_error: shared_dict.get_text(dict, "peer:error"),
        checked_at: shared_dict.get_number(dict, "peer:checked") ?? 0,
    };
}

/** Has the leader show anew that it works: what it did before the follower took over is no sign of its return. */
export function begin_anew(): void {
    shared_dict.set(dict, "peer:successes", 0);
}

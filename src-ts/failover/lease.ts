/*
 * Holds the leader's lease for this load balancer. The session lives in a shared dict, so that the workers after a
 * reload go on with the same lease and epoch. No clock is compared with another: the leader renews the lease every two
 * of its own seconds before it acts, and a standby takes it when it has seen no renewal for twenty of its own ticks.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import { random_token } from "../lib/random";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import * as store from "../store/lease";
import type { Lease } from "../store/lease";
import * as leader_check from "./leader_check";
import { why_standby } from "./standby";

const RENEW_AFTER = 2;

/** Seconds for which an answer of the database shows that we could lead. */
const ABLE_TTL = 10;

/** Seconds that a load balancer which ends keeps off the lease that it has given back. */
const ENDING = 5;

/** Seconds within which the workers of a configuration that was read run, or do not because nginx went on without it. */
const LOADING = 30;

const dict = shared_dict.open("cluster_control");
let generation = 0;

/** Names this run of the load balancer, not its host: a restart must not inherit the lease of the run before. */
function session(): string {
    const known = shared_dict.get_text(dict, "lease:session");
    if (known !== undefined) {
        return known;
    }
    const fresh = random_token();
    shared_dict.take(dict, "lease:session", fresh, 0);
    return shared_dict.get_text(dict, "lease:session") ?? fresh;
}

function remember(lease: Lease, renewed_at: number): void {
    shared_dict.set(dict, "lease:epoch", lease.epoch);
    shared_dict.set(dict, "lease:renewed", renewed_at);
}

function forget(): void {
    dict.raw.delete("lease:epoch");
    dict.raw.delete("lease:renewed");
}

/** What comes of an error of the database: we cannot lead until it answers again, which a follower has to know. */
function unable(err: string | undefined): Result<Lease> {
    dict.raw.delete("lease:able");
    return $multi(undefined, err ?? "the database does not answer");
}

function renew(lease: Lease): Result<Lease> {
    const started = clock.now();
    const [renewed, err] = store.renew(lease);
    if (renewed === undefined) {
        return unable(err);
    }
    shared_dict.set(dict, "lease:able", true, ABLE_TTL);
    if (renewed) {
        remember(lease, started);
        return $multi(lease);
    }
    forget();
    logger.warn("LEADER", "lost the lease of epoch %d", lease.epoch);
    return $multi(undefined, `lost the lease of epoch ${lease.epoch}`);
}

/** Notes that the lease is ours since `started`. */
function lead(own: string, started: number): Result<Lease> {
    const [state, err] = store.read();
    if (state === undefined) {
        return unable(err);
    }
    const lease = { session: own, epoch: state.epoch };
    remember(lease, started);
    leader_check.begin_anew();
    logger.info("LEADER", "%s leads in epoch %d", config.node.id, state.epoch);
    return $multi(lease);
}

function take(own: string): Result<Lease> {
    const started = clock.now();
    const [created, create_err] = store.create();
    if (created === undefined) {
        return unable(create_err);
    }
    const [state, err] = store.read();
    if (state === undefined) {
        return unable(err);
    }
    shared_dict.set(dict, "lease:able", true, ABLE_TTL);
    // A worker that was killed between taking the lease and noting it has left it to the next one.
    if (state.session === own) {
        return lead(own, started);
    }
    const standby = why_standby(state);
    if (standby !== undefined) {
        return $multi(undefined, standby);
    }
    const [taken, take_err] = store.take(config.node.id, own, state);
    if (taken === undefined) {
        return unable(take_err);
    }
    if (!taken) {
        return $multi(undefined, "standby: another load balancer was faster to take the lease");
    }
    return lead(own, started);
}

/** Counts the configurations that this load balancer has read. Before the workers start: they inherit the number. */
export function new_generation(): void {
    generation = shared_dict.increment(dict, "generation:read");
    shared_dict.set(dict, "generation:loading", true, LOADING);
}

/** Notes that workers of this configuration run: those of an older one end because of a reload. In each worker. */
export function start_generation(): void {
    shared_dict.set(dict, "generation", generation);
    dict.raw.delete("generation:loading");
}

/** True while a reload replaces the workers. nginx ends the old ones 0.1 s after it has begun to start the new ones. */
function is_reloading(): boolean {
    const is_loading = dict.raw.get("generation:loading")[0] !== undefined;
    return is_loading || shared_dict.get_number(dict, "generation") !== generation;
}

/** Gives the lease of that epoch back. */
function give_back(lease: Lease, why: string): void {
    forget();
    const [released, err] = store.release(lease);
    if (released === true) {
        logger.info("LEADER", "%s has given back the lease of epoch %d: %s", config.node.id, lease.epoch, why);
    } else {
        logger.warn("LEADER", "%s", err ?? "the lease was taken already");
    }
}

/** Gives the lease back when the load balancer ends, not when its workers are replaced. For a worker that exits. */
export function release(): void {
    const own = shared_dict.get_text(dict, "lease:session");
    const epoch = shared_dict.get_number(dict, "lease:epoch");
    if (own === undefined || epoch === undefined || is_reloading()) {
        return;
    }
    // The other workers have not all noticed that they end. For a while only: a single worker that is told to end is
    // replaced by another one, and the load balancer goes on.
    shared_dict.set(dict, "lease:ending", true, ENDING);
    give_back({ session: own, epoch }, "it ends");
}

/** True for a follower whose leader is back for good. */
function is_leader_back(): boolean {
    return config.peers.mode === "follower" && leader_check.result().state === "works";
}

/** The lease, renewed or taken as needed; or nil and the reason why we must not act. */
export function hold(): Result<Lease> {
    if (dict.raw.get("lease:ending")[0] !== undefined) {
        return $multi(undefined, "the load balancer ends");
    }
    const own = session();
    const epoch = shared_dict.get_number(dict, "lease:epoch");
    if (epoch === undefined) {
        return take(own);
    }
    const lease = { session: own, epoch };
    if (is_leader_back()) {
        give_back(lease, "the leader is back");
        return $multi(undefined, "standby: the leader is back");
    }
    const age = clock.now() - (shared_dict.get_number(dict, "lease:renewed") ?? 0);
    if (age >= 0 && age < RENEW_AFTER) {
        return $multi(lease);
    }
    return renew(lease);
}

/** The epoch in which this load balancer leads; nil when it does not. */
export function epoch(): number | undefined {
    return shared_dict.get_number(dict, "lease:epoch");
}

/** True while this load balancer leads or could: the database has answered it lately. */
export function can_lead(): boolean {
    return dict.raw.get("lease:able")[0] !== undefined;
}

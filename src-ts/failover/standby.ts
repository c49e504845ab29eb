/* Why a load balancer stands by and does not take the lease. */
import * as config from "../config";
import * as clock from "../lib/clock";
import * as shared_dict from "../lib/shared_dict";
import type { LeaseState } from "../store/lease";
import * as leader_check from "./leader_check";

/** Looks of a standby, one in TICK seconds, without a renewal after which it takes the lease. */
const TICKS = 20;
const TICK = 0.45;

const dict = shared_dict.open("cluster_control");

/** Whether the lease may be taken: nobody holds it, or its holder has not renewed it for TICKS looks of ours. */
function is_free(state: LeaseState): boolean {
    if (state.session === "") {
        return true;
    }
    const seen = `${state.session} ${string.format("%d", state.epoch)} ${state.renewed_at}`;
    if (shared_dict.get_text(dict, "lease:seen") !== seen) {
        shared_dict.set(dict, "lease:seen", seen);
        shared_dict.set(dict, "lease:ticks", 0);
        return false;
    }
    // Whatever else looks at the lease must not make time run faster, nor a clock that is set back make it stand still.
    const now = clock.now();
    if (math.abs(now - (shared_dict.get_number(dict, "lease:ticked") ?? 0)) < TICK) {
        return false;
    }
    shared_dict.set(dict, "lease:ticked", now);
    return shared_dict.increment(dict, "lease:ticks") >= TICKS;
}

/** Why a follower leaves a free lease to its leader; nil when it may take it. */
function why_reserved(state: LeaseState): string | undefined {
    if (config.peers.mode !== "follower") {
        return undefined;
    }
    const leader = leader_check.result();
    // The leader says goodbye. What we or another follower have given back is there for the leader to take.
    const is_goodbye = state.session === "" && state.epoch > 0 && state.holder === leader.node_id;
    if (is_goodbye || leader.state === "fails") {
        return undefined;
    }
    return leader.last_error === undefined
        ? `standby: a follower, and ${leader.node_id ?? "the leader"} works`
        : `standby: a follower, and the leader fails for the ${leader.failures}. time: ${leader.last_error}`;
}

/** Why the lease is not to be taken as it stands, as a sentence; nil when it may be. */
export function why_standby(state: LeaseState): string | undefined {
    if (!is_free(state)) {
        return `standby: ${state.holder} leads in epoch ${string.format("%d", state.epoch)}`;
    }
    return why_reserved(state);
}

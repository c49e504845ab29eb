/*
 * Holds the leader's lease for this load balancer. The session lives in a shared dict, so that the workers after a
 * reload go on with the same lease and epoch. We stop acting well before the lease could be taken from us.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import * as shared_dict from "../lib/shared_dict";
import * as logger from "../logger";
import * as store from "../store/lease";
import type { Lease } from "../store/lease";

/** Seconds after which others may take a lease that was not renewed. */
const TTL = 10;
const RENEW_AFTER = 2;

const dict = shared_dict.open("health_checker");

/** Names this run of the load balancer, not its host: a restart must not inherit the lease of the run before. */
function session(): string {
    const seed = `${ngx.worker.pid()}:${clock.now()}:${math.random()}`;
    const [fresh] = string.gsub(ngx.sha1_bin(seed), ".", (byte: string) => string.format("%02x", string.byte(byte)));
    shared_dict.take(dict, "lease:session", string.sub(fresh, 1, 32), 0);
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

function renew(lease: Lease): Result<Lease> {
    const started = clock.now();
    const [renewed, err] = store.renew(lease);
    if (renewed === undefined) {
        return $multi(undefined, err);
    }
    if (renewed) {
        remember(lease, started);
        return $multi(lease);
    }
    forget();
    logger.warn("LEADER", "lost the lease of epoch %d", lease.epoch);
    return $multi(undefined, `lost the lease of epoch ${lease.epoch}`);
}

function take(own: string): Result<Lease> {
    const started = clock.now();
    const [taken, err] = store.take(config.node.id, own, TTL);
    if (taken === undefined) {
        return $multi(undefined, err);
    }
    const [state, read_err] = store.read();
    if (state === undefined) {
        return $multi(undefined, read_err);
    }
    if (state.session !== own) {
        return $multi(undefined, `standby: ${state.holder} leads in epoch ${string.format("%d", state.epoch)}`);
    }
    const lease = { session: own, epoch: state.epoch };
    remember(lease, started);
    logger.info("LEADER", "%s leads in epoch %d", config.node.id, state.epoch);
    return $multi(lease);
}

/** The lease, renewed or taken as needed; or nil and the reason why we must not act. */
export function hold(): Result<Lease> {
    const own = session();
    const epoch = shared_dict.get_number(dict, "lease:epoch");
    if (epoch === undefined) {
        return take(own);
    }
    const lease = { session: own, epoch };
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

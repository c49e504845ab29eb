/*
 * What only one worker of this load balancer does at a time. A turn ends soon after its worker was killed, and a worker
 * that needs longer renews it.
 */
import * as clock from "./clock";
import * as shared_dict from "./shared_dict";

const dict = shared_dict.open("cluster_control");

/** The turn of the control plane: a round, or what is done by hand. */
export const ROUND = "round";

/** Takes the turn for `ttl` seconds; false when somebody has it, this worker included. */
export function take(name: string, ttl: number): boolean {
    return shared_dict.take(dict, name, ngx.worker.pid(), ttl);
}

/** True while this worker has the turn. */
export function is_ours(name: string): boolean {
    return shared_dict.get_number(dict, name) === ngx.worker.pid();
}

/** Keeps this worker's turn for `ttl` seconds from now; false when it has none any more. */
export function renew(name: string, ttl: number): boolean {
    return is_ours(name) && shared_dict.set(dict, name, ngx.worker.pid(), ttl);
}

/** Takes the turn or keeps it for `ttl` seconds from now; false when another worker has it. */
export function keep(name: string, ttl: number): boolean {
    return take(name, ttl) || renew(name, ttl);
}

/** Gives the turn back, unless it is another worker's by now. */
export function give_back(name: string): void {
    if (is_ours(name)) {
        dict.raw.delete(name);
    }
}

/** Seconds after which a turn whose worker was killed is over. */
const TTL = 3;

function renew_for_ever(name: string): void {
    for (;;) {
        ngx.sleep(TTL / 3);
        renew(name, TTL);
    }
}

/** Runs `work` while no other worker has the turn; false when one has, and `work` was not run. Raises what it raises. */
export function alone(name: string, work: () => void): boolean {
    if (!take(name, TTL)) {
        return false;
    }
    const keeper = ngx.thread.spawn(renew_for_ever, name);
    const [ok, err] = pcall(work);
    ngx.thread.kill(keeper);
    give_back(name);
    if (!ok) {
        error(err, 0);
    }
    return true;
}

/** Seconds for which what somebody waits for waits for its turn, and between two looks. */
const PATIENCE = 15;
const LOOK = 0.05;

/** As alone, but waits for the turn; false when that takes too long, and `work` was not run. */
export function alone_in_time(name: string, work: () => void): boolean {
    const deadline = clock.monotonic() + PATIENCE;
    while (!alone(name, work)) {
        if (clock.monotonic() >= deadline) {
            return false;
        }
        ngx.sleep(LOOK);
    }
    return true;
}

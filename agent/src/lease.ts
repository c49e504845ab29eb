/*
 * Exclusive work across nodes, by a row in cluster_lease: GET_LOCK is not replicated by Galera. A holder that dies
 * gives its lease up by not renewing it.
 */
import { randomBytes } from "node:crypto";

import { ageMs, every, now, sleep } from "./clock";
import type { Database } from "./database";
import { isConflict } from "./database-errors";
import { createLeaseRow, dropLease, leaseHolder, renewLease, takeLease } from "./lease-store";
import * as log from "./log";

const EXPIRY_SECONDS = 15;
const RENEW_MS = 3000;
const RETRY_MS = 500;

export interface Lease {
    /** Gives the lease back. Never throws: what is not given back expires. */
    release(): Promise<void>;
}

async function tryTake(database: Database, name: string, holder: string, session: string): Promise<boolean> {
    try {
        return await takeLease(database, name, holder, session, EXPIRY_SECONDS);
    } catch (thrown) {
        if (isConflict(thrown)) return false;
        throw thrown;
    }
}

async function waitForLease(database: Database, name: string, holder: string, session: string): Promise<void> {
    await createLeaseRow(database, name);
    const begun = now();
    let announced = false;
    while (!(await tryTake(database, name, holder, session))) {
        if (!announced) log.info("waiting for the %s lease, held by %s", name, await leaseHolder(database, name));
        announced = true;
        await sleep(RETRY_MS * (0.5 + Math.random()));
    }
    if (announced) log.info("got the %s lease after %d s", name, Math.round(ageMs(begun) / 1000));
}

/**
 * Waits until the lease `name` is ours, then keeps it until release().
 * Calls `onLost` once when another node took it, or when it could not be renewed in time.
 * Throws when the database cannot be reached.
 */
export async function acquireLease(
    database: Database,
    name: string,
    holder: string,
    onLost: (reason: string) => void,
): Promise<Lease> {
    const session = randomBytes(8).toString("hex");
    await waitForLease(database, name, holder, session);
    let renewed = now();
    let done = false;
    const stop = every(RENEW_MS, async () => {
        const begun = now();
        try {
            if (!(await renewLease(database, name, session))) lose("another node took it");
            renewed = begun;
        } catch (thrown) {
            if (ageMs(renewed) > EXPIRY_SECONDS * 1000) lose(log.messageOf(thrown));
        }
    });
    function lose(reason: string): void {
        // A renewal that was under way at the release finds the lease free or taken.
        if (done) return;
        stop();
        onLost(`the ${name} lease is lost: ${reason}`);
    }
    return {
        async release() {
            done = true;
            stop();
            await dropLease(database, name, session).catch(() => undefined);
        },
    };
}

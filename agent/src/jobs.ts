/* Work that Kuma does in each process, and that a cluster needs once. */
import { randomBytes } from "node:crypto";

import { databaseOf, type Agent } from "./agent";
import { acquireLease } from "./lease";
import { createLeaseRow, takeLease } from "./lease-store";
import * as log from "./log";

/**
 * Whether this node has to do a job now: the first that asks does, nobody else for the next `seconds`. The lease is not
 * given back, so that a node whose clock is late does not do it a second time. Throws when the database does not answer.
 */
export async function isOurTurn(agent: Agent, job: string, seconds: number): Promise<boolean> {
    const database = databaseOf(agent);
    const name = `job:${job}`;
    await createLeaseRow(database, name);
    return takeLease(database, name, agent.config.nodeId, randomBytes(8).toString("hex"), seconds);
}

/** Runs `work` while no other node does the same, one after the other. Throws what `work` throws. */
export async function oneAtATime<Result>(agent: Agent, name: string, work: () => Promise<Result>): Promise<Result> {
    const lease = await acquireLease(databaseOf(agent), name, agent.config.nodeId, (reason) => log.warn(reason));
    try {
        return await work();
    } finally {
        await lease.release();
    }
}

import { databaseOf, type Agent } from "./agent";
import type { Plan } from "./assignment";
import { every } from "./clock";
import { isDatabaseLost } from "./database-errors";
import * as log from "./log";
import { registerThisNode } from "./node-registration";
import type { Standing } from "./ownership";
import { Serial } from "./serial";
import { restartChanged, startOwned } from "./starter";
import { sayReleased } from "./sync/receivers";

/** By then an old owner has noticed a move and said that it is done, unless it had not noticed that it had the monitor. */
const ASK_AFTER_MS = 2000;

/** Says that another process has this node id and ends this one, whose monitors the other one runs. */
function giveWay(agent: Agent): void {
    agent.runs.stopAll();
    log.refuse(`another process started as node ${agent.config.nodeId}; every node needs its own UPTIME_KUMA_NODE_ID`);
}

function onStanding(agent: Agent, standing: Standing): void {
    if (agent.phase === "leaving") return;
    if (standing === "superseded") giveWay(agent);
    log.warn("the row of node %s is gone: registering again", agent.config.nodeId);
    registerThisNode(agent).catch((thrown: unknown) => log.warn("cannot register: %s", log.messageOf(thrown)));
}

/** Carries out plans. Monitors whose settings could not be compared stay in `unchecked` for the next plan. */
async function carryOut(agent: Agent, plan: Plan, unchecked: Set<number>): Promise<void> {
    if (agent.phase === "leaving") return;
    for (const id of plan.check) unchecked.add(id);
    const check = [...unchecked];
    if (check.length > 0) {
        await restartChanged(agent, check);
        for (const id of check) unchecked.delete(id);
    }
    if (plan.start.length > 0) await startOwned(agent, plan.start);
}

async function pollQuietly(agent: Agent): Promise<void> {
    if (agent.phase === "leaving") return;
    try {
        await agent.ownership.poll(databaseOf(agent), agent.bootId);
    } catch (thrown) {
        // A lost database is logged once, by the database itself.
        if (!isDatabaseLost(thrown)) log.error("cannot read who runs the monitors: %s", log.messageOf(thrown));
    }
}

/**
 * Begins to keep this process running exactly the monitors that its node owns. Returns the function that ends it.
 * Never throws.
 */
export function startReconciling(agent: Agent): () => void {
    const unchecked = new Set<number>();
    // One after the other: a plan reads rows, and the next one may have read newer ones.
    const plans = new Serial();
    agent.ownership.onPlan = (plan) => {
        if (agent.phase === "starting") agent.phase = "ready";
        plans
            .run(() => carryOut(agent, plan, unchecked))
            .catch((thrown: unknown) => {
                log.warn("cannot carry out a change of monitors yet: %s", log.messageOf(thrown));
            });
    };
    agent.ownership.onStopped = (id) => {
        if (agent.kuma.server !== undefined) delete agent.kuma.server.monitorList[id];
        agent.kuma.foreignStatistics?.drop(id);
        agent.handover.forget(id);
    };
    agent.ownership.onReleased = (ids) => sayReleased(agent, ids);
    agent.ownership.onStanding = (standing) => onStanding(agent, standing);
    every(ASK_AFTER_MS, () => {
        if (agent.phase === "leaving") return Promise.resolve();
        for (const [node, ids] of agent.handover.overdue(ASK_AFTER_MS))
            agent.events.publish("kuma.wanted", { node, ids });
        return Promise.resolve();
    });
    agent.stillness.watch();
    void pollQuietly(agent);
    return every(agent.config.pollMs, () => pollQuietly(agent));
}

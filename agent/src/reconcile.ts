import { databaseOf, type Agent } from "./agent";
import type { Plan, Start } from "./assignment";
import { every } from "./clock";
import { KumaFirst } from "./kuma-first";
import * as log from "./log";
import { registerThisNode } from "./node-registration";
import type { Standing } from "./ownership";
import { quietly } from "./quietly";
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

/** What earlier plans asked for and could not be done. */
interface Left {
    /** Monitors whose settings could not be compared. */
    readonly unchecked: Set<number>;
    /** Starts by the monitor's id: only the plan in which a monitor is new knows where it comes from. */
    unstarted: ReadonlyMap<number, Start>;
    readonly kumaFirst: KumaFirst;
}

function asFirstAsked(start: Start, before: Start | undefined): Start {
    if (before === undefined) return start;
    const { knownAt } = before;
    const begins = start.begins || before.begins;
    return { ...start, from: start.from ?? before.from, knownAt, resumed: start.resumed || before.resumed, begins };
}

/** The monitors that an edit of a user may have Kuma start: those that begin and those whose row changed. */
function thoseOfEdits(starts: readonly Start[], check: Iterable<number>): number[] {
    return [...check, ...starts.filter(({ begins }) => begins).map(({ id }) => id)];
}

/** Carries out a plan, and what is left of those before it. */
async function carryOut(agent: Agent, plan: Plan, left: Left): Promise<void> {
    if (agent.phase === "leaving") return;
    for (const id of plan.check) left.unchecked.add(id);
    const starts = plan.start.map((start) => asFirstAsked(start, left.unstarted.get(start.id)));
    left.unstarted = new Map(starts.map((start) => [start.id, start]));
    const changed = new Set(thoseOfEdits(plan.start, plan.check));
    const atKuma = left.kumaFirst.among(thoseOfEdits(starts, left.unchecked), changed);
    const check = [...left.unchecked].filter((id) => !atKuma.has(id));
    if (check.length > 0) {
        await restartChanged(agent, check);
        for (const id of check) left.unchecked.delete(id);
    }
    const ours = starts.filter(({ id }) => !atKuma.has(id));
    const failed = await startOwned(agent, ours);
    const waiting = starts.filter(({ id }) => atKuma.has(id));
    left.unstarted = new Map([...failed, ...waiting].map((start) => [start.id, start]));
}

/** Begins to keep this process running exactly the monitors that its node owns, for as long as it lives. Never throws. */
export function startReconciling(agent: Agent): void {
    const kumaFirst = new KumaFirst(agent.edits, agent.config);
    const left: Left = { unchecked: new Set(), unstarted: new Map(), kumaFirst };
    // One after the other: a plan reads rows, and the next one may have read newer ones.
    const plans = new Serial();
    agent.ownership.onPlan = (plan) => {
        if (agent.phase === "starting") agent.phase = "ready";
        plans
            .run(() => carryOut(agent, plan, left))
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
    const ask = quietly(agent, "ask for monitors", () => {
        const asker = { node: agent.config.nodeId, seen: agent.ownership.seen };
        for (const [node, ids] of agent.handover.overdue(ASK_AFTER_MS)) {
            agent.events.publish("kuma.wanted", { node, ids, asker });
        }
        return Promise.resolve();
    });
    every(ASK_AFTER_MS, ask);
    agent.stillness.watch();
    const look = quietly(agent, "read who runs the monitors", () =>
        agent.ownership.poll(databaseOf(agent), agent.bootId),
    );
    void look();
    every(agent.config.pollMs, look);
}

import type { Agent } from "../agent";
import { isParentGone } from "../database-errors";
import { beginBeat, currentRun, endBeat, noteDatabaseError, park, passFence } from "../fence";
import type { Bean, RedBean } from "../kuma";
import { isFenced, type Run } from "../runs";
import { noteResult } from "../sync/check-results";
import { isMirror } from "../sync/origin";
import { firstProblem, unwrap, wrap } from "../wrap";
import { member, type Hook } from "./hook";

/** The clause by which Kuma lists, once, the monitors that it starts. */
const START_LIST = "active = 1";
const WATCHED = ["findAll", "normalizeRaw", "trash"] as const;

/** Makes a failure of the database known to the check that suffers from it. Throws what `work` throws. */
async function watched<Result>(work: Promise<Result>): Promise<Result> {
    try {
        return await work;
    } catch (thrown) {
        const run = currentRun();
        if (run !== undefined) noteDatabaseError(run, thrown);
        throw thrown;
    }
}

/** Ends a check whose monitor was deleted on its way: Kuma takes the refused beat for a fault worth a report. */
async function unlessDeleted<Result>(agent: Agent, run: Run, storing: Promise<Result>): Promise<Result> {
    try {
        return await storing;
    } catch (thrown) {
        if (!isParentGone(thrown)) throw thrown;
        agent.runs.stop(run.id);
        return park(agent);
    }
}

function watch(redbean: RedBean, name: (typeof WATCHED)[number]): string | undefined {
    return wrap(redbean, name, (original) => {
        const call = original as (...args: unknown[]) => Promise<never>;
        return function (this: RedBean, ...args: unknown[]) {
            return watched(call.apply(this, args));
        };
    });
}

/** Whether a table holds uptime statistics, of which a beat of another node is counted in memory only. */
function isStatistics(type: string): boolean {
    return type.startsWith("stat_");
}

/** Whether Kuma lists the monitors to start. They are started by the agent, each when it is due. */
function isStartList(type: string, clause: string | undefined, data: unknown): boolean {
    const noData = data === undefined || (Array.isArray(data) && data.length === 0);
    return type === "monitor" && clause?.trim() === START_LIST && noData;
}

/** The reads: a check that may have no effect ends at its first, and a failed one voids the check. */
function patchReads(redbean: RedBean, agent: Agent): string | undefined {
    return firstProblem(
        ...WATCHED.map((name) => watch(redbean, name)),
        wrap(redbean, "find", (original) => {
            return function (this: RedBean, type, clause, ...args) {
                if (isStartList(type, clause, args[0])) return Promise.resolve([]);
                return watched(original.call(this, type, clause, ...args));
            };
        }),
        wrap(redbean, "findOne", (original) => {
            return function (this: RedBean, type, ...args) {
                if (isMirror() && isStatistics(type)) return Promise.resolve(null);
                // A check begins with the last beat. The timer of a stopped push monitor may still come here.
                const run = currentRun();
                if (type === "heartbeat" && run !== undefined && isFenced(run)) return park(agent);
                return watched(original.call(this, type, ...args));
            };
        }),
    );
}

/** The beats: each is stored only by the owner of its monitor, and seen by browsers only when it is stored. */
function patchBeats(redbean: RedBean, agent: Agent): string | undefined {
    return firstProblem(
        wrap(redbean, "dispense", (original) => {
            return function (this: RedBean, type) {
                const run = currentRun();
                if (type === "heartbeat" && run !== undefined) beginBeat(run);
                return original.call(this, type);
            };
        }),
        wrap(redbean, "store", (original) => {
            return async function (this: RedBean, bean: Bean, ...args) {
                if (isMirror()) return 0;
                const run = currentRun();
                const isBeat = bean.beanMeta.type === "heartbeat";
                if (isBeat && run !== undefined) await passFence(agent, run);
                const stored = watched(original.call(this, bean, ...args));
                const id = await (isBeat && run !== undefined ? unlessDeleted(agent, run, stored) : stored);
                if (isBeat) agent.relay.noteOwn(Number(id));
                if (isBeat && run !== undefined) {
                    agent.duties.noteBeat(run.id);
                    endBeat(run, Number(id));
                }
                if (run !== undefined) noteResult(agent, run, bean);
                return id;
            };
        }),
        wrap(redbean, "exec", (original) => {
            return function (this: RedBean, ...args) {
                return isMirror() ? Promise.resolve() : original.apply(this, args);
            };
        }),
    );
}

/**
 * redbean takes a column that it has read for one that was changed, and so writes back all of them, also those that
 * another node has changed meanwhile.
 */
function patchDirtyColumns(redbean: RedBean): string | undefined {
    return wrap(redbean, "convertToBean", (original) => {
        return function (this: RedBean, type, row) {
            const bean = original.call(this, type, row);
            if (row["id"] !== undefined && row["id"] !== null) bean.beanMeta.old = {};
            return bean;
        };
    });
}

/** Kuma's database layer: the list of monitors at its start, and the beats that it stores. */
export const redbeanHook: Hook = {
    module: "redbean-node",
    essential: true,

    patch(exports, agent) {
        const redbean = member<RedBean>(exports, "R");
        if (redbean === undefined) return "it does not export R";
        agent.kuma.redbean = redbean;
        return firstProblem(patchReads(redbean, agent), patchBeats(redbean, agent), patchDirtyColumns(redbean));
    },

    unpatch(exports) {
        const redbean = member<RedBean>(exports, "R");
        if (redbean === undefined) return;
        for (const name of [...WATCHED, "find", "findOne", "dispense", "store", "exec", "convertToBean"] as const) {
            unwrap(redbean, name);
        }
    },
};

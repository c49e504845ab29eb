import { currentRun, passFenceForNotification } from "../fence";
import type { MonitorBean, MonitorClass } from "../kuma";
import { startForKuma } from "../starter";
import { firstProblem, unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

/** Kuma's monitors: they run where they are owned, and a check that says nothing has no effect. */
export const monitorHook: Hook = {
    module: "model/monitor.js",
    essential: true,

    patch(exports, agent) {
        const monitor = exports as MonitorClass;
        return firstProblem(
            wrap(monitor.prototype, "start", (original) => {
                agent.kuma.startMonitor = original;
                return function (this: MonitorBean, io) {
                    return startForKuma(agent, this, io);
                };
            }),
            wrap(monitor.prototype, "stop", (original) => {
                return function (this: MonitorBean) {
                    agent.runs.release(this);
                    const result = original.call(this);
                    // A check under way would make the gauges again that stop() has just removed.
                    this.prometheus = null;
                    return result;
                };
            }),
            wrap(monitor, "sendNotification", (original) => {
                return async function (this: MonitorClass, isFirstBeat, bean, beat) {
                    const run = currentRun();
                    if (run?.bean === bean) await passFenceForNotification(agent, run);
                    return original.call(this, isFirstBeat, bean, beat);
                };
            }),
            wrap(monitor, "isImportantBeat", (original) => {
                // Kuma calls it between the check and its first effect.
                return function (this: MonitorClass, ...args) {
                    const problem = currentRun()?.databaseError;
                    if (problem !== undefined) throw new Error(`the check is void, the database was lost: ${problem}`);
                    return original.apply(this, args);
                };
            }),
        );
    },

    unpatch(exports) {
        const monitor = exports as MonitorClass;
        unwrap(monitor.prototype, "start");
        unwrap(monitor.prototype, "stop");
        unwrap(monitor, "sendNotification");
        unwrap(monitor, "isImportantBeat");
    },
};

import { currentRun, passFenceForNotification } from "../fence";
import type { MonitorBean, MonitorClass } from "../kuma";
import { startForKuma } from "../starter";
import { isMirror } from "../sync/origin";
import { firstProblem, unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

/** What is read from the database for each beat is not, for one of another node: its node says when that changes. */
function sparesMirror(monitor: MonitorClass, name: "sendCertInfo" | "sendDomainInfo"): void {
    wrap(monitor, name, (original) => {
        return function (this: MonitorClass, ...args) {
            return isMirror() ? Promise.resolve() : (original as MonitorClass["sendCertInfo"]).apply(this, args);
        };
    });
}

/** Kuma's monitors: they run where they are owned, and a check that says nothing has no effect. */
export const monitorHook: Hook = {
    module: "model/monitor.js",
    essential: true,

    patch(exports, agent) {
        const monitor = exports as MonitorClass;
        agent.kuma.monitorClass = monitor;
        for (const name of ["sendCertInfo", "sendDomainInfo"] as const) sparesMirror(monitor, name);
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
        unwrap(monitor, "sendCertInfo");
        unwrap(monitor, "sendDomainInfo");
    },
};

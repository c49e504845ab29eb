import type { Agent } from "../agent";
import { currentRun, passFence } from "../fence";
import type { Calculator, CalculatorClass } from "../kuma";
import { Serial } from "../serial";
import { ForeignStatistics } from "../sync/foreign-statistics";
import { isMirror } from "../sync/origin";
import { firstProblem, unwrap, wrap } from "../wrap";
import { member, type Hook } from "./hook";

function shareInit(calculator: CalculatorClass, foreign: ForeignStatistics): string | undefined {
    const pending = new Map<number, Promise<unknown>>();
    const problem = wrap(calculator, "getUptimeCalculator", (original) => {
        return function (this: CalculatorClass, anyId) {
            // Kuma also takes ids from the keys of an object.
            const id = Number(anyId);
            const shared = pending.get(id);
            if (shared !== undefined) return shared;
            foreign.refresh(id);
            if (calculator.list[id] !== undefined) return original.call(calculator, id);
            const reading = original.call(calculator, id);
            // Kuma publishes a calculator before it has read the stored counts, and keeps it when the reading fails.
            const made = calculator.list[id];
            const ready = reading.then(
                // It may have been dropped meanwhile, for those who come later.
                () => made,
                (thrown: unknown) => {
                    if (calculator.list[id] === made) delete calculator.list[id];
                    throw thrown;
                },
            );
            pending.set(id, ready);
            const forget = (): void => void (pending.get(id) === ready && pending.delete(id));
            ready.then(forget, forget);
            return ready;
        };
    });
    if (problem !== undefined) return problem;
    return wrap(calculator, "remove", (original) => {
        return function (this: CalculatorClass, id) {
            // What is being read was stored before it was to be forgotten.
            pending.delete(Number(id));
            return original.call(calculator, id);
        };
    });
}

function fenceUpdate(calculator: CalculatorClass, agent: Agent): string | undefined {
    const serials = new WeakMap<CalculatorClass["prototype"], Serial>();
    return wrap(calculator.prototype, "update", (original) => {
        return async function (this: Calculator, ...args) {
            if (isMirror()) return original.apply(this, args);
            const run = currentRun();
            if (run?.id === this.monitorID) await passFence(agent, run);
            // Beats that are pushed at the same moment would write their counts in any order, the lower one last.
            const serial = serials.get(this) ?? new Serial();
            serials.set(this, serial);
            try {
                return await serial.run(() => original.apply(this, args));
            } catch (thrown) {
                // It has counted a beat that is not stored, and that will be counted again.
                await calculator.remove(this.monitorID);
                throw thrown;
            }
        };
    });
}

/** Kuma's uptime statistics since 2.0.0: they are kept in memory and written over what is stored. */
export const calculatorHook: Hook = {
    module: "uptime-calculator.js",
    essential: false,

    patch(exports, agent) {
        const calculator = member<CalculatorClass>(exports, "UptimeCalculator");
        if (calculator === undefined) return "it does not export UptimeCalculator";
        if (typeof calculator.remove !== "function") return "UptimeCalculator.remove is not a function";
        if (typeof calculator.removeAll !== "function") return "UptimeCalculator.removeAll is not a function";
        const isOurs = (id: number): boolean => agent.runs.get(id) !== undefined;
        const foreign = new ForeignStatistics(calculator, isOurs, agent.config.foreignStatistics);
        const problem = firstProblem(shareInit(calculator, foreign), fenceUpdate(calculator, agent));
        if (problem !== undefined) return problem;
        agent.kuma.foreignStatistics = foreign;
        agent.kuma.forgetStatistics = (id) => calculator.remove(id);
        agent.kuma.forgetAllStatistics = () => calculator.removeAll();
        return undefined;
    },

    unpatch(exports) {
        const calculator = member<CalculatorClass>(exports, "UptimeCalculator");
        if (calculator === undefined) return;
        unwrap(calculator, "getUptimeCalculator");
        unwrap(calculator, "remove");
        unwrap(calculator.prototype, "update");
    },
};

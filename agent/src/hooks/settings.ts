import type { Agent } from "../agent";
import type { SettingsClass } from "../kuma";
import { isRepeat } from "../sync/origin";
import { firstProblem, unwrap, wrap } from "../wrap";
import { member, type Hook } from "./hook";

/** The settings among `keys` that `change` changes. Throws what `change` throws. */
async function changedBy(
    settings: SettingsClass,
    keys: readonly string[],
    change: () => Promise<void>,
): Promise<string[]> {
    const read = (): Promise<string[]> =>
        Promise.all(keys.map(async (key) => JSON.stringify([await settings.get(key)])));
    // What is cached may be older than what is stored.
    settings.deleteCache(keys);
    const before = await read();
    await change();
    const after = await read();
    return keys.filter((_key, index) => before[index] !== after[index]);
}

async function tell(agent: Agent, settings: SettingsClass, keys: string[], change: () => Promise<void>): Promise<void> {
    if (isRepeat()) return change();
    const changed = await changedBy(settings, keys, change);
    if (changed.length > 0) agent.events.publish("kuma.settings", { keys: changed });
}

/** Kuma's settings: each process caches them, up to two minutes. */
export const settingsHook: Hook = {
    module: "settings.js",
    essential: false,

    patch(exports, agent) {
        const settings = member<SettingsClass>(exports, "Settings");
        if (settings === undefined) return "it does not export Settings";
        if (typeof settings.deleteCache !== "function") return "Settings.deleteCache is not a function";
        return firstProblem(
            wrap(settings, "set", (original) => {
                return function (this: SettingsClass, key, ...args) {
                    return tell(agent, settings, [key], () => original.call(settings, key, ...args));
                };
            }),
            wrap(settings, "setSettings", (original) => {
                return function (this: SettingsClass, type, data) {
                    return tell(agent, settings, Object.keys(data), () => original.call(settings, type, data));
                };
            }),
        );
    },

    unpatch(exports) {
        const settings = member<SettingsClass>(exports, "Settings");
        if (settings === undefined) return;
        unwrap(settings, "set");
        unwrap(settings, "setSettings");
    },
};

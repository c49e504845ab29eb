import type { UptimeCacheListClass } from "../kuma";
import { member, type Hook } from "./hook";

/** The cache of uptimes of 2.0.0-dev.0, which only a beat of the same process clears. */
export const uptimeCacheHook: Hook = {
    module: "uptime-cache-list.js",
    essential: false,

    patch(exports, agent) {
        const cache = member<UptimeCacheListClass>(exports, "UptimeCacheList");
        if (typeof cache?.clearCache !== "function") return "UptimeCacheList.clearCache is not a function";
        agent.kuma.forgetUptimes = (id) => cache.clearCache(id);
        agent.kuma.forgetStatistics = (id) => Promise.resolve(cache.clearCache(id));
        agent.kuma.forgetAllStatistics = () => {
            cache.list = {};
            return Promise.resolve();
        };
        return undefined;
    },

    unpatch() {
        // Nothing in the module was changed.
    },
};

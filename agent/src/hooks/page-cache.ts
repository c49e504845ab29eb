import { isRepeat } from "../sync/origin";
import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

interface PageCache {
    clear(...args: unknown[]): unknown;
}

/** Kuma's cache of public pages and badges, which holds them for minutes: what empties one empties all. */
export const pageCacheHook: Hook = {
    module: "modules/apicache/index.js",
    essential: false,

    patch(exports, agent) {
        const cache = exports as PageCache;
        const problem = wrap(cache, "clear", (original) => {
            return function (this: PageCache, ...args) {
                // With arguments it drops one page whose time is over.
                if (args.length === 0 && !isRepeat()) agent.events.publish("kuma.cache", {});
                return original.apply(this, args);
            };
        });
        if (problem === undefined) agent.kuma.clearCache = () => void cache.clear();
        return problem;
    },

    unpatch(exports) {
        unwrap(exports as PageCache, "clear");
    },
};

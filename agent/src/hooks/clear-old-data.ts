import { isOurTurn } from "../jobs";
import * as log from "../log";
import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

interface ClearOldData {
    clearOldData(): Promise<unknown>;
}

/** Kuma does it once a day by each node's clock. */
const TURN_SECONDS = 3600;

/** Kuma's daily removal of old beats: one node does it for all. */
export const clearOldDataHook: Hook = {
    module: "jobs/clear-old-data.js",
    essential: false,

    patch(exports, agent) {
        return wrap(exports as ClearOldData, "clearOldData", (original) => {
            return async function (this: unknown) {
                if (!(await isOurTurn(agent, "clear-old-data", TURN_SECONDS))) {
                    return log.info("another node clears old data");
                }
                log.info("this node clears old data");
                return original();
            };
        });
    },

    unpatch(exports) {
        unwrap(exports as ClearOldData, "clearOldData");
    },
};

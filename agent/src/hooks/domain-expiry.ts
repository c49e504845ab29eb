import { oneAtATime } from "../jobs";
import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

interface DomainExpiryClass {
    sendNotifications(domain: string, notifications: unknown): Promise<unknown>;
}

/**
 * Kuma's notices of domains that expire, since 2.1: it reads whether one was sent, sends it and writes that down.
 * Monitors of one domain may run on several nodes.
 */
export const domainExpiryHook: Hook = {
    module: "model/domain_expiry.js",
    essential: false,

    patch(exports, agent) {
        return wrap(exports as DomainExpiryClass, "sendNotifications", (original) => {
            return function (this: DomainExpiryClass, ...args) {
                return oneAtATime(agent, "domain-expiry", () => original.apply(this, args));
            };
        });
    },

    unpatch(exports) {
        unwrap(exports as DomainExpiryClass, "sendNotifications");
    },
};

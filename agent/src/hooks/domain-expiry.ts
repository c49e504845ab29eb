import type { Agent } from "../agent";
import { oneAtATime } from "../jobs";
import { kumaModule } from "../kuma-modules";
import * as log from "../log";
import { Serial } from "../serial";
import { unwrap, wrap } from "../wrap";
import type { Hook } from "./hook";

interface DomainBean {
    readonly expiry: unknown;
    readonly daysRemaining: number;
    readonly lastExpiryNotificationSent: number | null;
}

interface DomainExpiryClass {
    sendNotifications(domain: string, notifications: unknown): Promise<unknown>;
    findByDomainNameOrCreate(domain: string): Promise<DomainBean>;
}

/** Kuma's, where the setting is not there yet. */
const NOTIFY_DAYS = [7, 14, 21];

/** One waiter for the lease is enough for a node. */
const notices = new Serial();

/** Whether Kuma would send a notice now. It asks at every check, and once in a while there is something to send. */
async function isDue(agent: Agent, domains: DomainExpiryClass, domain: string): Promise<boolean> {
    const { Settings: settings } = kumaModule(agent, "./settings");
    const stored = await settings.get("domainExpiryNotifyDays");
    const days = Array.isArray(stored) ? stored.map(Number) : NOTIFY_DAYS;
    const { expiry, daysRemaining, lastExpiryNotificationSent: last } = await domains.findByDomainNameOrCreate(domain);
    if (expiry === null || expiry === undefined) return false;
    const isSent = (target: number): boolean => last !== null && last !== 0 && last <= target;
    return days.some((target) => daysRemaining <= target && !isSent(target));
}

/**
 * Kuma's notices of domains that expire, since 2.1: it reads whether one was sent, sends it and writes that down.
 * Monitors of one domain may run on several nodes.
 */
export const domainExpiryHook: Hook = {
    module: "model/domain_expiry.js",
    essential: false,

    patch(exports, agent) {
        const domains = exports as DomainExpiryClass;
        if (typeof domains.findByDomainNameOrCreate !== "function") return "findByDomainNameOrCreate is not a function";
        return wrap(domains, "sendNotifications", (original) => {
            return async function (this: DomainExpiryClass, domain, notifications) {
                const isListed = Array.isArray(notifications) && notifications.length > 0;
                if (!isListed || !(await isDue(agent, domains, domain))) return undefined;
                const work = (): Promise<unknown> => original.call(domains, domain, notifications);
                const notice = notices.run(() => oneAtATime(agent, "domain-expiry", work));
                return notice.catch((thrown: unknown) => {
                    log.warn("no notice yet that %s expires: %s", domain, log.messageOf(thrown));
                });
            };
        });
    },

    unpatch(exports) {
        unwrap(exports as DomainExpiryClass, "sendNotifications");
    },
};

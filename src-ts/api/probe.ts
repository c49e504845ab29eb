/* What a probe answers in place of what it does not have, and whether it can do its work. */
import * as probe_mode from "../probe_mode";
import { page } from "./page";
import type { Language, Words } from "./page";
import { failure, ok } from "./respond";
import type { Answer } from "./respond";

const PROBE_ONLY: Record<Language, Words> = {
    en: { title: "This is a probe", text: "It checks targets for its cluster. Uptime Kuma is not served here." },
    zh: { title: "這是一個探測器", text: "它只為叢集檢查目標，此處不提供 Uptime Kuma。" },
};

/** In place of a page under /lb/ that only other load balancers have. */
export function not_here(): Answer {
    const pages = "ping, livez, readyz, debug-config and debug-logs";
    return failure(404, "not_here", `This load balancer is a probe: all it has under /lb/ is ${pages}.`);
}

/** In place of Uptime Kuma. */
export function probe_only(wants_html: boolean): Answer {
    const message = "This is a probe: it checks targets for its cluster and serves no Uptime Kuma.";
    return wants_html ? page(503, PROBE_ONLY, {}) : failure(503, "probe_only", message);
}

/** GET /lb/readyz of a probe: it is registered and knows what to check. */
export function readyz(): Answer {
    const reason = probe_mode.why_not_ready();
    const retry = { "Retry-After": "5" };
    return reason === undefined
        ? ok({ status: "ready" })
        : failure(503, "not_ready", `The probe does not know what to check yet: ${reason}.`, retry);
}

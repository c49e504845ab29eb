/* What the page knows of the cluster, and how it gets to know it. */
import { computed, ref, shallowRef } from "vue";
import { call } from "../api/client";
import { failed, isWrongSecret, STRANGE, wantsSecret } from "../api/problem";
import type { Problem, Reply } from "../api/problem";
import { askForSecret, entered } from "../api/secret";
import { onlineNodes } from "../model/changes";
import { keepEqual, nodeViews } from "../model/node-view";
import type { NodeView } from "../model/node-view";
import { addSample, sampleOf } from "../model/samples";
import type { Sample } from "../model/samples";
import { nextLink, pauseMs, UNKNOWN_LINK } from "../poll/link";
import { startPolling } from "../poll/poller";
import type { Poller } from "../poll/poller";
import { checks, probes, refreshRegions } from "./regions";

const TIMEOUT_MS = 4000;
/** The route of this client changes with the loads, too: it is asked for now and then. */
const ROUTE_EVERY = 5;
/** What probes say changes more slowly than the nodes; where there are none, one is not awaited. */
const REGIONS_EVERY = 5;
const NO_REGIONS_EVERY = 30;
/** A clock that differs less from the load balancer's is taken as the same: times of the API are whole seconds. */
const SKEW_MS = 2000;

export const status = shallowRef<SystemStatusBody>();
export const link = shallowRef(UNKNOWN_LINK);
export const route = shallowRef<FixedNodeStatusBody>();
export const nodes = shallowRef<readonly NodeView[]>([]);
export const samples = shallowRef<readonly Sample[]>([]);

const browserNow = ref(Date.now());
const skew = ref(0);
/** The time by the load balancer's clock in ms, once a second: ages of what it tells are counted by it. */
export const now = computed(() => browserNow.value + skew.value);
/** The same by this browser's clock. */
export const localNow = computed(() => browserNow.value);
setInterval(() => (browserNow.value = Date.now()), 1000);

let poller: Poller | undefined;
let answers = 0;
/** After how many entered secrets the dialog was last opened: who has closed it is not asked again and again. */
let askedAfter: number | undefined;

/** Reads anew where this client's requests go. */
export async function refreshRoute(): Promise<void> {
    const reply = await call<FixedNodeStatusBody>("fixed-node-status", { timeoutMs: TIMEOUT_MS });
    if (reply.ok) route.value = reply.body;
}

function take(body: SystemStatusBody, at: number): void {
    const difference = Date.parse(body.timestamp) - at;
    if (Math.abs(difference - skew.value) > SKEW_MS) skew.value = Math.abs(difference) > SKEW_MS ? difference : 0;
    const before = status.value;
    nodes.value = keepEqual(nodes.value, nodeViews(body));
    samples.value = addSample(samples.value, sampleOf(body, at));
    status.value = body;
    const isRouteOld = before === undefined || onlineNodes(before.cluster.nodes) !== onlineNodes(body.cluster.nodes);
    if (isRouteOld || answers % ROUTE_EVERY === 0) void refreshRoute();
    const every = probes.value.length + checks.value.length > 0 ? REGIONS_EVERY : NO_REGIONS_EVERY;
    if (answers % every === 0) void refreshRegions();
    answers += 1;
}

/** Opens the dialog for the secret, and looks again when one was entered. */
export async function unlock(problem: Problem | undefined): Promise<void> {
    if (await askForSecret(problem !== undefined && isWrongSecret(problem))) poller?.wake();
}

function note(reply: Reply<SystemStatusBody>): void {
    const at = Date.now();
    browserNow.value = at;
    link.value = nextLink(link.value, reply, at);
    if (reply.ok) {
        take(reply.body, at);
        askedAfter = undefined;
        return;
    }
    if (wantsSecret(reply.problem) && askedAfter !== entered) {
        askedAfter = entered;
        void unlock(reply.problem);
    }
}

async function ask(): Promise<void> {
    const reply = await call<SystemStatusBody>("system-status", { timeoutMs: TIMEOUT_MS });
    try {
        note(reply);
    } catch (error) {
        // An answer of another version than this page's must not end the questions.
        console.error(error);
        link.value = nextLink(link.value, failed({ ...STRANGE, status: 200 }), Date.now());
    }
}

/** Begins to ask, for as long as the page lives. */
export function watchCluster(): void {
    poller = startPolling(ask, (tookMs) => pauseMs(link.value, document.hidden, tookMs));
    const wake = poller.wake;
    document.addEventListener("visibilitychange", () => {
        if (!document.hidden) wake();
    });
    addEventListener("online", wake);
}

/** Asks at once, after something was changed. */
export function lookAgain(): void {
    poller?.wake();
}

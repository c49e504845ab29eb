/* What is known of the way to the load balancer: pure, from one reply to the next. Times are of this browser, in ms. */
import type { Problem, Reply } from "../api/problem";

/** `locked`: the load balancer answers, but shows its state only to who may see it. */
export type Phase = "loading" | "live" | "lost" | "locked";

export interface Link {
    readonly phase: Phase;
    /** Since when it is lost or locked. */
    readonly since: number | undefined;
    readonly problem: Problem | undefined;
    /** When the last good answer came. */
    readonly lastGood: number | undefined;
}

export const UNKNOWN_LINK: Link = { phase: "loading", since: undefined, problem: undefined, lastGood: undefined };

const EVERY_MS = 1000;
const EVERY_HIDDEN_MS = 10000;
/** At least so long between an answer and the next request, however slow the answers are. */
const REST_MS = 200;

function phaseOf(problem: Problem): Phase {
    return problem.status === 401 || problem.status === 403 ? "locked" : "lost";
}

/** The link after one more reply. */
export function nextLink(link: Link, reply: Reply<unknown>, now: number): Link {
    if (reply.ok) return { phase: "live", since: undefined, problem: undefined, lastGood: now };
    const phase = phaseOf(reply.problem);
    return { ...link, phase, since: phase === link.phase ? link.since : now, problem: reply.problem };
}

/** How long to wait for the next request, in ms, when the last one took `tookMs`. */
export function pauseMs(link: Link, isHidden: boolean, tookMs: number): number {
    const isSlow = isHidden || link.phase === "locked";
    const wanted = link.problem?.status === 429 ? (link.problem.retryAfter ?? 1) * 1000 : 0;
    return Math.max(REST_MS, wanted, (isSlow ? EVERY_HIDDEN_MS : EVERY_MS) - tookMs);
}

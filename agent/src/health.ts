import type { Agent } from "./agent";
import { ageMs } from "./clock";
import type { Response } from "./kuma-web";
import { AGENT_VERSION } from "./version";
import { judgeWork, type Work } from "./work";

/** How old the last good look at the database may be while the node counts as well. */
const STALE_AFTER_MS = 5000;
const LAG_SAMPLE_MS = 500;
const LAG_SAMPLES = 10;

/** How late timers of this process are, by the worst of the last five seconds. */
export class EventLoopLag {
    private readonly samples: number[] = [];

    constructor() {
        let expected = performance.now() + LAG_SAMPLE_MS;
        setInterval(() => {
            const present = performance.now();
            this.samples.push(Math.max(0, present - expected));
            if (this.samples.length > LAG_SAMPLES) this.samples.shift();
            expected = present + LAG_SAMPLE_MS;
        }, LAG_SAMPLE_MS).unref();
    }

    get ms(): number {
        return Math.round(Math.max(0, ...this.samples));
    }
}

interface Verdict {
    readonly status: "ok" | "starting" | "database_lost" | "stalled" | "leaving" | "not_running" | "overdue";
    readonly reason?: string;
}

/** Whether the node knows what its work is, and if not, why. Asks nobody: what is asked often must not load the database. */
export function standingVerdict(agent: Agent): Verdict {
    if (agent.phase === "leaving") return { status: "leaving", reason: "the node is shutting down" };
    if (agent.phase === "starting") return { status: "starting", reason: "the node has not started its monitors yet" };
    const staleMs = agent.ownership.ageMs;
    if (staleMs <= STALE_AFTER_MS) return { status: "ok" };
    const seconds = Math.round(staleMs / 1000);
    if (agent.database?.isLost === true) {
        return { status: "database_lost", reason: `the database has not answered for ${seconds} s` };
    }
    return { status: "stalled", reason: `the node has not looked at its monitors for ${seconds} s` };
}

function verdictOn(agent: Agent, work: Work): Verdict {
    const standing = standingVerdict(agent);
    return standing.status === "ok" ? (work.problem ?? standing) : standing;
}

/** Whether the node does its work, and if not, why. */
export function healthVerdict(agent: Agent): Verdict {
    return verdictOn(agent, judgeWork(agent.duties.list()));
}

/** Answers GET /api/v1/health: 200 when the node does its work, else 503 with the reason. */
export function sendHealth(agent: Agent, lag: EventLoopLag, response: Response): void {
    const work = judgeWork(agent.duties.list());
    const verdict = verdictOn(agent, work);
    response.setHeader("Cache-Control", "no-store");
    response.status(verdict.status === "ok" ? 200 : 503).json({
        ...verdict,
        node_id: agent.config.nodeId,
        version: agent.kumaVersion,
        agent_version: AGENT_VERSION,
        environment: agent.config.environment,
        monitors_running: agent.runs.size,
        monitors_assigned: agent.ownership.assigned,
        monitors_overdue: work.overdue,
        db: agent.database?.isLost === false ? "ok" : "lost",
        event_loop_lag_ms: lag.ms,
        boot_id: agent.bootId,
        uptime_seconds: Math.round(ageMs(agent.begun) / 1000),
        checks_fenced: agent.fenced,
        beats_relayed: agent.relay.relayed,
        degraded: agent.degraded,
        version_skew: agent.versionSkew,
    });
}

/** Whether the node does its work and load balancers have it online: the word for its state, and a sentence. */
export function readiness(agent: Agent): { ready: boolean; status: string; reason?: string } {
    const verdict = healthVerdict(agent);
    if (verdict.status !== "ok") return { ready: false, ...verdict };
    const status = agent.ownership.status ?? "unregistered";
    if (status === "online") return { ready: true, status };
    return { ready: false, status, reason: `the node is ${status}` };
}

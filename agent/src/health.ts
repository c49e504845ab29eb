import type { Agent } from "./agent";
import { ageMs } from "./clock";
import type { Response } from "./kuma-web";
import { AGENT_VERSION } from "./version";

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
    readonly status: "ok" | "starting" | "database_lost" | "stalled" | "leaving";
    readonly reason?: string;
}

/** Whether the node can do its work, and if not, why. Asks nobody: a health check must not load the database. */
export function healthVerdict(agent: Agent): Verdict {
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

/** Answers GET /api/v1/health: 200 when the node can do its work, else 503 with the reason. */
export function sendHealth(agent: Agent, lag: EventLoopLag, response: Response): void {
    const verdict = healthVerdict(agent);
    response.setHeader("Cache-Control", "no-store");
    response.status(verdict.status === "ok" ? 200 : 503).json({
        ...verdict,
        node_id: agent.config.nodeId,
        version: agent.kumaVersion,
        agent_version: AGENT_VERSION,
        environment: agent.config.environment,
        monitors_running: agent.runs.size,
        monitors_assigned: agent.ownership.assigned,
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

/* Checks from several places, as operators make and read them. See status for what all bodies have in common. */

/** POST /lb/probe-checks and PUT /lb/probe-checks/{id} */
interface ProbeCheckRequest {
    name: string;
    kind: CheckKind;
    target: CheckTarget;
    /** Seconds between two checks, from 5 to 86400; 60 by default. */
    interval?: number;
    /** From 100 to 60000 and not longer than the interval; by default 10000, or 0.8 of a shorter interval. */
    timeout_ms?: number;
    /** Who checks it; all regions by default. */
    regions?: readonly string[];
    /** How votes become a verdict; AGG_STRATEGY by default. */
    strategy?: Strategy;
    /** With it so many probes must say down, whatever the strategy is. */
    quorum?: number;
    active?: boolean;
}

interface VoteBody {
    probe_id: string;
    region: string;
    status: "up" | "down" | "abstain";
    at: string;
    /** It counts: it is new enough and no abstention. */
    counts: boolean;
    ping_ms: number | undefined;
    message: string;
}

/** A check with what its probes say. Values of headers and the body that it sends are "***" where everybody may look. */
interface ProbeCheckBody {
    id: number;
    name: string;
    kind: CheckKind;
    target: CheckTarget;
    interval: number;
    timeout_ms: number;
    regions: readonly string[] | undefined;
    strategy: Strategy;
    quorum: number | undefined;
    active: boolean;
    /** The push monitor that it is in Uptime Kuma. */
    monitor_id: number | undefined;
    verdict: "up" | "down" | "unknown";
    since: string | undefined;
    message: string;
    votes: readonly VoteBody[];
}

/** GET /lb/probe-checks */
interface ProbeChecksBody {
    checks: readonly ProbeCheckBody[];
    /** AGG_STRATEGY. */
    default_strategy: Strategy;
}

/** GET /lb/probe-checks/{id}/results, with limit */
interface ProbeResultsBody {
    /** By region; in each the newest first. */
    regions: readonly {
        region: string;
        results: readonly VoteBody[];
    }[];
}

/** DELETE /lb/probe-checks/{id} */
interface RemovedBody {
    id: number;
    removed: true;
}

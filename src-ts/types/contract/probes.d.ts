/* Probes: what they are to check, and what they found. See status for what all bodies have in common. */

type CheckKind = "http" | "tcp" | "dns";

type Strategy = "any-down" | "majority-down" | "all-down";

/** What a probe does for a check of kind http. */
interface HttpTarget {
    url: string;
    /** GET by default. */
    method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
    headers?: Record<string, string>;
    body?: string;
    /** Such as "200-299,304"; 200-299 by default. */
    expected_status?: string;
    /** Must be in the body; with `invert_keyword` must not. */
    keyword?: string;
    invert_keyword?: boolean;
    /** Redirects that are followed, 0 to 20; 10 by default. */
    max_redirects?: number;
    /** Down when the certificate ends in less days than that. */
    min_tls_days?: number;
    /** Do not look whether the certificate is valid. */
    ignore_tls?: boolean;
}

interface TcpTarget {
    host: string;
    port: number;
}

interface DnsTarget {
    name: string;
    /** A by default. */
    type?: "A" | "AAAA" | "CNAME" | "MX" | "NS" | "TXT";
    /** `ip` or `ip:port`; those of the probe's host by default. */
    server?: string;
    /** One of the answers must be this; else any answer will do. */
    expected?: string;
}

type CheckTarget = HttpTarget | TcpTarget | DnsTarget;

/** A check as a probe gets it. */
interface Assignment {
    id: number;
    kind: CheckKind;
    target: CheckTarget;
    /** Seconds between two checks. */
    interval: number;
    timeout_ms: number;
    /** Changes with the check; to be shown with its results. */
    revision: string;
}

/** GET /lb/probes/assignments; 304 when If-None-Match has the ETag of what is there. */
interface AssignmentsBody {
    checks: readonly Assignment[];
    /** Seconds after which to ask again. */
    refresh: number;
}

/** POST /lb/probes/register */
interface RegisterRequest {
    probe_id: string;
    name?: string;
    region: string;
    version: string;
}

/** POST /lb/probes/register */
interface RegisterBody {
    probe_id: string;
    /** To be shown with results, whose numbers begin anew with it. */
    session: string;
}

/** What a check came to at one probe. */
interface ProbeResult {
    /** Grows by one from result to result of a session, so that none counts twice. */
    seq: number;
    check_id: number;
    /** abstain: the probe could not reach its witness either, its own connection is broken. */
    status: "up" | "down" | "abstain";
    /** How long ago it was, in ms, when the batch is sent. */
    age_ms: number;
    ping_ms?: number;
    message: string;
    /** That of the assignment: a result of what the check was before counts for nothing. */
    revision?: string;
}

/** POST /lb/probes/results: at most 500 results. */
interface ResultsRequest {
    probe_id: string;
    session: string;
    results: readonly ProbeResult[];
}

/** POST /lb/probes/results */
interface ResultsBody {
    accepted: number;
    /** Known already, of a check that is gone or was changed, or too old to count. */
    ignored: number;
}

/** What a probe said last of a node of the cluster. */
interface NodeVoteBody {
    node_id: string;
    vote: "up" | "down" | "abstain";
    age_seconds: number;
    message: string;
    /** It is new enough, and the probe has reached the node within the last hour. */
    counts: boolean;
}

interface ProbeBody {
    probe_id: string;
    name: string;
    region: string;
    version: string;
    registered_at: string;
    last_seen: string;
    /** It was heard of in the last 90 s. */
    here: boolean;
    nodes: readonly NodeVoteBody[];
}

/** GET /lb/probes */
interface ProbesBody {
    /** By region. */
    probes: readonly ProbeBody[];
}

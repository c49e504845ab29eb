/*
 * What a probe says to its leader, one thing after the other: it registers, asks what to check, hands in results. After a
 * failure it waits, longer each time, and never as long as another one.
 */
import * as config from "../config";
import * as clock from "../lib/clock";
import type { HttpAnswer } from "../lib/http_client";
import * as json from "../lib/json";
import * as turn from "../lib/turn";
import { VERSION } from "../lib/version";
import * as logger from "../logger";
import * as assignments from "./assignments";
import * as buffer from "./buffer";
import * as leader from "./leader";
import * as state from "./state";

/** Results of one request. */
const BATCH = 500;
/** Seconds of the first wait after a failure, of the longest one, and while the leader refuses us. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 15;
const REFUSED_WAIT = 30;

/** What one attempt came to: `slow` when to try again soon is of no use. */
type Attempt = "done" | "failed" | "slow";

let failures = 0;
let next_try = 0;

function failed(is_refused: boolean): Attempt {
    return is_refused ? "slow" : "failed";
}

/** The leader has forgotten us, or another probe has our name: both are told in one line, once. */
function forget_session(): Attempt {
    logger.warn(
        "PROBE",
        "the leader does not know this registration any more; registering anew. If that goes on, another probe is called %s too",
        config.node.id,
    );
    state.set_session(undefined);
    assignments.make_due();
    return "failed";
}

function register(): Attempt {
    const { region, name } = config.probes;
    const body: RegisterRequest = { probe_id: config.node.id, region, version: VERSION };
    if (name !== "") {
        body.name = name;
    }
    const [answer, , is_refused] = leader.ask({ method: "POST", path: "probes/register", body });
    if (answer === undefined) {
        return failed(is_refused);
    }
    const [said] = json.decode<RegisterBody>(answer.body);
    if (answer.status >= 400 || typeof said !== "object" || typeof said.session !== "string") {
        logger.error(
            "PROBE",
            "cannot register: the leader answered %d: %s",
            answer.status,
            string.sub(answer.body, 1, 200),
        );
        return "slow";
    }
    state.set_session(said.session);
    assignments.make_due();
    logger.info("PROBE", "registered as %s in %s", config.node.id, region === "" ? "no region" : region);
    return "done";
}

function fetch_assignments(session: string): Attempt {
    const etag = assignments.known_etag();
    const headers: Record<string, string> = etag === undefined ? {} : { "If-None-Match": etag };
    const path = assignments.path_of(session);
    const [answer, , is_refused] = leader.ask({ method: "GET", path, headers });
    if (answer === undefined) {
        return failed(is_refused);
    }
    if (answer.status === 409) {
        return forget_session();
    }
    const is_same = answer.status === 304;
    const text = is_same || answer.status === 200 ? answer.body : "";
    const problem = assignments.note(is_same ? undefined : text, answer.headers.etag);
    if (problem !== undefined) {
        // What is known stays in use, and results go out all the same.
        logger.error("PROBE", "%s; the leader answered %d", problem, answer.status);
    }
    return "done";
}

/** The results that the leader has taken, or will never take, are ours no more. */
function settle(answer: HttpAnswer, results: readonly ProbeResult[]): Attempt {
    if (answer.status === 409) {
        return forget_session();
    }
    if (answer.status >= 400) {
        const text = string.sub(answer.body, 1, 200);
        logger.error("PROBE", "%d results are lost: the leader answered %d: %s", results.length, answer.status, text);
    }
    buffer.drop_through(results[results.length - 1]?.seq ?? 0);
    return "done";
}

function send_results(session: string): Attempt {
    for (;;) {
        const results = buffer.peek(BATCH);
        if (results.length === 0) {
            return "done";
        }
        const body: ResultsRequest = { probe_id: config.node.id, session, results };
        const [answer, , is_refused] = leader.ask({ method: "POST", path: "probes/results", body });
        const attempt = answer === undefined ? failed(is_refused) : settle(answer, results);
        if (attempt !== "done") {
            return attempt;
        }
        if (results.length < BATCH) {
            buffer.note_empty();
            return "done";
        }
    }
}

function attempt(): Attempt {
    if (state.session() === undefined) {
        const registered = register();
        if (registered !== "done") {
            return registered;
        }
    }
    const session = state.session() ?? "";
    const sent = send_results(session);
    return sent === "done" && assignments.is_due() ? fetch_assignments(session) : sent;
}

/** Seconds to wait after so many failures in a row; half of them are left to chance. */
function wait_after(count: number): number {
    const longest = math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** math.min(count - 1, 10));
    return longest * (0.5 + 0.5 * math.random());
}

/** Once in a worker: probes that start together, after a power cut for example, do not all come at once. */
export function begin(): void {
    next_try = clock.monotonic() + FIRST_WAIT * math.random();
}

/** Says what there is to say, when this worker is the one that checks; once a second. */
export function go_on(): void {
    if (!turn.is_ours(state.TURN) || clock.monotonic() < next_try) {
        return;
    }
    const result = attempt();
    failures = result === "done" ? 0 : failures + 1;
    if (result === "slow") {
        next_try = clock.monotonic() + REFUSED_WAIT * (0.8 + 0.4 * math.random());
    } else if (result === "failed") {
        next_try = clock.monotonic() + wait_after(failures);
    }
}

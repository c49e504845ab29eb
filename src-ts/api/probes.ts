/* Handlers that probes call: they register, fetch what to check, send what it came to. */
import * as json from "../lib/json";
import { is_line, is_name, NAME, read_fields } from "../lib/fields";
import type { FieldRule } from "../lib/fields";
import { iso_from_sql } from "../lib/time_text";
import * as regional_checks from "../regional_checks";
import type { ProbeRow } from "../regional_checks";
import { invalid } from "./request";
import type { Request } from "./request";
import { database_lost, failure, ok } from "./respond";
import type { Answer } from "./respond";
import { milliseconds } from "./view";

const REGISTER: readonly FieldRule[] = [
    { name: "probe_id", verify: is_name, allowed: NAME, required: true },
    { name: "name", verify: is_line(100), allowed: "a text of up to 100 bytes" },
    { name: "region", verify: (value) => value === "" || is_name(value), allowed: "a name or empty", required: true },
    { name: "version", verify: is_line(64), allowed: "a text of up to 64 bytes", required: true },
];

/** POST /lb/probes/register */
export function register({ body: given }: Request): Answer {
    const [fields, problem] = read_fields(given, REGISTER);
    if (fields === undefined) {
        return failure(400, "invalid_parameter", problem + ".");
    }
    const { probe_id } = fields as unknown as RegisterRequest;
    const [session, err] = regional_checks.register(fields as unknown as RegisterRequest);
    if (session === undefined) {
        return database_lost(err);
    }
    const body: RegisterBody = { probe_id, session };
    return ok(body);
}

function of_probe(probe_id: unknown, session: unknown, answer: (this: void, probe: ProbeRow) => Answer): Answer {
    if (typeof probe_id !== "string" || typeof session !== "string") {
        return invalid("probe_id and session", "those of POST /lb/probes/register");
    }
    const [probe, err] = regional_checks.find_probe(probe_id, session);
    if (probe !== undefined) {
        return answer(probe);
    }
    return err === undefined
        ? failure(409, "unknown_session", "That session is not, or no longer, known: register again.")
        : database_lost(err);
}

/** GET /lb/probes/assignments?probe=<id>&session=<session> */
export function assignments({ query, if_none_match }: Request): Answer {
    return of_probe(query.probe, query.session, (probe) => {
        const [found, err] = regional_checks.assignments_of(probe);
        if (found === undefined) {
            return database_lost(err);
        }
        const headers = { ETag: `"${found.tag}"` };
        if (if_none_match === headers.ETag) {
            return { status: 304, body: "", content_type: "application/json", headers };
        }
        const body: AssignmentsBody = { checks: json.list(found.checks), refresh: regional_checks.REFRESH };
        return { status: 200, body, headers };
    });
}

/** POST /lb/probes/results */
export function results({ body: given }: Request): Answer {
    return of_probe(given.probe_id, given.session, (probe) => {
        const [body, problem, err] = regional_checks.take_results(probe, given.results);
        if (body !== undefined) {
            return ok(body);
        }
        return problem === undefined
            ? database_lost(err ?? "unknown")
            : failure(400, "invalid_parameter", problem + ".");
    });
}

function render_votes(votes: readonly regional_checks.JudgedNodeVote[]): readonly NodeVoteBody[] {
    const rendered: NodeVoteBody[] = [];
    for (const { vote, counts } of votes) {
        const { node_id, age, message } = vote;
        table.insert(rendered, { node_id, vote: vote.vote, age_seconds: milliseconds(age), message, counts });
    }
    return json.list(rendered);
}

/** GET /lb/probes */
export function list(): Answer {
    const [found, err] = regional_checks.list_probes();
    if (found === undefined) {
        return database_lost(err);
    }
    const [votes, votes_err] = regional_checks.votes_by_probe();
    if (votes === undefined) {
        return database_lost(votes_err);
    }
    const probes: ProbeBody[] = [];
    for (const probe of found) {
        const { probe_id, name, region, version } = probe;
        table.insert(probes, {
            probe_id,
            name,
            region,
            version,
            registered_at: iso_from_sql(probe.registered_at) ?? "",
            last_seen: iso_from_sql(probe.last_seen) ?? "",
            here: regional_checks.is_here(probe),
            nodes: render_votes(votes[probe_id] ?? []),
        });
    }
    const body: ProbesBody = { probes: json.list(probes) };
    return ok(body);
}

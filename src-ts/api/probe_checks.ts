/* Handlers around checks from several places: what there is, what it came to, add, change and remove. */
import * as config from "../config";
import * as json from "../lib/json";
import { iso_from_sql } from "../lib/time_text";
import * as regional_checks from "../regional_checks";
import type { CheckRow, JudgedCheck, VoteRow } from "../regional_checks";
import { invalid, whole_number } from "./request";
import type { Request } from "./request";
import { database_lost, failure, ok } from "./respond";
import type { Answer } from "./respond";

const LARGEST_ID = 4294967295;
const RESULTS_DEFAULT = 100;
const RESULTS_MAX = 1000;

function render_vote(vote: VoteRow, fresh: number): VoteBody {
    const { probe_id, region, status, age, ping_ms, message } = vote;
    return {
        probe_id,
        region,
        status: status as VoteBody["status"],
        at: iso_from_sql(vote.at) ?? "",
        counts: status !== "abstain" && age <= fresh,
        ping_ms,
        message,
    };
}

/** The target without what may be a password. */
function masked(target: CheckTarget): CheckTarget {
    const shown: Record<string, unknown> = {};
    for (const [name, value] of pairs(target as unknown as Record<string, unknown>)) {
        shown[name] = name === "body" ? "***" : value;
    }
    if (shown.headers !== undefined) {
        const headers: Record<string, string> = {};
        for (const [name] of pairs(shown.headers as Record<string, string>)) {
            headers[name] = "***";
        }
        shown.headers = headers;
    }
    return shown as unknown as CheckTarget;
}

function render({ check, votes, outcome, fresh }: JudgedCheck, target: CheckTarget): ProbeCheckBody {
    const shown: VoteBody[] = [];
    for (const vote of votes) {
        table.insert(shown, render_vote(vote, fresh));
    }
    const { id, name, kind, interval, timeout_ms, quorum, active, monitor_id, verdict } = check;
    return {
        id,
        name,
        kind,
        target,
        interval,
        timeout_ms,
        regions: check.regions,
        strategy: check.strategy ?? config.probes.strategy,
        quorum,
        active,
        monitor_id,
        verdict,
        since: iso_from_sql(check.verdict_since),
        message: check.verdict_message === "" ? outcome.message : check.verdict_message,
        votes: json.list(shown),
    };
}

/** GET /lb/probe-checks */
export function list(): Answer {
    const [found, err] = regional_checks.list_checks();
    if (found === undefined) {
        return database_lost(err);
    }
    const checks: ProbeCheckBody[] = [];
    for (const one of found) {
        table.insert(checks, render(one, masked(one.check.target)));
    }
    const body: ProbeChecksBody = { checks: json.list(checks), default_strategy: config.probes.strategy };
    return ok(body);
}

function of_check(text: string, answer: (this: void, check: CheckRow) => Answer): Answer {
    const id = whole_number(text, 1, LARGEST_ID);
    if (id === undefined) {
        return invalid("The id of a check", `a whole number from 1 to ${string.format("%d", LARGEST_ID)}`);
    }
    const [check, err] = regional_checks.find_check(id);
    if (check !== undefined) {
        return answer(check);
    }
    return err === undefined ? failure(404, "check_not_found", `There is no check ${text}.`) : database_lost(err);
}

function answer_with(status: number, judged: JudgedCheck | undefined, err: string | undefined): Answer {
    if (judged === undefined) {
        return failure(502, "not_taken", `It could not be done: ${err}.`);
    }
    return { status, body: render(judged, judged.check.target) };
}

/** GET /lb/probe-checks/{id} */
export function get({ parameter }: Request): Answer {
    return of_check(parameter, ({ id }) => {
        const [judged, err] = regional_checks.judged_check(id);
        return judged === undefined ? database_lost(err) : ok(render(judged, judged.check.target));
    });
}

/** POST /lb/probe-checks */
export function add({ body }: Request): Answer {
    const [fields, problem] = regional_checks.read_check(body);
    if (fields === undefined) {
        return failure(400, "invalid_parameter", problem + ".");
    }
    const [judged, err] = regional_checks.add_check(fields);
    return answer_with(201, judged, err);
}

/** PUT /lb/probe-checks/{id} */
export function replace({ parameter, body }: Request): Answer {
    const [fields, problem] = regional_checks.read_check(body);
    if (fields === undefined) {
        return failure(400, "invalid_parameter", problem + ".");
    }
    return of_check(parameter, (check) => {
        const [judged, err] = regional_checks.replace_check(check, fields);
        return answer_with(200, judged, err);
    });
}

/** DELETE /lb/probe-checks/{id} */
export function remove({ parameter }: Request): Answer {
    return of_check(parameter, (check) => {
        const [removed, err] = regional_checks.remove_check(check);
        if (removed === undefined) {
            return answer_with(502, undefined, err);
        }
        const body: RemovedBody = { id: check.id, removed: true };
        return ok(body);
    });
}

/** GET /lb/probe-checks/{id}/results?limit=<count> */
export function results({ parameter, query }: Request): Answer {
    const limit = whole_number(query.limit ?? tostring(RESULTS_DEFAULT), 1, RESULTS_MAX);
    if (limit === undefined) {
        return invalid("limit", `a whole number from 1 to ${RESULTS_MAX}`);
    }
    return of_check(parameter, (check) => {
        const [found, err] = regional_checks.results_of(check.id, limit);
        if (found === undefined) {
            return database_lost(err);
        }
        const by_region: Record<string, VoteBody[] | undefined> = {};
        const regions: ProbeResultsBody["regions"][number][] = [];
        for (const vote of found) {
            const list_of = by_region[vote.region] ?? [];
            if (by_region[vote.region] === undefined) {
                by_region[vote.region] = list_of;
                table.insert(regions, { region: vote.region, results: list_of });
            }
            table.insert(list_of, render_vote(vote, regional_checks.freshness(check)));
        }
        const body: ProbeResultsBody = { regions: json.list(regions) };
        return ok(body);
    });
}

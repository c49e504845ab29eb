/* What probes ask for and bring: a session, what to check, a place for their results. */
import { random_token } from "../lib/random";
import { hex } from "../lib/text";
import * as checks_store from "../store/checks";
import * as probes_store from "../store/probes";
import type { ProbeRow } from "../store/probes";
import { revisions as read_revisions } from "../store/revisions";
import * as votes_store from "../store/votes";
import * as evaluation from "./evaluation";
import { sort_results } from "./incoming";
import type { Subjects } from "./incoming";
import * as node_service from "./node_service";

/** Seconds between two looks of a probe at its assignments. */
export const REFRESH = 30;

/** Seconds without a word after which a probe counts as away. */
const AWAY_AFTER = 90;

/** Notes a probe that begins, and gives it a session. */
export function register(fields: RegisterRequest): Result<string> {
    const session = random_token();
    const { probe_id, name = "", region, version } = fields;
    const [done, err] = probes_store.register(probe_id, name, region, version, session);
    if (done === undefined) {
        return $multi(undefined, err);
    }
    return $multi(session);
}

/** The probe of this id and session; nil without an error when there is none. */
export function find_probe(
    probe_id: string,
    session: string,
): LuaMultiReturn<[probe: ProbeRow | undefined, err?: string | undefined]> {
    const [probe, err] = probes_store.find(probe_id);
    if (probe === undefined || probe.session !== session) {
        return $multi(undefined, err);
    }
    return $multi(probe);
}

/** What a probe has to check, and a text that changes with it. */
export interface Assignments {
    readonly checks: Assignment[];
    readonly tag: string;
}

/** What that probe has to check now. It is noted as here. */
export function assignments_of(probe: ProbeRow): Result<Assignments> {
    const [, touch_err] = probes_store.touch(probe.probe_id);
    if (touch_err !== undefined) {
        return $multi(undefined, touch_err);
    }
    const [checks, err] = checks_store.list_active();
    if (checks === undefined) {
        return $multi(undefined, err);
    }
    const [assignments, node_err] = node_service.assignments_of(probe.probe_id);
    if (assignments === undefined) {
        return $multi(undefined, node_err);
    }
    for (const check of checks) {
        if (evaluation.is_asked(check, probe.region)) {
            const { id, kind, target, interval, timeout_ms, modified: revision } = check;
            table.insert(assignments, { id, kind, target, interval, timeout_ms, revision });
        }
    }
    const versions: string[] = [];
    for (const { id, interval, revision } of assignments) {
        table.insert(versions, `${string.format("%d", id)} ${revision} ${interval}`);
    }
    return $multi({ checks: assignments, tag: hex(ngx.sha1_bin(table.concat(versions, "\n"))) });
}

/** All that results may be about. */
function subjects(): Result<Subjects> {
    const [revisions, err] = read_revisions();
    if (revisions === undefined) {
        return $multi(undefined, err);
    }
    const [found, nodes_err] = node_service.subjects();
    if (found === undefined) {
        return $multi(undefined, nodes_err);
    }
    for (const [id, revision] of pairs(revisions)) {
        found[id] = { revision };
    }
    return $multi(found);
}

/**
 * Stores what a probe sends, and that it is here.
 * @returns what was made of it; or nil and what is wrong with it; or nil, nil and why the database did not take it
 */
export function take_results(
    probe: ProbeRow,
    given: unknown,
): LuaMultiReturn<[body: ResultsBody | undefined, problem?: string | undefined, err?: string]> {
    const [known, err] = subjects();
    if (known === undefined) {
        return $multi(undefined, undefined, err);
    }
    const [sorted, problem] = sort_results(given, probe.last_seq, known);
    if (sorted === undefined) {
        return $multi(undefined, problem);
    }
    const { results, of_nodes, last_seq, ignored } = sorted;
    const { probe_id, session, last_seq: seen } = probe;
    const [stored, store_err] = votes_store.store(probe_id, session, seen, last_seq, results, of_nodes);
    if (stored === undefined) {
        return $multi(undefined, undefined, store_err);
    }
    // Somebody was faster with the same results.
    const fresh = results.length + of_nodes.length;
    return $multi(stored ? { accepted: fresh, ignored } : { accepted: 0, ignored: ignored + fresh });
}

/** All probes, by region. */
export function list_probes(): Result<ProbeRow[]> {
    return probes_store.list();
}

/** True while a probe is heard of. */
export function is_here(probe: ProbeRow): boolean {
    return probe.seen_age <= AWAY_AFTER;
}

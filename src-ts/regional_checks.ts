/*
 * Checks from several places: probes that register, fetch what to check and send results, and what these come to. Works on
 * any load balancer: all of it is in the database, and the one that leads makes verdicts of it.
 */
import type { CheckFields } from "./regions/check_input";
import * as evaluation from "./regions/evaluation";
import type { Outcome } from "./regions/aggregate";
import * as kuma_monitor from "./regions/kuma_monitor";
import * as checks_store from "./store/checks";
import type { CheckRow } from "./store/checks";
import * as votes_store from "./store/votes";
import type { VoteRow } from "./store/votes";

export { read_check } from "./regions/check_input";
export { freshness } from "./regions/evaluation";
export {
    assignments_of,
    find_probe,
    is_here,
    list_probes,
    REFRESH,
    register,
    take_results,
} from "./regions/probe_service";
export { votes_by_probe } from "./regions/node_service";
export type { JudgedNodeVote } from "./regions/node_service";
export type { CheckFields } from "./regions/check_input";
export type { CheckRow } from "./store/checks";
export type { ProbeRow } from "./store/probes";
export type { VoteRow } from "./store/votes";

/** A check, what its probes said last, and what that comes to. */
export interface JudgedCheck {
    readonly check: CheckRow;
    readonly votes: readonly VoteRow[];
    readonly outcome: Outcome;
    /** Seconds for which a vote counts. */
    readonly fresh: number;
}

function judged(check: CheckRow, votes: readonly VoteRow[]): JudgedCheck {
    const outcome = evaluation.outcome_of(check, votes);
    return { check, votes, outcome, fresh: evaluation.freshness(check) };
}

/** All checks with their votes, in the order of their ids. */
export function list_checks(): Result<JudgedCheck[]> {
    const [checks, err] = checks_store.list();
    if (checks === undefined) {
        return $multi(undefined, err);
    }
    const [votes, votes_err] = votes_store.votes();
    if (votes === undefined) {
        return $multi(undefined, votes_err);
    }
    const sorted = evaluation.by_check(votes);
    const list: JudgedCheck[] = [];
    for (const check of checks) {
        table.insert(list, judged(check, sorted[check.id] ?? []));
    }
    return $multi(list);
}

/** One check; nil without an error when there is none of this id. */
export function find_check(id: number): LuaMultiReturn<[check: CheckRow | undefined, err?: string | undefined]> {
    return checks_store.find(id);
}

/** The latest results for a check, newest first. */
export function results_of(id: number, limit: number): Result<VoteRow[]> {
    return votes_store.results_of(id, limit);
}

/** One check with its votes. */
export function judged_check(id: number): Result<JudgedCheck> {
    const [checks, err] = list_checks();
    for (const one of checks ?? []) {
        if (one.check.id === id) {
            return $multi(one);
        }
    }
    return $multi(undefined, err ?? `check ${string.format("%d", id)} is gone`);
}

function no_monitor(): Result<boolean> {
    return $multi(false);
}

function give_monitor(id: number, fields: CheckFields): Result<boolean> {
    const [monitor_id, err] = kuma_monitor.create(fields);
    if (monitor_id === undefined) {
        return $multi(undefined, err);
    }
    return checks_store.set_monitor(id, monitor_id);
}

/** Adds a check and its push monitor; nil and why Uptime Kuma, or the database, did not take it. */
export function add_check(fields: CheckFields): Result<JudgedCheck> {
    const [id, err] = checks_store.add(fields);
    if (id === undefined) {
        return $multi(undefined, err);
    }
    const [, monitor_err] = give_monitor(id, fields);
    if (monitor_err !== undefined) {
        // A check that nobody hears of is none.
        checks_store.remove(id);
        return $multi(undefined, monitor_err);
    }
    return judged_check(id);
}

/**
 * Replaces a check; its push monitor follows, or is made anew when somebody has deleted it.
 * @returns nil and why Uptime Kuma, or the database, did not take it
 */
export function replace_check(check: CheckRow, fields: CheckFields): Result<JudgedCheck> {
    const { id, monitor_id } = check;
    const [is_there, err] = monitor_id === undefined ? no_monitor() : kuma_monitor.update(monitor_id, fields);
    if (is_there === undefined) {
        return $multi(undefined, err);
    }
    const [, replace_err] = checks_store.replace(id, fields);
    if (replace_err !== undefined) {
        return $multi(undefined, replace_err);
    }
    const [, monitor_err] = is_there ? no_monitor() : give_monitor(id, fields);
    if (monitor_err === undefined) {
        return judged_check(id);
    }
    return $multi(undefined, monitor_err);
}

/** Removes a check, its push monitor and all that was said of it. */
export function remove_check({ id, monitor_id }: CheckRow): Result<boolean> {
    const [, err] = monitor_id === undefined ? no_monitor() : kuma_monitor.remove(monitor_id);
    if (err === undefined) {
        return checks_store.remove(id);
    }
    return $multi(undefined, err);
}

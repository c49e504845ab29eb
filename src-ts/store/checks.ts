/* The rows of probe_check: what probes check, and what it has come to. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import * as json from "../lib/json";
import * as logger from "../logger";
import type { CheckFields } from "../regions/check_input";
import { to_check } from "./check_row";
import type { CheckRow, Verdict } from "./check_row";
import { text } from "./column";
import type { Column } from "./column";
import { fence } from "./lease";
import type { Lease } from "./lease";

export type { CheckRow, Verdict } from "./check_row";

const reported: Record<string, string | undefined> = {};

/** Warns once of what is wrong with a row. */
function report(id: string, cause: string): void {
    if (reported[id] !== cause) {
        reported[id] = cause;
        logger.warn("PROBES", "check %s is left out, its row in probe_check cannot be read: %s", id, cause);
    }
}

function select(where: string): Result<CheckRow[]> {
    const [rows, err] = db.query<Record<string, Column>[]>(`SELECT * FROM probe_check WHERE ${where} ORDER BY id`);
    if (rows === undefined) {
        return $multi(undefined, "cannot read checks: " + err);
    }
    const checks: CheckRow[] = [];
    for (const row of rows) {
        const [check, cause] = to_check(row);
        if (check === undefined) {
            report(text(row.id) ?? "", cause);
        } else {
            table.insert(checks, check);
        }
    }
    return $multi(checks);
}

/** All checks, in the order of their ids. */
export function list(): Result<CheckRow[]> {
    return select("TRUE");
}

/** Those that are switched on. */
export function list_active(): Result<CheckRow[]> {
    return select("active = 1");
}

/** One check; nil without an error when there is none of this id. */
export function find(id: number): LuaMultiReturn<[check: CheckRow | undefined, err?: string | undefined]> {
    const [checks, err] = select(db.format("id = ?", id));
    if (checks === undefined) {
        return $multi(undefined, err);
    }
    return $multi(checks[0]);
}

function assignments(fields: CheckFields): string {
    const target = json.encode(fields.target);
    let regions: string | undefined;
    if (fields.regions !== undefined) {
        regions = json.encode(fields.regions);
    }
    return db.format(
        "name = ?, kind = ?, target = ?, seconds = ?, timeout_ms = ?, regions = ?, strategy = ?, quorum = ?, active = ?",
        fields.name,
        fields.kind,
        target,
        fields.interval,
        fields.timeout_ms,
        regions,
        fields.strategy,
        fields.quorum,
        fields.active,
    );
}

/** Adds a check; returns its id. */
export function add(fields: CheckFields): Result<number> {
    const [result, err] = db.query<OkResult>(`INSERT INTO probe_check SET ${assignments(fields)}`);
    if (result === undefined) {
        return $multi(undefined, "cannot add a check: " + err);
    }
    return $multi(result.insert_id);
}

/** Replaces a check; false when there is none of this id. What was said of what it was before counts no more. */
export function replace(id: number, fields: CheckFields): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        `UPDATE probe_check SET ${assignments(fields)}, modified_date = NOW(6), verdict = 'unknown',` +
            ` verdict_since = NOW(6), verdict_message = '' WHERE ${db.format("id = ?", id)}`,
    );
    if (result === undefined) {
        return $multi(undefined, "cannot change a check: " + err);
    }
    const [, vote_err] = db.query(db.format("DELETE FROM probe_vote WHERE check_id = ?", id));
    if (vote_err !== undefined) {
        return $multi(undefined, "cannot change a check: " + vote_err);
    }
    return $multi(result.affected_rows > 0);
}

/** Notes which push monitor tells Uptime Kuma of the check. */
export function set_monitor(id: number, monitor_id: number): Result<true> {
    const [done, err] = db.query(db.format("UPDATE probe_check SET monitor_id = ? WHERE id = ?", monitor_id, id));
    if (done === undefined) {
        return $multi(undefined, "cannot change a check: " + err);
    }
    return $multi(true);
}

/** Removes a check with all that was said of it. */
export function remove(id: number): Result<boolean> {
    const [result, err] = db.query<OkResult>(db.format("DELETE FROM probe_check WHERE id = ?", id));
    if (result === undefined) {
        return $multi(undefined, "cannot remove a check: " + err);
    }
    for (const name of ["probe_vote", "probe_result"]) {
        const [done, rest_err] = db.query(db.format(`DELETE FROM ${name} WHERE check_id = ?`, id));
        if (done === undefined) {
            return $multi(undefined, "cannot remove a check: " + rest_err);
        }
    }
    return $multi(result.affected_rows > 0);
}

/** Notes a new verdict; false when it, the check or the lease has changed meanwhile. */
export function set_verdict(check: CheckRow, to: Verdict, message: string, lease: Lease): Result<boolean> {
    // Not compared in the statement: there the verdict may be the new one already.
    const since = to === check.verdict ? "c.verdict_since" : "NOW(6)";
    const [result, err] = db.query<OkResult>(
        `UPDATE probe_check c ${fence(lease)}` +
            db.format(
                ` SET c.verdict = ?, c.verdict_since = ${since}, c.verdict_message = ?` +
                    " WHERE c.id = ? AND (c.verdict = ? OR c.verdict NOT IN ('up', 'down', 'unknown')) AND c.modified_date = ?",
                to,
                message,
                check.id,
                check.verdict,
                check.modified,
            ),
    );
    if (result === undefined) {
        return $multi(undefined, "cannot note a verdict: " + err);
    }
    return $multi(result.affected_rows > 0);
}

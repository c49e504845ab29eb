/* What probes say: the rows of probe_vote (the latest of each probe for each check) and probe_result (all of them). */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { number, text } from "./column";
import type { Column } from "./column";
import * as node_votes from "./node_votes";
import { IS_NEWER } from "./node_votes";
import type { StoredNodeResult } from "./node_votes";

/** A result, ready to be stored; `age_ms` before now. */
export interface StoredResult {
    readonly check_id: number;
    readonly status: string;
    readonly age_ms: number;
    readonly ping_ms: number | undefined;
    readonly message: string;
}

function values_of(probe_id: string, results: readonly StoredResult[]): string {
    const rows: string[] = [];
    for (const { check_id, status, age_ms, ping_ms, message } of results) {
        table.insert(
            rows,
            db.format(
                "(?, ?, NOW(6) - INTERVAL ? MICROSECOND, ?, ?, ?)",
                check_id,
                probe_id,
                age_ms * 1000,
                status,
                ping_ms,
                message,
            ),
        );
    }
    return table.concat(rows, ", ");
}

function insertions(
    probe_id: string,
    results: readonly StoredResult[],
    of_nodes: readonly StoredNodeResult[],
): string[] {
    const statements: string[] = [];
    if (results.length > 0) {
        const values = values_of(probe_id, results);
        const columns = "(check_id, probe_id, at, status, ping_ms, message)";
        table.insert(statements, `INSERT INTO probe_result ${columns} VALUES ${values}`);
        table.insert(
            statements,
            `INSERT INTO probe_vote ${columns} VALUES ${values} ON DUPLICATE KEY UPDATE` +
                ` status = IF(${IS_NEWER}, VALUES(status), status), ping_ms = IF(${IS_NEWER}, VALUES(ping_ms), ping_ms),` +
                ` message = IF(${IS_NEWER}, VALUES(message), message), at = IF(${IS_NEWER}, VALUES(at), at)`,
        );
    }
    if (of_nodes.length > 0) {
        table.insert(statements, node_votes.insertion(probe_id, of_nodes));
    }
    return statements;
}

/**
 * Stores results of a session, those of checks and those of nodes, the oldest first, and that all up to `last_seq` are known.
 * @returns false when the session is over, or has got further already: then nothing is stored
 */
export function store(
    probe_id: string,
    session: string,
    seen_seq: number,
    last_seq: number,
    results: readonly StoredResult[],
    of_nodes: readonly StoredNodeResult[],
): Result<boolean> {
    return db.transaction<boolean>((connection) => {
        const [noted, err] = connection.query<OkResult>(
            db.format(
                "UPDATE probe SET last_seq = ?, last_seen = NOW(6) WHERE probe_id = ? AND session = ? AND last_seq = ?",
                last_seq,
                probe_id,
                session,
                seen_seq,
            ),
        );
        if (noted === undefined) {
            return $multi(undefined, "cannot store results: " + err);
        }
        if (noted.affected_rows === 0) {
            return $multi(false);
        }
        for (const statement of insertions(probe_id, results, of_nodes)) {
            const [done, store_err] = connection.query(statement);
            if (done === undefined) {
                return $multi(undefined, "cannot store results: " + store_err);
            }
        }
        return $multi(true);
    });
}

/** A vote with the region of its probe. */
export interface VoteRow {
    readonly check_id: number;
    readonly probe_id: string;
    readonly region: string;
    readonly status: string;
    readonly at: string;
    /** Seconds. */
    readonly age: number;
    readonly ping_ms: number | undefined;
    readonly message: string;
}

function to_vote(row: Record<string, Column>): VoteRow {
    return {
        check_id: number(row.check_id) ?? 0,
        probe_id: text(row.probe_id) ?? "",
        region: text(row.region) ?? "",
        status: text(row.status) ?? "",
        at: text(row.at) ?? "",
        age: number(row.age) ?? 0,
        ping_ms: number(row.ping_ms),
        message: text(row.message) ?? "",
    };
}

function select_votes(from: string, rest: string): Result<VoteRow[]> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT v.check_id, v.probe_id, p.region, v.status, v.at, v.ping_ms, v.message," +
            ` TIMESTAMPDIFF(MICROSECOND, v.at, NOW(6)) / 1000000 AS age FROM ${from} v JOIN probe p ON p.probe_id = v.probe_id` +
            ` ${rest}`,
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read votes: " + err);
    }
    const votes: VoteRow[] = [];
    for (const row of rows) {
        table.insert(votes, to_vote(row));
    }
    return $multi(votes);
}

/** The latest result of each probe for each check. */
export function votes(): Result<VoteRow[]> {
    return select_votes("probe_vote", "ORDER BY v.check_id");
}

/** The latest results for a check, newest first. */
export function results_of(check_id: number, limit: number): Result<VoteRow[]> {
    // Within the parentheses, so that the index gives the latest and the others are never read.
    const latest = db.format(
        "SELECT * FROM probe_result WHERE check_id = ? ORDER BY at DESC, id DESC LIMIT ?",
        check_id,
        limit,
    );
    return select_votes(`(${latest})`, "ORDER BY v.at DESC, v.id DESC");
}

/* What probes say of the cluster's own nodes: the rows of probe_node_vote, the latest of each probe for each node. */
import * as db from "../db";
import type { NodeVote } from "../regions/node_checks";
import { number, text } from "./column";
import type { Column } from "./column";

/**
 * Of the row that is there and the one that comes: a result that was kept while the leader was away may be older than the
 * vote that is there; a vote from the future is one of a clock that was set back since.
 */
export const IS_NEWER = "(VALUES(at) >= at OR at > NOW(6))";

/** A result for a node, ready to be stored; `age_ms` before now. */
export interface StoredNodeResult {
    readonly node_id: string;
    readonly status: string;
    readonly age_ms: number;
    readonly message: string;
}

/** The statement that notes results of a probe, the oldest first. */
export function insertion(probe_id: string, results: readonly StoredNodeResult[]): string {
    const rows: string[] = [];
    for (const { node_id, status, age_ms, message } of results) {
        const at = db.format("NOW(6) - INTERVAL ? MICROSECOND", age_ms * 1000);
        const reached_at = status === "up" ? at : "NULL";
        table.insert(rows, db.format("(?, ?, ?, ?, ", node_id, probe_id, status, message) + `${at}, ${reached_at})`);
    }
    return (
        "INSERT INTO probe_node_vote (node_id, probe_id, status, message, at, reached_at)" +
        ` VALUES ${table.concat(rows, ", ")} ON DUPLICATE KEY UPDATE` +
        ` status = IF(${IS_NEWER}, VALUES(status), status), message = IF(${IS_NEWER}, VALUES(message), message),` +
        " reached_at = COALESCE(GREATEST(reached_at, VALUES(reached_at)), reached_at, VALUES(reached_at))," +
        ` at = IF(${IS_NEWER}, VALUES(at), at)`
    );
}

function to_vote(row: Record<string, Column>): NodeVote {
    return {
        node_id: text(row.node_id) ?? "",
        probe_id: text(row.probe_id) ?? "",
        region: text(row.region) ?? "",
        vote: text(row.status) as NodeVote["vote"],
        age: number(row.age) ?? 0,
        reached_age: number(row.reached_age),
        message: text(row.message) ?? "",
    };
}

function select(where: string): Result<NodeVote[]> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT v.node_id, v.probe_id, p.region, v.status, v.message," +
            " TIMESTAMPDIFF(MICROSECOND, v.at, NOW(6)) / 1000000 AS age," +
            " TIMESTAMPDIFF(MICROSECOND, v.reached_at, NOW(6)) / 1000000 AS reached_age" +
            ` FROM probe_node_vote v JOIN probe p ON p.probe_id = v.probe_id WHERE ${where} ORDER BY p.region, v.probe_id, v.node_id`,
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read what probes say of nodes: " + err);
    }
    const votes: NodeVote[] = [];
    for (const row of rows) {
        table.insert(votes, to_vote(row));
    }
    return $multi(votes);
}

/** What each probe said last of each node. */
export function list(): Result<NodeVote[]> {
    return select("TRUE");
}

/** What a probe said last of each node. */
export function of_probe(probe_id: string): Result<NodeVote[]> {
    return select(db.format("v.probe_id = ?", probe_id));
}

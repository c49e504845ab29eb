/* What an operator wants of a node: that it is empty, takes part again, or is no part of the cluster any more. */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import * as version from "./version";

/**
 * Takes an offline node out of the table.
 * @returns false when it is not there or not offline
 */
export function remove(node_id: string): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        db.format("DELETE FROM node WHERE node_id = ? AND status = 'offline'", node_id),
    );
    if (result === undefined) {
        return $multi(undefined, `cannot forget ${node_id}: ${err}`);
    }
    version.bump();
    return $multi(result.affected_rows > 0);
}

/**
 * Notes that an operator wants the node empty, but not the last online one of those that are to stay. One that is
 * drained already stays so since the first time.
 * @returns false when the node is not there or nobody could take over from it
 */
export function drain(node_id: string): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        db.format(
            "UPDATE node n LEFT JOIN (SELECT COUNT(*) AS ready FROM node WHERE status = 'online' AND drained_at IS NULL" +
                " AND node_id <> ?) others ON TRUE SET n.drained_at = NOW(6)" +
                " WHERE n.node_id = ? AND n.drained_at IS NULL AND (n.status <> 'online' OR others.ready > 0)",
            node_id,
            node_id,
        ),
    );
    if (result === undefined) {
        return $multi(undefined, `cannot drain ${node_id}: ${err}`);
    }
    return $multi(result.affected_rows > 0);
}

/** Takes the wish back; false when there was none. */
export function undrain(node_id: string): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        db.format("UPDATE node SET drained_at = NULL WHERE node_id = ? AND drained_at IS NOT NULL", node_id),
    );
    if (result === undefined) {
        return $multi(undefined, `cannot make ${node_id} ready: ${err}`);
    }
    return $multi(result.affected_rows > 0);
}

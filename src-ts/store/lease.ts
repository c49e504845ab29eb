/*
 * The lease of the control plane: a row with an epoch. Only the database's clock counts. A statement that changes
 * nodes or assignments joins this row (see fence), so that a leader whose epoch is over changes 0 rows.
 */
import type { OkResult } from "resty.mysql";
import * as db from "../db";
import { number, text } from "./column";
import type { Column } from "./column";

/** Proof of leadership that every write of the control plane carries. */
export interface Lease {
    readonly session: string;
    readonly epoch: number;
}

/** The row as it stands: who holds it, in which epoch, and its age in seconds. */
export interface LeaseState {
    readonly holder: string;
    readonly session: string;
    readonly epoch: number;
    readonly age: number;
}

/** The JOIN that makes a write conditional on the lease. */
export function fence(lease: Lease): string {
    return db.format(
        " JOIN cluster_lease l ON l.name = 'leader' AND l.session = ? AND l.epoch = ? ",
        lease.session,
        lease.epoch,
    );
}

/** The lease's row, or nil and the error. A row that nobody ever took has epoch 0. */
export function read(): Result<LeaseState> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT holder, session, epoch, TIMESTAMPDIFF(MICROSECOND, renewed_at, NOW(6)) / 1000000 AS age" +
            " FROM cluster_lease WHERE name = 'leader'",
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read the lease: " + err);
    }
    const row = rows[0];
    return $multi({
        holder: text(row?.holder) ?? "",
        session: text(row?.session) ?? "",
        epoch: number(row?.epoch) ?? 0,
        age: number(row?.age) ?? 0,
    });
}

/**
 * Takes the lease when it is free or older than `ttl` seconds; the epoch grows by one.
 * @returns true when it is ours now, false when somebody else holds it, nil and the error
 */
export function take(holder: string, session: string, ttl: number): Result<boolean> {
    const [created, create_err] = db.query("INSERT IGNORE INTO cluster_lease (name) VALUES ('leader')");
    if (created === undefined) {
        return $multi(undefined, "cannot create the lease: " + create_err);
    }
    const [result, err] = db.query<OkResult>(
        db.format(
            "UPDATE cluster_lease SET holder = ?, session = ?, epoch = epoch + 1, renewed_at = NOW(6)" +
                " WHERE name = 'leader' AND (session = '' OR renewed_at < NOW(6) - INTERVAL ? SECOND)",
            holder,
            session,
            ttl,
        ),
    );
    if (result === undefined) {
        return $multi(undefined, "cannot take the lease: " + err);
    }
    return $multi(result.affected_rows === 1);
}

/** Renews the lease. False when it is no longer ours. */
export function renew(lease: Lease): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        db.format(
            "UPDATE cluster_lease SET renewed_at = NOW(6) WHERE name = 'leader' AND session = ? AND epoch = ?",
            lease.session,
            lease.epoch,
        ),
    );
    if (result === undefined) {
        return $multi(undefined, "cannot renew the lease: " + err);
    }
    return $multi(result.affected_rows === 1);
}

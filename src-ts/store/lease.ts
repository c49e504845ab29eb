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

/** The row as it stands: who holds it, in which epoch, and when it was renewed. Nobody holds it when session is "". */
export interface LeaseState {
    readonly holder: string;
    readonly session: string;
    readonly epoch: number;
    /** As the database writes it. Compared for equality only: a clock that jumps must not end a lease. */
    readonly renewed_at: string;
    /** Seconds since then, for people. */
    readonly age: number | undefined;
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
        "SELECT holder, session, epoch, renewed_at, TIMESTAMPDIFF(MICROSECOND, renewed_at, NOW(6)) / 1000000 AS age" +
            " FROM cluster_lease WHERE name = 'leader'",
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read the lease: " + err);
    }
    const row = rows[0] ?? {};
    return $multi({
        holder: text(row.holder) ?? "",
        session: text(row.session) ?? "",
        epoch: number(row.epoch) ?? 0,
        renewed_at: text(row.renewed_at) ?? "",
        age: number(row.age),
    });
}

/** Makes sure that there is a row to take. */
export function create(): Result<true> {
    const [created, err] = db.query("INSERT IGNORE INTO cluster_lease (name) VALUES ('leader')");
    if (created === undefined) {
        return $multi(undefined, "cannot create the lease: " + err);
    }
    return $multi(true);
}

/**
 * Takes the lease if its row is still as `seen`; the epoch grows by one.
 * @returns true when it is ours now, false when it was renewed or taken since
 */
export function take(holder: string, session: string, seen: LeaseState): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        db.format(
            "UPDATE cluster_lease SET holder = ?, session = ?, epoch = epoch + 1, renewed_at = NOW(6)" +
                " WHERE name = 'leader' AND session = ? AND epoch = ? AND renewed_at = ?",
            holder,
            session,
            seen.session,
            seen.epoch,
            seen.renewed_at,
        ),
    );
    if (result === undefined) {
        return $multi(undefined, "cannot take the lease: " + err);
    }
    return $multi(result.affected_rows === 1);
}

/** Gives the lease back, so that another load balancer takes it at once. False when it was not ours any more. */
export function release(lease: Lease): Result<boolean> {
    const [result, err] = db.query<OkResult>(
        db.format(
            "UPDATE cluster_lease SET session = '' WHERE name = 'leader' AND session = ? AND epoch = ?",
            lease.session,
            lease.epoch,
        ),
    );
    if (result === undefined) {
        return $multi(undefined, "cannot release the lease: " + err);
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

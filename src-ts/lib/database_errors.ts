/* How often the database failed, by kind: in a shared dict, since it is rare and all workers count. */
import type { Failure } from "./db_connection";
import * as shared_dict from "./shared_dict";
import { contains } from "./text";

/**
 * `connect`: no host took a connection. `timeout`: a statement was not answered in time. `lost`: the connection ended.
 * `refused`: the server said no to a statement.
 */
export type ErrorKind = "connect" | "timeout" | "lost" | "refused";

export const KINDS: readonly ErrorKind[] = ["connect", "timeout", "lost", "refused"];

const dict = shared_dict.open("cluster_metrics");

/** Counts an error that the caller gets to see; what was repeated with success is none. */
export function count(kind: ErrorKind): void {
    shared_dict.increment(dict, "database_error:" + kind);
}

/** Counts the failure of a statement that is not tried again. */
export function count_failure(failure: Failure | undefined, err: string | undefined): void {
    if (failure === "refused") {
        count("refused");
        return;
    }
    count(contains(err ?? "", "timeout") ? "timeout" : "lost");
}

/** Errors of this kind since the load balancer started. */
export function total(kind: ErrorKind): number {
    return shared_dict.get_number(dict, "database_error:" + kind) ?? 0;
}

/* Where the push monitors of checks take their beats. */
import * as db from "../db";
import { number, text } from "./column";
import type { Column } from "./column";
import { fence } from "./lease";
import type { Lease } from "./lease";
import { owner_expression } from "./schema";
import * as suspects from "./suspects";

/** The push monitor of a check, as it is in Uptime Kuma now. */
export interface PushTarget {
    /** What the check has come to. */
    readonly verdict: string;
    /** Nil when somebody has deleted it. */
    readonly token: string | undefined;
    /** False while it is paused. */
    readonly is_active: boolean;
    /** Where a beat may go, in this order: the node that runs it, unless it failed a moment ago, then others. */
    readonly hosts: readonly string[];
}

/** So many nodes are tried for a beat. */
const MOST_HOSTS = 2;

interface Place {
    readonly node_id: string;
    readonly host: string;
}

/** The nodes that take requests now. */
function places(): Result<Place[]> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT node_id, host FROM node WHERE status IN ('online', 'draining') ORDER BY node_id",
    );
    if (rows === undefined) {
        return $multi(undefined, err);
    }
    const found: Place[] = [];
    for (const row of rows) {
        const node_id = text(row.node_id) ?? "";
        if (!suspects.is_skipped(node_id)) {
            table.insert(found, { node_id, host: text(row.host) ?? "" });
        }
    }
    return $multi(found);
}

/** A node that does not run the monitor hands the beat on. */
function hosts_for(owner: string | undefined, found: readonly Place[]): string[] {
    const hosts: string[] = [];
    for (const { node_id, host } of found) {
        if (node_id === owner) {
            table.insert(hosts, host);
        }
    }
    for (const { node_id, host } of found) {
        if (node_id !== owner && hosts.length < MOST_HOSTS) {
            table.insert(hosts, host);
        }
    }
    return hosts;
}

/** The push monitors of these checks, by the check's id. Those of checks that are gone are left out, all when the lease is over. */
export function push_targets(
    check_ids: readonly number[],
    lease: Lease,
): Result<Record<number, PushTarget | undefined>> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        return $multi(undefined, owner_err);
    }
    const [found, places_err] = places();
    if (found === undefined) {
        return $multi(undefined, "cannot read nodes: " + places_err);
    }
    const ids: string[] = [];
    for (const id of check_ids) {
        table.insert(ids, db.quote(id));
    }
    const [rows, err] = db.query<Record<string, Column>[]>(
        `SELECT c.id, c.verdict, m.push_token, m.active, ${owner} AS owner FROM probe_check c ${fence(lease)}` +
            ` LEFT JOIN monitor m ON m.id = c.monitor_id WHERE c.id IN (${table.concat(ids, ", ")})`,
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read monitors: " + err);
    }
    const targets: Record<number, PushTarget | undefined> = {};
    for (const { id, verdict, push_token, active, owner: node_id } of rows) {
        targets[number(id) ?? 0] = {
            verdict: text(verdict) ?? "",
            token: text(push_token),
            is_active: number(active) === 1,
            hosts: hosts_for(text(node_id), found),
        };
    }
    return $multi(targets);
}

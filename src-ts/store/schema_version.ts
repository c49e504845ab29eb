/*
 * The number of the cluster's schema. Programs apply what they know and go on with what a newer one has added; one that is
 * too old for what is there writes nothing.
 */
import * as config from "../config";
import * as db from "../db";
import { VERSION } from "../lib/version";
import { number, text } from "./column";
import type { Column } from "./column";
import { OLDEST_COMPATIBLE_SCHEMA, SCHEMA_VERSION } from "./ddl";

/** A schema that was applied; `applied_at` in seconds since 1970. */
export interface AppliedSchema {
    readonly version: number;
    readonly oldest_compatible: number;
    readonly applied_by: string;
    readonly applied_at: number;
}

/** The schema of a release that noted none. */
const UNKNOWN: AppliedSchema = { version: 0, oldest_compatible: 0, applied_by: "", applied_at: 0 };

/** The newest schema that was applied; version 0 when none was noted. Fails when there is no table of them yet. */
export function newest(): Result<AppliedSchema> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT version, oldest_compatible, applied_by, UNIX_TIMESTAMP(applied_at) AS applied_at FROM cluster_schema" +
            " ORDER BY version DESC LIMIT 1",
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read the schema: " + err);
    }
    const row = rows[0];
    if (row === undefined) {
        return $multi(UNKNOWN);
    }
    return $multi({
        version: number(row.version) ?? 0,
        oldest_compatible: number(row.oldest_compatible) ?? 0,
        applied_by: text(row.applied_by) ?? "",
        applied_at: number(row.applied_at) ?? 0,
    });
}

/** Why this program is too old for the cluster's tables; nil when it is not. */
export function limitation(found: AppliedSchema): string | undefined {
    if (found.oldest_compatible <= SCHEMA_VERSION) {
        return undefined;
    }
    return (
        `the load balancer ${VERSION} knows schema ${SCHEMA_VERSION} of the cluster's tables, but these have schema ` +
        `${found.version} (by ${found.applied_by}), for which ${found.oldest_compatible} or newer is needed: upgrade it`
    );
}

/** Notes that the cluster's schema is applied, unless somebody has noted it. */
export function note(): Result<true> {
    const [noted, err] = db.query(
        db.format(
            "INSERT IGNORE INTO cluster_schema (version, oldest_compatible, applied_by) VALUES (?, ?, ?)",
            SCHEMA_VERSION,
            OLDEST_COMPATIBLE_SCHEMA,
            `load balancer ${VERSION} of ${config.node.id}`,
        ),
    );
    if (noted === undefined) {
        return $multi(undefined, "cannot note the schema: " + err);
    }
    return $multi(true);
}

/*
 * The number of the cluster's schema. Programs apply what they know and go on with what a newer one has added; one that is
 * too old for what is there does not start.
 */
import type { Database } from "./database";
import { OLDEST_COMPATIBLE_SCHEMA, SCHEMA_VERSION } from "./ddl";
import { newestSchema, noteSchema, tableNames } from "./schema-store";
import { AGENT_VERSION } from "./version";

/** Why this program is too old for the cluster's tables, or nothing when it is not. Throws what mysql2 throws. */
export async function schemaLimitation(database: Database): Promise<string | undefined> {
    if (!(await tableNames(database)).has("cluster_schema")) return undefined;
    const found = await newestSchema(database);
    if (found === undefined || found.oldestCompatible <= SCHEMA_VERSION) return undefined;
    return (
        `the agent ${AGENT_VERSION} knows schema ${SCHEMA_VERSION} of the cluster's tables, but these have schema ` +
        `${found.version} (by ${found.appliedBy}), for which ${found.oldestCompatible} or newer is needed: upgrade it`
    );
}

/** Notes that the cluster's schema is applied. Throws what mysql2 throws. */
export function recordSchema(database: Database, nodeId: string): Promise<void> {
    return noteSchema(database, {
        version: SCHEMA_VERSION,
        oldestCompatible: OLDEST_COMPATIBLE_SCHEMA,
        appliedBy: `agent ${AGENT_VERSION} of ${nodeId}`,
    });
}

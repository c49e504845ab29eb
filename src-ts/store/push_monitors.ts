/* Where push monitors take their beats. */
import * as db from "../db";
import { text } from "./column";
import type { Column } from "./column";
import { COMPARABLE_NODE_ID, owner_expression } from "./schema";

/** Where a push monitor takes its beats. */
export interface PushTarget {
    readonly host: string;
    readonly token: string;
}

/** The node that runs a push monitor, and its token; nil without an error while no online node runs it, or it is paused. */
export function push_target(
    monitor_id: number,
): LuaMultiReturn<[target: PushTarget | undefined, err?: string | undefined]> {
    const [owner, owner_err] = owner_expression();
    if (owner === undefined) {
        return $multi(undefined, owner_err);
    }
    const [rows, err] = db.query<Record<string, Column>[]>(
        `SELECT n.host, m.push_token FROM monitor m JOIN node n ON ${COMPARABLE_NODE_ID} = ${owner}` +
            db.format(" WHERE m.id = ? AND m.active = 1 AND n.status = 'online'", monitor_id),
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read monitors: " + err);
    }
    const [host, token] = [text(rows[0]?.host), text(rows[0]?.push_token)];
    if (host === undefined || token === undefined) {
        return $multi(undefined);
    }
    return $multi({ host, token });
}

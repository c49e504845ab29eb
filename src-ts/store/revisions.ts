/* Which checks there are, and since when they are what they are. */
import * as db from "../db";
import { number, text } from "./column";
import type { Column } from "./column";

/** When each check that is switched on was last changed, by its id: what is said of it before is of another check. */
export function revisions(): Result<Record<number, string | undefined>> {
    const [rows, err] = db.query<Record<string, Column>[]>(
        "SELECT id, modified_date FROM probe_check WHERE active = 1",
    );
    if (rows === undefined) {
        return $multi(undefined, "cannot read checks: " + err);
    }
    const found: Record<number, string | undefined> = {};
    for (const { id, modified_date } of rows) {
        found[number(id) ?? 0] = text(modified_date);
    }
    return $multi(found);
}

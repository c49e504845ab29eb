/* Whether Uptime Kuma has been set up: its user table has a row. */
import * as db from "../db";
import { is_missing_table } from "./schema";

/** True when a user exists; false also while the table is not there. */
export function any(): Result<boolean> {
    const [rows, err] = db.query<unknown[]>("SELECT 1 AS found FROM `user` LIMIT 1");
    if (rows === undefined) {
        if (is_missing_table(err)) {
            return $multi(false);
        }
        return $multi(undefined, "cannot read users: " + err);
    }
    return $multi(rows.length > 0);
}

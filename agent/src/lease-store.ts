import type { Database } from "./database";

/** Makes the row of a lease, held by nobody, unless it is there. */
export async function createLeaseRow(database: Database, name: string): Promise<void> {
    await database.change("INSERT IGNORE INTO cluster_lease (name) VALUES (?)", [name]);
}

/** Takes the lease if it is free or was not renewed for `expirySeconds`. Returns whether it is ours now. */
export async function takeLease(
    database: Database,
    name: string,
    holder: string,
    session: string,
    expirySeconds: number,
): Promise<boolean> {
    const taken = await database.change(
        `UPDATE cluster_lease SET holder = ?, session = ?, epoch = epoch + 1, renewed_at = NOW(6)
         WHERE name = ? AND (session = '' OR renewed_at < NOW(6) - INTERVAL ? SECOND)`,
        [holder, session, name, expirySeconds],
    );
    return taken === 1;
}

/** Renews the lease. Returns false when somebody else has it. */
export async function renewLease(database: Database, name: string, session: string): Promise<boolean> {
    const sql = "UPDATE cluster_lease SET renewed_at = NOW(6) WHERE name = ? AND session = ?";
    return (await database.change(sql, [name, session])) === 1;
}

/** Gives the lease back if it is still ours. */
export async function dropLease(database: Database, name: string, session: string): Promise<void> {
    await database.change("UPDATE cluster_lease SET holder = '', session = '' WHERE name = ? AND session = ?", [
        name,
        session,
    ]);
}

/** The name of who holds the lease, empty when nobody does. */
export async function leaseHolder(database: Database, name: string): Promise<string> {
    const rows = await database.query<{ holder: string }>("SELECT holder FROM cluster_lease WHERE name = ?", [name]);
    return rows[0]?.holder ?? "";
}

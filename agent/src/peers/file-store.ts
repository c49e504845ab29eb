import type { Database } from "../database";

export interface StoredFile {
    /** In milliseconds since 1970. */
    readonly mtime: number;
    readonly data: Buffer;
}

/** Stores a file, unless one of the same name that is younger is there. Throws what mysql2 throws. */
export async function storeFile(database: Database, name: string, file: StoredFile): Promise<void> {
    // The columns are assigned in this order.
    await database.change(
        `INSERT INTO cluster_file (name, mtime, data) VALUES (?, ?, ?)
         ON DUPLICATE KEY UPDATE data = IF(VALUES(mtime) > mtime, VALUES(data), data),
             mtime = GREATEST(mtime, VALUES(mtime))`,
        [name, file.mtime, file.data],
    );
}

/** Stores a file unless there is one of the same name. Returns whether it was stored. Throws what mysql2 throws. */
export async function storeMissingFile(database: Database, name: string, file: StoredFile): Promise<boolean> {
    const sql = "INSERT IGNORE INTO cluster_file (name, mtime, data) VALUES (?, ?, ?)";
    return (await database.change(sql, [name, file.mtime, file.data])) === 1;
}

/** The names of all files. Throws what mysql2 throws. */
export async function fileNames(database: Database): Promise<Set<string>> {
    const rows = await database.query<{ name: string }>("SELECT name FROM cluster_file");
    return new Set(rows.map((row) => row.name));
}

/** The file of that name when it is younger than `mtime`, else nothing. Throws what mysql2 throws. */
export async function youngerFile(database: Database, name: string, mtime: number): Promise<StoredFile | undefined> {
    const sql = "SELECT mtime, data FROM cluster_file WHERE name = ? AND mtime > ?";
    const rows = await database.query<{ mtime: number | string; data: Buffer }>(sql, [name, mtime]);
    return rows[0] === undefined ? undefined : { mtime: Number(rows[0].mtime), data: rows[0].data };
}

/** Drops the icons of status pages that are gone. Kuma names an icon by its page's id, which is never given again. */
export async function dropOrphanedIcons(database: Database): Promise<void> {
    await database.change(
        `DELETE FROM cluster_file WHERE name REGEXP '^logo[0-9]+[.]png$'
         AND name NOT IN (SELECT CONCAT('logo', id, '.png') FROM status_page)`,
    );
}

/* What is used of Uptime Kuma's SQLite driver, as promises. */

interface RawDatabase {
    all(sql: string, values: readonly unknown[], done: (problem: Error | null, rows: unknown[]) => void): void;
    close(done: (problem: Error | null) => void): void;
}

/** The module @louislam/sqlite3. */
export interface SqliteDriver {
    readonly OPEN_READWRITE: number;
    readonly Database: new (file: string, mode: number, done: (problem: Error | null) => void) => RawDatabase;
}

export type SqliteRow = Record<string, unknown>;

export interface Sqlite {
    /** Throws what SQLite says. */
    all(sql: string, values?: readonly unknown[]): Promise<SqliteRow[]>;
    close(): Promise<void>;
}

/** A name as SQLite quotes it. */
export function sqliteName(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
}

/** Opens a file that must be there. Throws what SQLite says. */
export async function openSqlite(driver: SqliteDriver, file: string): Promise<Sqlite> {
    const raw = await new Promise<RawDatabase>((resolve, reject) => {
        const database = new driver.Database(file, driver.OPEN_READWRITE, (problem) => {
            if (problem === null) resolve(database);
            else reject(problem);
        });
    });
    return {
        all(sql, values = []) {
            return new Promise((resolve, reject) => {
                raw.all(sql, values, (problem, rows) => {
                    if (problem === null) resolve(rows as SqliteRow[]);
                    else reject(problem);
                });
            });
        },
        close() {
            return new Promise((resolve) => raw.close(() => resolve()));
        },
    };
}

import type { Database } from "../database";

export interface Column {
    readonly name: string;
    /** What a row gets that does not name the column, undefined when only the database can tell. */
    readonly fallback: string | number | null | undefined;
    /** The longest text that fits, null for what is no text. */
    readonly longest: number | null;
}

interface RawColumn {
    name: string;
    fallback: string | null;
    longest: number | string | null;
}

/** What the server writes of a default: NULL, 'text', a number, or an expression. */
function readDefault(text: string | null): string | number | null | undefined {
    if (text === null || text.toUpperCase() === "NULL") return null;
    const quoted = /^'(.*)'$/s.exec(text)?.[1];
    if (quoted !== undefined) return quoted.replaceAll("''", "'");
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Kuma's own columns of the monitor table by their names: without those that the cluster added. Throws what mysql2 throws. */
export async function monitorColumns(database: Database): Promise<Map<string, Column>> {
    const rows = await database.query<RawColumn>(
        `SELECT column_name AS name, column_default AS fallback, character_maximum_length AS longest
         FROM information_schema.columns
         WHERE table_schema = DATABASE() AND table_name = 'monitor' AND extra NOT LIKE '%INVISIBLE%'`,
    );
    return new Map(
        rows.map(({ name, fallback, longest }) => {
            const column = {
                name,
                fallback: readDefault(fallback),
                longest: longest === null ? null : Number(longest),
            };
            return [name, column];
        }),
    );
}

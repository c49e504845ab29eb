import type { Database } from "../database";

export interface TagRow {
    id: number;
    name: string;
}

/** Every tag. Throws what mysql2 throws. */
export function allTags(database: Database): Promise<TagRow[]> {
    return database.query<TagRow>("SELECT id, name FROM tag");
}

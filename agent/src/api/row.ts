/* A monitor's fields beside the row that they are stored in. Pure. */
import { columnOf, type Columns, type Fields } from "./monitor-fields";

/** The columns that Kuma has and does not show, but takes when a monitor is changed: without them they would be lost. */
export function unshownColumns(shown: Fields, row: Fields, columns: Columns): Fields {
    const visible = new Set(Object.keys(shown).map(columnOf));
    return Object.fromEntries(Object.entries(row).filter(([name]) => columns.has(name) && !visible.has(name)));
}

/** A value as it compares with what a database gives back: it has no booleans, and keeps lists as JSON. */
function stored(value: unknown): string {
    if (value === undefined || value === null) return "";
    if (typeof value === "object") return JSON.stringify(value);
    return String(typeof value === "boolean" ? Number(value) : value);
}

/** The fields of which another value was given than the row had, and whose column is as it was nevertheless. */
export function unchangedFields(fields: Fields, before: Fields, after: Fields): string[] {
    return Object.keys(fields).filter((field) => {
        const column = field === "accepted_statuscodes" ? "accepted_statuscodes_json" : columnOf(field);
        if (!(column in before)) return false;
        const was = stored(before[column]);
        return stored(fields[field]) !== was && stored(after[column]) === was;
    });
}

/* From a column of a result row to a value: SQL NULL becomes nil, numbers that MySQL sends as text become numbers. */

export type Column = string | number | NgxNull | undefined;

/** The text of a column, or nil for SQL NULL. */
export function text(value: Column): string | undefined {
    return value === undefined || value === ngx.null ? undefined : tostring(value);
}

/** The number of a column, or nil for SQL NULL. */
export function number(value: Column): number | undefined {
    return value === undefined || value === ngx.null ? undefined : tonumber(value);
}

/** Copies columns of a row into fields of the same names; SQL NULL leaves the field out. */
export function read_fields(
    target: Record<string, Column>,
    row: Record<string, Column>,
    numbers: readonly string[],
    texts: readonly string[],
): void {
    for (const name of numbers) {
        target[name] = number(row[name]);
    }
    for (const name of texts) {
        target[name] = text(row[name]);
    }
}

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

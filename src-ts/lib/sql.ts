/* SQL text from values: the one place where a value becomes part of a statement. */

export type SqlValue = string | number | boolean | NgxNull | undefined;

const LARGEST_EXACT_INTEGER = 9007199254740992;
// Quoted literals and names first, so that a question mark inside of them is no placeholder.
const TOKEN = "'(?:[^'\\\\]++|\\\\.|'')*+'|\"(?:[^\"\\\\]++|\\\\.|\"\")*+\"|`[^`]*+`|\\?";

function quote_number(value: number): string {
    if (value % 1 === 0 && math.abs(value) <= LARGEST_EXACT_INTEGER) {
        return string.format("%d", value);
    }
    // NaN and the infinities have no literal; % of an infinity is NaN, so they come here.
    if (value - value !== 0) {
        return error(`cannot quote ${value}`, 0);
    }
    return string.format("%.17g", value);
}

/** The literal of a value: quoted string, number, 1 or 0 for a boolean, NULL. Raises for anything else. */
export function quote(value: SqlValue): string {
    if (value === undefined || value === ngx.null) {
        return "NULL";
    }
    if (typeof value === "string") {
        return ngx.quote_sql_str(value);
    }
    if (typeof value === "number") {
        return quote_number(value);
    }
    if (typeof value === "boolean") {
        return value ? "1" : "0";
    }
    return error(`cannot quote a ${type(value)}`, 0);
}

/** The literals of texts as they stand within `IN (...)`. */
export function quote_list(values: readonly string[]): string {
    const quoted: string[] = [];
    for (const value of values) {
        table.insert(quoted, quote(value));
    }
    return table.concat(quoted, ", ");
}

/**
 * The statement with each `?` replaced by the literal of its value, in order; a `?` within quotes stays as it is. Raises
 * when placeholders and values differ in number.
 */
export function format(sql: string, ...values: SqlValue[]): string {
    const count = select("#", ...values);
    let used = 0;
    const [text, , err] = ngx.re.gsub(
        sql,
        TOKEN,
        (captures) => {
            const token = captures.get(0) as string;
            if (token !== "?") {
                return token;
            }
            used += 1;
            return quote(values[used - 1]);
        },
        "jos",
    );
    if (text === undefined) {
        return error(`cannot format SQL: ${err}`, 0);
    }
    if (used !== count) {
        return error(`${used} placeholders, ${count} values: ${sql}`, 0);
    }
    return text;
}

/*
 * Answers to a statement in the text protocol: OK, error, end of rows, columns, rows.
 * https://mariadb.com/kb/en/4-server-response-packets/
 */
import type { OkResult, Row } from "resty.mysql";
import { read_int, read_length, read_text } from "./bytes";

/** Name and type of a column. */
export interface Column {
    name: string;
    type: number;
}

/** First byte of a payload that is not a row or a column. */
export const OK = 0x00;
export const MORE_AUTH_DATA = 0x01;
export const LOCAL_FILE = 0xfb;
export const EOF = 0xfe;
export const ERR = 0xff;

const MORE_RESULTS = 8;
const MAX_EOF_BYTES = 8;
const SQLSTATE_BYTES = 5;
const COLUMN_TEXTS = ["catalog", "schema", "table", "original table", "name", "original name"];
const BYTES_BEFORE_TYPE = 7;

// BIGINT (0x08) is missing on purpose: a Lua number cannot hold all of its values.
const NUMERIC: Record<number, boolean> = {
    0x00: true,
    0x01: true,
    0x02: true,
    0x03: true,
    0x04: true,
    0x05: true,
    0x09: true,
    0x0d: true,
    0xf6: true,
};

/** A row may begin with the same byte when its first field is longer than 16 MiB; the end of rows is short. */
export function is_end_of_rows(payload: string): boolean {
    return string.byte(payload, 1) === EOF && payload.length <= MAX_EOF_BYTES;
}

/** True when the status of an OK or end-of-rows payload announces another result. */
export function has_more(status: number): boolean {
    return (status & MORE_RESULTS) !== 0;
}

/** Text, number and SQLSTATE of an error payload, in the order in which resty.mysql returns them. */
export function parse_error(payload: string): LuaMultiReturn<[err: string, errcode: number, sqlstate?: string]> {
    const [errcode, next] = read_int(payload, 2, 2);
    if (string.sub(payload, next, next) !== "#") {
        return $multi(string.sub(payload, next), errcode);
    }
    const text = next + 1 + SQLSTATE_BYTES;
    return $multi(string.sub(payload, text), errcode, string.sub(payload, next + 1, text - 1));
}

/** Counters of an OK payload. */
export function parse_ok(payload: string): OkResult {
    const [affected_rows, at_id] = read_length(payload, 2);
    const [insert_id, at_status] = read_length(payload, at_id);
    const [server_status, at_warnings] = read_int(payload, at_status, 2);
    const [warning_count, at_message] = read_int(payload, at_warnings, 2);
    const [message] = read_text(payload, at_message);
    const result: OkResult = {
        affected_rows: affected_rows ?? 0,
        insert_id: insert_id ?? 0,
        server_status,
        warning_count,
    };
    if (message !== undefined) {
        result.message = message;
    }
    return result;
}

/** Status flags of an end-of-rows payload. */
export function parse_end_of_rows(payload: string): number {
    const [status] = read_int(payload, 4, 2);
    return status;
}

/** The column that a definition payload describes. */
export function parse_column(payload: string): Column {
    let next = 1;
    let name = "";
    let text: string | undefined;
    for (const field of COLUMN_TEXTS) {
        [text, next] = read_text(payload, next);
        if (field === "name") {
            name = text ?? "";
        }
    }
    // One byte of length, two of character set, four of display width stand before the type.
    return { name, type: string.byte(payload, next + BYTES_BEFORE_TYPE) };
}

/** A row by column name. */
export function parse_row(payload: string, columns: readonly Column[]): Row {
    const row: Row = {};
    let next = 1;
    let text: string | undefined;
    for (const column of columns) {
        [text, next] = read_text(payload, next);
        if (text === undefined) {
            row[column.name] = ngx.null;
        } else if (NUMERIC[column.type] === true) {
            row[column.name] = tonumber(text);
        } else {
            row[column.name] = text;
        }
    }
    return row;
}

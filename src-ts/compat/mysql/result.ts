/* Reads the answer to a statement from the connection. */
import type { OkResult, Row } from "resty.mysql";
import { read_length } from "./bytes";
import type { Outcome, Wire } from "./packet";
import { receive } from "./packet";
import * as response from "./response";

/** A connection after its log-in. */
export interface Session extends Wire {
    state: "connected" | "command_sent" | undefined;
}

function fail(session: Session, payload: string): Outcome<undefined> {
    session.state = "connected";
    const [err, errcode, sqlstate] = response.parse_error(payload);
    return $multi(undefined, err, errcode, sqlstate);
}

/** Sets the state after the last payload of a result. */
function finish<T extends OkResult | Row[]>(session: Session, result: T, status: number): Outcome<T> {
    if (response.has_more(status)) {
        return $multi(result, "again");
    }
    session.state = "connected";
    return $multi(result);
}

function read_columns(session: Session, count: number): Outcome<response.Column[]> {
    const columns: response.Column[] = [];
    while (columns.length < count) {
        const [payload, err] = receive(session);
        if (payload === undefined) {
            return $multi(undefined, err);
        }
        columns.push(response.parse_column(payload));
    }
    const [end, err] = receive(session);
    if (end === undefined) {
        return $multi(undefined, err);
    }
    if (!response.is_end_of_rows(end)) {
        return $multi(undefined, "unexpected packet while eof packet is expected");
    }
    return $multi(columns);
}

function read_rows(session: Session, columns: response.Column[]): Outcome<Row[]> {
    const rows: Row[] = [];
    for (;;) {
        const [payload, err] = receive(session);
        if (payload === undefined) {
            return $multi(undefined, err);
        }
        if (response.is_end_of_rows(payload)) {
            return finish(session, rows, response.parse_end_of_rows(payload));
        }
        if (string.byte(payload, 1) === response.ERR) {
            return fail(session, payload);
        }
        rows.push(response.parse_row(payload, columns));
    }
}

/**
 * Reads one result: rows, or the counters of a statement without rows. "again" beside it says that another follows. On
 * an error of the server the connection stays usable; without an error number it does not.
 */
export function read(session: Session): Outcome<OkResult | Row[]> {
    const [payload, err] = receive(session);
    if (payload === undefined) {
        return $multi(undefined, err);
    }
    const kind = string.byte(payload, 1);
    if (kind === response.ERR) {
        return fail(session, payload);
    }
    if (kind === response.OK) {
        const result = response.parse_ok(payload);
        return finish(session, result, result.server_status);
    }
    if (kind === response.LOCAL_FILE) {
        return $multi(undefined, "LOAD DATA LOCAL INFILE is not supported");
    }
    const [count] = read_length(payload, 1);
    const [columns, column_err, errcode, sqlstate] = read_columns(session, count ?? 0);
    if (columns === undefined) {
        return $multi(undefined, column_err, errcode, sqlstate);
    }
    return read_rows(session, columns);
}

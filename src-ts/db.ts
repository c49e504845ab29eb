/* The database: statements, transactions, quoting, on pooled connections. */
import type { OkResult, Row } from "resty.mysql";
import * as database_errors from "./lib/database_errors";
import * as connections from "./lib/db_connection";
import type { Connection, Failure, PooledConnection } from "./lib/db_connection";
import { contains } from "./lib/text";

export type { Connection } from "./lib/db_connection";
export { format, quote, quote_list } from "./lib/sql";

type ProtectedCall = <T>(
    this: void,
    run: (this: void, connection: Connection) => Result<T>,
    connection: Connection,
) => LuaMultiReturn<[ok: boolean, value: T | undefined, err: string | undefined]>;

// The types of pcall know no function with two results.
const protected_call = pcall as unknown as ProtectedCall;

const REPEATABLE = "^[\\s(]*(?:select|show|start\\s+transaction)\\b";

/**
 * A connection from the pool, or a new one with the session set up: utf8mb4, UTC. The caller gives it back by release().
 * Each network operation takes `config.database.timeout` ms at most.
 */
export function connect(): Result<Connection> {
    return connections.open();
}

function may_repeat(sql: string, err: string | undefined, failure: Failure | undefined): boolean {
    if (failure === undefined || failure === "refused") {
        return false;
    }
    if (contains(err ?? "", "timeout")) {
        return false;
    }
    if (failure === "unsent") {
        return true;
    }
    const [repeatable] = ngx.re.match(sql, REPEATABLE, "ijo");
    return repeatable !== undefined;
}

/**
 * Runs the first statement of a connection. When a pooled connection turns out to be dead, and the server cannot have
 * run the statement or it only reads, it runs once more on a new connection.
 */
function begin(
    sql: string,
): LuaMultiReturn<[connection: PooledConnection | undefined, err?: string | undefined, result?: OkResult | Row[]]> {
    const [connection, connect_err] = connections.open();
    if (connection === undefined) {
        return $multi(undefined, connect_err);
    }
    const [result, err, failure] = connections.execute(connection, sql);
    if (result !== undefined) {
        return $multi(connection, undefined, result);
    }
    connection.release();
    if (!connection.reused || !may_repeat(sql, err, failure)) {
        database_errors.count_failure(failure, err);
        return $multi(undefined, err);
    }
    connections.forget_pool();
    const [fresh, fresh_err] = connections.open();
    if (fresh === undefined) {
        return $multi(undefined, fresh_err);
    }
    const [second_result, second_err, second_failure] = connections.execute(fresh, sql);
    if (second_result !== undefined) {
        return $multi(fresh, undefined, second_result);
    }
    fresh.release();
    database_errors.count_failure(second_failure, second_err);
    return $multi(undefined, second_err);
}

/**
 * Runs one statement on a pooled connection. Returns the rows (NULL is ngx.null, BIGINT a string), or the counters of a
 * statement without rows; nil and "cannot query database: <cause> (error <number of the server>)".
 */
export function query<T = OkResult | Row[]>(sql: string): Result<T> {
    const [connection, err, result] = begin(sql);
    if (connection === undefined) {
        return $multi(undefined, err ?? "");
    }
    connection.release();
    return $multi(result as T);
}

/**
 * Runs `run` within a transaction, on the connection it is given. Commits when it returns without an error, rolls back
 * when it returns nil and an error, or raises. Returns what `run` returned, or nil and the error.
 */
export function transaction<T>(run: (this: void, connection: Connection) => Result<T>): Result<T> {
    const [connection, begin_err] = begin("START TRANSACTION");
    if (connection === undefined) {
        return $multi(undefined, begin_err ?? "");
    }
    const [ok, value, err] = protected_call(run, connection);
    const failed = !ok || err !== undefined;
    const [, end_err] = connection.query(failed ? "ROLLBACK" : "COMMIT");
    if (end_err === undefined) {
        connection.release();
    } else {
        connection.close();
    }
    if (!ok) {
        return $multi(undefined, `cannot complete transaction: ${value}`);
    }
    if (err !== undefined) {
        return $multi(undefined, err);
    }
    if (end_err !== undefined) {
        return $multi(undefined, end_err);
    }
    return $multi(value as T);
}

/** The server's error number in an error of this module; nil when the server did not answer. */
export function error_code(err: string): number | undefined {
    const [code] = string.match(err, "%(error (%d+)%)");
    return code === undefined ? undefined : tonumber(code);
}

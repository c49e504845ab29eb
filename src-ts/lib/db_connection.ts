/*
 * Connections to the database. The only user of resty.mysql. Several hosts are tried in the order of DB_HOST, the one
 * that answered last comes first.
 */
import type { Client, OkResult, Row } from "resty.mysql";
import * as mysql from "resty.mysql";
import * as config from "../config";
import * as logger from "../logger";
import { parse_address } from "./address";
import * as database_errors from "./database_errors";
import * as dns from "./dns";

/** A connection out of the pool. Whoever got it by connect() gives it back by release(), or close()s it. */
export interface Connection {
    /** Runs one statement. A connection that breaks is closed. */
    query<T = OkResult | Row[]>(sql: string): Result<T>;
    /** Gives the connection back to the pool. Not with a transaction open. */
    release(): void;
    close(): void;
}

export interface PooledConnection extends Connection {
    readonly client: Client;
    /** It came out of the pool, so the server may have closed it meanwhile. */
    readonly reused: boolean;
    is_open: boolean;
}

/** How a statement failed: the server said no, the connection was lost before or after the statement went out. */
export type Failure = "refused" | "unsent" | "sent";

// What a server says to a connection that it ends: shutdown, KILL, idle for too long (MySQL 8).
const GOOD_BYES: Record<number, boolean> = { 1053: true, 1927: true, 4031: true };
const MAX_IDLE_MS = 60000;
const MAX_PACKET_BYTES = 64 * 1024 * 1024;
const SESSION: readonly string[] = [
    // Quoting relies on backslash escapes and on utf8mb4; times are read and compared as UTC.
    "SET NAMES utf8mb4, time_zone = '+00:00', sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')",
    // What is read for an UPDATE would be locked otherwise: the nodes could not store a beat while it is looked for.
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
];

/** Index of the host that answered last. */
let preferred = 0;
/** Part of the pool's name. */
let generation = 0;

function describe(cause: string | undefined, errcode?: number): string {
    return `cannot query database: ${cause}` + (errcode === undefined ? "" : ` (error ${errcode})`);
}

function close(this: PooledConnection): void {
    if (!this.is_open) {
        return;
    }
    this.is_open = false;
    this.client.close();
}

function release(this: PooledConnection): void {
    if (!this.is_open) {
        return;
    }
    this.is_open = false;
    const [ok] = this.client.set_keepalive(MAX_IDLE_MS, config.database.pool_size);
    if (ok === undefined) {
        this.client.close();
    }
}

/** Runs one statement; a failure is described and classified. A connection that breaks is closed. */
export function execute(
    connection: PooledConnection,
    sql: string,
): LuaMultiReturn<[result: OkResult | Row[] | undefined, err?: string | undefined, failure?: Failure]> {
    const [bytes, send_err] = connection.client.send_query(sql);
    if (bytes === undefined) {
        connection.close();
        return $multi(undefined, describe(send_err), "unsent");
    }
    const [result, err, errcode] = connection.client.read_result();
    if (result !== undefined && err === undefined) {
        return $multi(result);
    }
    if (errcode !== undefined && GOOD_BYES[errcode] !== true) {
        return $multi(undefined, describe(err, errcode), "refused");
    }
    connection.close();
    if (err === "again") {
        return $multi(undefined, describe("only one statement at a time"), "refused");
    }
    return $multi(undefined, describe(err, errcode), "sent");
}

function query_on<T>(this: PooledConnection, sql: string): Result<T> {
    // What closed it is counted already.
    if (!this.is_open) {
        return $multi(undefined, describe("the connection is closed"));
    }
    const [result, err, failure] = execute(this, sql);
    if (result === undefined) {
        database_errors.count_failure(failure, err);
        return $multi(undefined, err ?? "");
    }
    return $multi(result as T);
}

const metatable = { __index: { query: query_on, release, close } };

/** A connection as it comes out of resty.mysql; a new one gets its session settings. */
function prepare(client: Client): Result<PooledConnection> {
    const [reused] = client.get_reused_times();
    const fields = { client, reused: (reused ?? 0) > 0, is_open: true };
    const connection = setmetatable(fields, metatable) as PooledConnection;
    if (connection.reused) {
        return $multi(connection);
    }
    for (const statement of SESSION) {
        const [result, err] = execute(connection, statement);
        if (result === undefined) {
            connection.close();
            return $multi(undefined, err ?? "");
        }
    }
    return $multi(connection);
}

function connect_to(address: string): Result<PooledConnection> {
    const { user, password, database, timeout, pool_size } = config.database;
    const [host, port] = parse_address(address, config.database.port);
    if (host === undefined) {
        return $multi(undefined, port);
    }
    const [ip, resolve_err] = dns.resolve_host(host);
    if (ip === undefined) {
        return $multi(undefined, resolve_err);
    }
    const [client, create_err] = mysql.new();
    if (client === undefined) {
        return $multi(undefined, create_err ?? "");
    }
    client.set_timeout(timeout);
    const [ok, err, errcode] = client.connect({
        host: ip,
        port,
        user,
        password,
        database,
        max_packet_size: MAX_PACKET_BYTES,
        pool: `${user}@${ip}:${port}/${database}#${generation}`,
        pool_size,
    });
    if (ok === undefined) {
        dns.doubt(host);
        return $multi(undefined, errcode === undefined ? `${err}` : `${err} (error ${errcode})`);
    }
    return prepare(client);
}

/** A connection from the pool, or a new one; the hosts are tried in turn, beginning with the one that answered last. */
export function open(): Result<PooledConnection> {
    const { hosts } = config.database;
    const causes: string[] = [];
    for (const step of $range(0, hosts.length - 1)) {
        const index = (preferred + step) % hosts.length;
        const address = hosts[index] ?? "";
        const [connection, err] = connect_to(address);
        if (connection !== undefined) {
            if (index !== preferred) {
                logger.database("using %s from now on", address);
            }
            preferred = index;
            return $multi(connection);
        }
        causes.push(`${address}: ${err}`);
    }
    database_errors.count("connect");
    return $multi(undefined, "cannot connect to database: " + table.concat(causes, "; "));
}

/** Leaves every pooled connection behind: they end by their idle time, and the next open() makes a new one. */
export function forget_pool(): void {
    generation += 1;
}

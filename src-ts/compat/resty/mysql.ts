/*
 * MySQL client with the interface of lua-resty-mysql, for hosts whose nginx comes without that library (Debian). Stands
 * last on the package path, so the real library wins where there is one. Different from it: results and statements may
 * exceed 16 MiB; TLS is not there.
 */
import type { ConnectOptions, QueryResult } from "resty.mysql";
import { log_in } from "../mysql/handshake";
import type { Outcome } from "../mysql/packet";
import { send } from "../mysql/packet";
import * as result from "../mysql/result";
import type { Session } from "../mysql/result";

interface Client extends Session {
    version?: string;
}

const DEFAULT_MAX_PACKET_SIZE = 1024 * 1024;
const DEFAULT_PORT = 3306;
const COM_QUIT = string.char(1);
const COM_QUERY = string.char(3);
const COLLATIONS: Record<string, number> = { latin1: 8, utf8: 33, utf8mb4: 45, binary: 63 };

function set_timeout(this: Client, milliseconds: number): void {
    this.sock.settimeout(milliseconds);
}

function pool_name(options: ConnectOptions): string {
    const { user = "", database = "", host, path, port = DEFAULT_PORT } = options;
    const server = host === undefined ? path : `${host}:${port}`;
    return `${user}:${database}:${server}`;
}

function open(client: Client, options: ConnectOptions): Outcome<number> {
    const { host, path, port = DEFAULT_PORT, pool = pool_name(options), pool_size, backlog } = options;
    if (host !== undefined) {
        return client.sock.connect(host, port, { pool, pool_size, backlog });
    }
    if (path !== undefined) {
        return client.sock.connect(`unix:${path}`, { pool, pool_size, backlog });
    }
    return $multi(undefined, 'neither "host" nor "path" options are specified');
}

function authenticate(client: Client, options: ConnectOptions, collation: number): Outcome<number> {
    const { user = "", password = "", database = "", host } = options;
    const is_private = host === undefined;
    const [version, err, errcode, sqlstate] = log_in(client, { user, password, database, collation, is_private });
    if (version === undefined) {
        client.sock.close();
        return $multi(undefined, err, errcode, sqlstate);
    }
    client.version = version;
    client.state = "connected";
    return $multi(1);
}

function connect(this: Client, options: ConnectOptions): Outcome<number> {
    const { charset, ssl, max_packet_size = DEFAULT_MAX_PACKET_SIZE } = options;
    if (ssl === true) {
        return $multi(undefined, "ssl is not supported by this client");
    }
    const collation = charset === undefined ? 0 : COLLATIONS[charset];
    if (collation === undefined) {
        return $multi(undefined, `charset '${charset}' is not supported`);
    }
    this.max_packet_size = max_packet_size;
    const [ok, err] = open(this, options);
    if (ok === undefined) {
        return $multi(undefined, `failed to connect: ${err}`);
    }
    const [reused] = this.sock.getreusedtimes();
    if (reused === undefined || reused === 0) {
        return authenticate(this, options, collation);
    }
    this.state = "connected";
    return $multi(1);
}

function send_query(this: Client, sql: string): Outcome<number> {
    if (this.state !== "connected") {
        return $multi(undefined, `cannot send query in the current context: ${this.state}`);
    }
    this.sequence = 0;
    const [bytes, err] = send(this, COM_QUERY + sql);
    if (bytes === undefined) {
        return $multi(undefined, err);
    }
    this.state = "command_sent";
    return $multi(bytes);
}

function read_result(this: Client, _estimated_rows?: number): QueryResult {
    if (this.state !== "command_sent") {
        return $multi(undefined, `cannot read result in the current context: ${this.state}`);
    }
    return result.read(this);
}

function query(this: Client, sql: string, _estimated_rows?: number): QueryResult {
    const [bytes, err] = send_query.call(this, sql);
    if (bytes === undefined) {
        return $multi(undefined, `failed to send query: ${err}`);
    }
    return read_result.call(this);
}

function set_keepalive(this: Client, max_idle?: number, pool_size?: number): Outcome<number> {
    if (this.state !== "connected") {
        return $multi(undefined, `cannot be reused in the current connection state: ${this.state}`);
    }
    this.state = undefined;
    return this.sock.setkeepalive(max_idle, pool_size);
}

function get_reused_times(this: Client): Outcome<number> {
    return this.sock.getreusedtimes();
}

function close(this: Client): Outcome<number> {
    // In the middle of an answer the server is not listening.
    if (this.state === "connected") {
        this.sequence = 0;
        send(this, COM_QUIT);
    }
    this.state = undefined;
    return this.sock.close();
}

function server_ver(this: Client): string | undefined {
    return this.version;
}

const methods = {
    set_timeout,
    connect,
    send_query,
    read_result,
    query,
    set_keepalive,
    get_reused_times,
    close,
    server_ver,
};
const metatable = { __index: methods };

/** A client that is not connected yet. */
function create(): Outcome<object> {
    const [sock, err] = ngx.socket.tcp();
    if (sock === undefined) {
        return $multi(undefined, err);
    }
    return $multi(setmetatable({ sock, sequence: 0, max_packet_size: DEFAULT_MAX_PACKET_SIZE }, metatable));
}

export { create as new };

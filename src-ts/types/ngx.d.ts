/** @noSelfInFile */

/**
 * The part of the ngx_lua API that this project uses, after
 * https://github.com/openresty/lua-nginx-module#nginx-api-for-lua. A function that can fail returns `nil, err`.
 */

/** What an access phase leaves for the later phases of the same request. */
interface RequestContext {
    /** IP literal of the node that serves the request. */
    upstream_host?: string;
    /** TCP port of the node that serves the request. */
    upstream_port?: number;
    /** How the node was chosen and who else may serve the request. */
    route?: object;
    /** Seconds for which the load balancer held the request before it handed it to a node. */
    held?: number;
    /** The node that failed a request which the load balancer then answered itself. */
    failed_node?: string;
    /** nginx may have a copy of what is asked for. */
    is_public?: boolean;
    /** It asks for a document that is to have the node badge. */
    wants_badge?: boolean;
}

/** https://github.com/openresty/lua-nginx-module#ngxshareddict ; methods take self. */
interface SharedDict {
    /** Value of the key, or nil when absent or expired; raises on a wrong key type. */
    get(key: string): LuaMultiReturn<[value: string | number | boolean | undefined, flags: number | undefined]>;
    /** Like get, but returns an expired value too; the last value says whether it is stale. */
    get_stale(
        key: string,
    ): LuaMultiReturn<[value: string | number | boolean | undefined, flags: number | undefined, stale: boolean]>;
    /** Sets the key; `exptime` in seconds, 0 for ever. `forcible` is true when other keys were evicted. */
    set(
        key: string,
        value: string | number | boolean | undefined,
        exptime?: number,
    ): LuaMultiReturn<[success: boolean, err: string | undefined, forcible: boolean]>;
    /** Like set, but never evicts: fails with "no memory" instead. */
    safe_set(
        key: string,
        value: string | number | boolean | undefined,
        exptime?: number,
    ): LuaMultiReturn<[success: boolean | undefined, err: string | undefined]>;
    /** Sets the key only when it is absent or expired; fails with "exists" otherwise. Atomic across workers. */
    add(
        key: string,
        value: string | number | boolean,
        exptime?: number,
    ): LuaMultiReturn<[success: boolean, err: string | undefined, forcible: boolean]>;
    /** Like add, but never evicts: fails with "no memory" instead. */
    safe_add(
        key: string,
        value: string | number | boolean,
        exptime?: number,
    ): LuaMultiReturn<[success: boolean | undefined, err: string | undefined]>;
    /** Adds to a number and returns the new value; a missing key starts from `init`, kept for `init_ttl` seconds. */
    incr(
        key: string,
        value: number,
        init?: number,
        init_ttl?: number,
    ): LuaMultiReturn<[value: number | undefined, err: string | undefined, forcible: boolean | undefined]>;
    /** Removes the key. */
    delete(key: string): void;
    /** Keys of the dict, `max` at most (0: all). Locks the dict: for status pages, not for requests. */
    get_keys(max?: number): string[];
    /** Size of the dict in bytes. */
    capacity(): number;
    /** Bytes on free pages. */
    free_space(): number;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxsockettcp */
interface TcpSocketFactory {
    (): LuaMultiReturn<[socket: TcpSocket, err: undefined] | [socket: undefined, err: string]>;
}

/** https://github.com/openresty/lua-nginx-module#ngxsockettcp ; methods take self. */
interface TcpSocket {
    /** `host` is an IP literal. Options: `pool` names the keep-alive pool. */
    connect(
        this: TcpSocket,
        host: string,
        port: number,
        options?: { pool?: string; pool_size?: number | undefined; backlog?: number | undefined },
    ): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    /** `path` is "unix:/path". */
    connect(
        this: TcpSocket,
        path: string,
        options?: { pool?: string; pool_size?: number | undefined; backlog?: number | undefined },
    ): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    /** TLS over the connection; with `verify` the certificate must be valid, and be for `server_name` if one is given. */
    sslhandshake(
        this: TcpSocket,
        reused_session: undefined,
        server_name: string | undefined,
        verify: boolean,
    ): LuaMultiReturn<[session: unknown, err: string | undefined]>;
    /** Milliseconds for connect, send and each receive. */
    settimeouts(this: TcpSocket, connect: number, send: number, read: number): void;
    /** Milliseconds for each operation. */
    settimeout(this: TcpSocket, milliseconds: number): void;
    /** Bytes sent, or nil and "timeout", "closed", ... */
    send(
        this: TcpSocket,
        data: string | readonly string[],
    ): LuaMultiReturn<[bytes: number | undefined, err: string | undefined]>;
    /** `size` bytes, or a line for "*l", or all until close for "*a"; on failure nil, err and what was read. */
    receive(
        this: TcpSocket,
        size: number | "*l" | "*a",
    ): LuaMultiReturn<[data: string | undefined, err: string | undefined, partial: string | undefined]>;
    /** Up to `max` bytes, as soon as there are some. */
    receiveany(
        this: TcpSocket,
        max: number,
    ): LuaMultiReturn<[data: string | undefined, err: string | undefined, partial: string | undefined]>;
    /** Gives the connection to the pool; idle for `max_idle` ms at most. */
    setkeepalive(
        this: TcpSocket,
        max_idle?: number,
        pool_size?: number,
    ): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    /** How often the connection came from the pool; 0 for a new one. */
    getreusedtimes(this: TcpSocket): LuaMultiReturn<[count: number | undefined, err: string | undefined]>;
    close(this: TcpSocket): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxthreadspawn */
interface ThreadApi {
    /** Starts a light thread at once; it ends with the handler that started it. */
    spawn<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): LightThread;
    /** Waits for any of the threads: true and its results, or false and the error. */
    wait(...threads: LightThread[]): LuaMultiReturn<[ok: boolean, ...results: unknown[]]>;
    kill(thread: LightThread): LuaMultiReturn<[ok: boolean | undefined, err: string | undefined]>;
}

interface LightThread {
    readonly __light_thread: never;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxtimerat */
interface TimerApi {
    /** Runs once after `delay` seconds; `premature` is true when the worker is about to exit. Fails when timers run out. */
    at<A extends unknown[]>(
        delay: number,
        callback: (premature: boolean, ...args: A) => void,
        ...args: A
    ): LuaMultiReturn<[handle: unknown, err: string | undefined]>;
    /** Runs every `delay` seconds (not 0). */
    every<A extends unknown[]>(
        delay: number,
        callback: (premature: boolean, ...args: A) => void,
        ...args: A
    ): LuaMultiReturn<[handle: unknown, err: string | undefined]>;
    /** Timers of this worker that run now. */
    running_count(): number;
    /** Timers of this worker that wait. */
    pending_count(): number;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxreqget_method */
interface RequestApi {
    get_method(): string;
    /** Request headers, names in lower case; a header given twice is a list. At most `max` (default 100). */
    get_headers(max?: number): Record<string, string | string[] | undefined>;
    /** Query arguments; one without a value is `true`. At most `max` (default 100). */
    get_uri_args(max?: number): Record<string, string | true | (string | true)[] | undefined>;
    /** Reads the body into memory or a temporary file; must come before get_body_data. */
    read_body(): void;
    get_body_data(): string | undefined;
    discard_body(): LuaMultiReturn<[ok: unknown, err: string | undefined]>;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxworkerid */
interface WorkerApi {
    /** Number of the worker from 0, or nil outside a worker. */
    id(): number | undefined;
    pid(): number;
    count(): number;
    /** True when the worker is about to exit. */
    exiting(): boolean;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#ngxrematch */
interface RegexApi {
    /** Captures: [0] the whole match, [1] the first group; false for a group that did not take part. */
    match(
        subject: string,
        regex: string,
        options?: string,
    ): LuaMultiReturn<[captures: LuaTable<number, string | false> | undefined, err: string | undefined]>;
    /** The subject with each match replaced by what `replace` returns for its captures; it must not yield. */
    gsub(
        subject: string,
        regex: string,
        replace: (this: void, captures: LuaTable<number, string | false>) => string,
        options?: string,
    ): LuaMultiReturn<[text: string | undefined, count: number, err: string | undefined]>;
}

/** @noSelf https://github.com/openresty/lua-nginx-module#nginx-api-for-lua */
interface Ngx {
    /** Data of this request, shared by its phases. Reading it costs a table look-up: keep it in a local. */
    readonly ctx: RequestContext;
    /**
     * nginx variables: `ngx.var.remote_addr`. nil when unknown or empty in nginx's sense. Those that the configuration
     * defines by `set` or `map` may be written; writing another raises.
     */
    readonly var: Record<string, string | undefined>;
    /** Response headers. Assign nil to remove. */
    header: Record<string, string | string[] | number | undefined>;
    /** Status of the response. */
    status: number;
    readonly shared: Record<string, SharedDict | undefined>;
    readonly req: RequestApi;
    readonly worker: WorkerApi;
    readonly thread: ThreadApi;
    readonly timer: TimerApi;
    readonly re: RegexApi;
    readonly socket: { tcp: TcpSocketFactory };
    readonly config: { readonly ngx_lua_version: number; readonly nginx_version: number; prefix(this: void): string };
    /** SQL NULL and JSON null. Truthy in Lua. */
    readonly null: NgxNull;
    readonly ERR: number;
    readonly WARN: number;
    readonly NOTICE: number;
    readonly INFO: number;
    readonly DEBUG: number;
    readonly CRIT: number;
    readonly EMERG: number;
    readonly HTTP_OK: number;
    readonly ERROR: number;
    readonly OK: number;
    /** Writes to the error log; arguments are concatenated, nil is fine. */
    log(level: number, ...parts: unknown[]): void;
    /** Current time in seconds with milliseconds, cached by the event loop. Wall clock. */
    now(): number;
    /** Renews the time that now() returns. */
    update_time(): void;
    /** Waits without blocking the worker; seconds. */
    sleep(seconds: number): void;
    /** Ends the request with a status; in a phase before content. Returns for the sake of `return ngx.exit(...)`. */
    exit(status: number): void;
    /** Internal redirect to a path or a named location; ctx is lost. */
    exec(uri: string, args?: string): void;
    /** Sends to the response body. */
    print(...parts: unknown[]): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    say(...parts: unknown[]): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
    redirect(uri: string, status?: number): void;
    /** The SQL literal for a string, quotes included, as MySQL reads it with its default sql_mode. */
    quote_sql_str(value: string): string;
    /** CRC-32, quick for short strings. */
    crc32_short(value: string): number;
    escape_uri(value: string): string;
    unescape_uri(value: string): string;
    sha1_bin(value: string): string;
    hmac_sha1(key: string, value: string): string;
    /** Name of the running phase: "access", "timer", "init", ... */
    get_phase(): string;
    /** "Sat, 21 Nov 2026 10:00:00 GMT" of a Unix time. */
    http_time(seconds: number): string;
    /** "2026-11-21 10:00:00" in UTC, cached by the event loop. */
    utctime(): string;
}

interface NgxNull {
    readonly __ngx_null: never;
}

declare const ngx: Ngx;

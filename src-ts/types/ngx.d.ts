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
    /** Who sent the request, when a trusted proxy may say so. */
    client?: object;
    /** It asks for a document that is to have the node badge. */
    wants_badge?: boolean;
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
    readonly socket: { tcp: TcpSocketFactory; udp: UdpSocketFactory };
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

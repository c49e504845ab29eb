/** @noSelfInFile */

/**
 * The part of OpenResty's Lua libraries that this project uses. They come with OpenResty; where the host lacks one, the
 * stand-in of src-ts/compat is found instead, because it is last on the package path.
 */

/** @noResolution https://github.com/openresty/lua-resty-mysql#methods */
declare module "resty.mysql" {
    /** https://github.com/openresty/lua-resty-mysql#connect */
    export interface ConnectOptions {
        /** IP literal, IPv6 in brackets; a name would need nginx's `resolver`. */
        host?: string;
        port?: number;
        /** Unix socket, used when there is no host. */
        path?: string;
        database?: string;
        user?: string;
        password?: string;
        /** Character set of the handshake, "utf8mb4" for instance; the server's default when absent. */
        charset?: string;
        /** Largest answer in bytes; 1 MiB when absent. */
        max_packet_size?: number;
        /** Name of the keep-alive pool; from user, database, host and port when absent. */
        pool?: string;
        /** Size of the pool that the first connection creates. */
        pool_size?: number;
        /** Connections that may wait when the pool is full; without it there is no limit. */
        backlog?: number;
        ssl?: boolean;
    }

    /** Answer to a statement without rows. https://github.com/openresty/lua-resty-mysql#read_result */
    export interface OkResult {
        /** Rows matched (not only changed: the client asks for found rows). */
        affected_rows: number;
        /** Generated AUTO_INCREMENT value, 0 without one. */
        insert_id: number;
        server_status: number;
        warning_count: number;
        /** "Rows matched: 1  Changed: 0  Warnings: 0", where the server says one. */
        message?: string;
    }

    /**
     * A row by column name. BIGINT (so COUNT(*) too), text, dates and binary are strings; the other integers, DECIMAL,
     * FLOAT and DOUBLE are numbers; NULL is ngx.null.
     */
    export type Row = Record<string, unknown>;

    /**
     * nil first: the text of the error, then the server's error number and SQLSTATE when the server said no. Without a
     * number the connection itself broke. "again" beside a result: more results follow.
     */
    export type QueryResult = LuaMultiReturn<
        [
            result: OkResult | Row[] | undefined,
            err?: string | undefined,
            errcode?: number | undefined,
            sqlstate?: string | undefined,
        ]
    >;

    /** One connection. */
    export interface Client {
        /** Milliseconds for each operation from now on. https://github.com/openresty/lua-resty-mysql#set_timeout */
        set_timeout(milliseconds: number): void;
        /** 1, or nil, the error and the server's number and SQLSTATE. https://github.com/openresty/lua-resty-mysql#connect */
        connect(
            options: ConnectOptions,
        ): LuaMultiReturn<
            [
                ok: number | undefined,
                err?: string | undefined,
                errcode?: number | undefined,
                sqlstate?: string | undefined,
            ]
        >;
        /** send_query and read_result in one. https://github.com/openresty/lua-resty-mysql#query */
        query(sql: string, estimated_rows?: number): QueryResult;
        /** Bytes sent, or nil and the error. https://github.com/openresty/lua-resty-mysql#send_query */
        send_query(sql: string): LuaMultiReturn<[bytes: number | undefined, err: string | undefined]>;
        /** Waits for one result. https://github.com/openresty/lua-resty-mysql#read_result */
        read_result(estimated_rows?: number): QueryResult;
        /** To the pool, idle for `max_idle` ms at most. https://github.com/openresty/lua-resty-mysql#set_keepalive */
        set_keepalive(
            max_idle?: number,
            pool_size?: number,
        ): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
        /** 0 for a new connection. https://github.com/openresty/lua-resty-mysql#get_reused_times */
        get_reused_times(): LuaMultiReturn<[count: number | undefined, err: string | undefined]>;
        /** Says good-bye and closes. https://github.com/openresty/lua-resty-mysql#close */
        close(): LuaMultiReturn<[ok: number | undefined, err: string | undefined]>;
        /** Version of the server, known on a new connection. https://github.com/openresty/lua-resty-mysql#server_ver */
        server_ver(): string | undefined;
    }

    /** A client that is not connected yet. https://github.com/openresty/lua-resty-mysql#new */
    function create(this: void): LuaMultiReturn<[client: Client | undefined, err: string | undefined]>;
    export { create as new };
}

/** @noResolution https://github.com/openresty/lua-resty-dns#methods */
declare module "resty.dns.resolver" {
    /** https://github.com/openresty/lua-resty-dns#new */
    export interface ResolverOptions {
        /** Address (IPv6 in brackets) and port of each name server. */
        nameservers: [host: string, port: number][];
        /** Sends of a UDP request before giving up. */
        retrans?: number;
        /** Milliseconds to wait for each answer. */
        timeout?: number;
    }

    /** One record of an answer. https://github.com/openresty/lua-resty-dns#query */
    export interface Answer {
        name: string;
        type: number;
        /** Seconds. */
        ttl: number;
        /** Of an A or AAAA record; IPv6 without brackets and not compressed. */
        address?: string;
        /** Target of a CNAME record. */
        cname?: string;
        /** Target of an NS record. */
        nsdname?: string;
        /** Of an MX record. */
        exchange?: string;
        preference?: number;
        /** Of a TXT record: its text, or the parts of it. */
        txt?: string | string[];
    }

    /** The records, and the RCODE with its name when the server answered with an error: 3 "name error" is NXDOMAIN. */
    export type Answers = Answer[] & { errcode?: number; errstr?: string };

    export interface Resolver {
        /** nil and the cause when no server answered. https://github.com/openresty/lua-resty-dns#query */
        query(
            name: string,
            options?: { qtype?: number },
        ): LuaMultiReturn<[answers: Answers | undefined, err: string | undefined]>;
    }

    interface ResolverClass {
        readonly TYPE_A: number;
        readonly TYPE_AAAA: number;
        readonly TYPE_CNAME: number;
        readonly TYPE_NS: number;
        readonly TYPE_MX: number;
        readonly TYPE_TXT: number;
    }
    /** `new` is a method of the class: `resolver.new(resolver, options)`. https://github.com/openresty/lua-resty-dns#new */
    function create(
        this: void,
        resolver: ResolverClass,
        options: ResolverOptions,
    ): LuaMultiReturn<[resolver: Resolver | undefined, err: string | undefined]>;
    export { create as new };
    export const TYPE_A: number;
    export const TYPE_AAAA: number;
    export const TYPE_CNAME: number;
    export const TYPE_NS: number;
    export const TYPE_MX: number;
    export const TYPE_TXT: number;
}

/** @noResolution lua-resty-dns as Debian's package lua-nginx-dns has it. */
declare module "nginx.dns.resolver" {
    export * from "resty.dns.resolver";
}

/** @noResolution https://github.com/openresty/lua-resty-string#synopsis */
declare module "resty.sha256" {
    interface Sha256 {
        update(data: string): boolean;
        /** The digest, 32 bytes. */
        final(): string;
    }
    /** `new` is a method of the class: `sha256.new(sha256)`. */
    function create(this: void, sha256: object): Sha256 | undefined;
    export { create as new };
}

/** @noResolution https://luajit.org/ext_ffi_api.html */
declare module "ffi" {
    /** A pointer or value of C. */
    interface CData {
        readonly __cdata: never;
    }
    /** Numbers in C's memory, from index 0 on. */
    type NumberArray = CData & LuaTable<number, number>;
    /** Declares functions and types in C's syntax. */
    export function cdef(this: void, declarations: string): void;
    /** Memory for an array of a type, as in "int[2]", all zero. */
    function create(this: void, type: string): NumberArray;
    export { create as new };
    /** The Lua string of `length` bytes at a pointer, up to the first zero byte without a length. */
    function to_string(this: void, pointer: CData, length?: number): string;
    export { to_string as string };
    /** An array of numbers, of a type like long[2]; what is read from it `tonumber` makes a number of Lua's of. */
    function create(this: void, type: string): LuaTable<number, CData>;
    export { create as new };
    interface CLibrary {
        [name: string]: (this: void, ...args: unknown[]) => CData;
        clock_gettime: (this: void, clock: number, time: LuaTable<number, CData>) => CData;
    }
    /** Functions of the program and the libraries it is linked with; raises for an unknown name. */
    export const C: CLibrary;
}

/** @noSelfInFile */

/* The modules of https://github.com/openresty/lua-resty-core, as far as this project uses them. */

/** @noResolution https://github.com/openresty/lua-resty-core/blob/master/lib/ngx/balancer.md */
declare module "ngx.balancer" {
    /** Sets the peer of this attempt; `host` is an IP literal. */
    export function set_current_peer(
        this: void,
        host: string,
        port: number,
    ): LuaMultiReturn<[ok: boolean | undefined, err: string | undefined]>;
    /** Allows `count` further attempts, counted from now. */
    export function set_more_tries(
        this: void,
        count: number,
    ): LuaMultiReturn<[ok: boolean | undefined, err: string | undefined]>;
    /** In place of the configuration's, for this attempt; in seconds. */
    export function set_timeouts(
        this: void,
        connect: number,
        send: number,
        read: number,
    ): LuaMultiReturn<[ok: boolean | undefined, err: string | undefined]>;
    /** Why the attempt before failed: "next" (status), "failed" (connection), nil on the first; and its status. */
    export function get_last_failure(
        this: void,
    ): LuaMultiReturn<[state: string | undefined, status: number | undefined]>;
}

/** @noResolution https://github.com/openresty/lua-resty-core/blob/master/lib/resty/core/base.lua */
declare module "resty.core.base" {
    /** Where functions of ngx_lua in C leave, at index 0, the text of an error; a null pointer there is equal to nil. */
    export function get_errmsg_ptr(this: void): LuaTable<number, import("ffi").CData | undefined>;
}

/** @noResolution https://github.com/openresty/lua-resty-core/blob/master/lib/ngx/semaphore.md */
declare module "ngx.semaphore" {
    export interface Semaphore {
        /** Waits `timeout` seconds for a resource; false and "timeout" when none came. */
        wait(this: Semaphore, timeout: number): LuaMultiReturn<[ok: boolean | undefined, err: string | undefined]>;
        post(this: Semaphore, count?: number): void;
        /** Resources, or minus the number of waiters. */
        count(this: Semaphore): number;
    }
    function create(
        this: void,
        count?: number,
    ): LuaMultiReturn<[semaphore: Semaphore | undefined, err: string | undefined]>;
    export { create as new };
}

/** @noSelfInFile */

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
    /** Seconds that the key has left, 0 for one that stays; nil and "not found" for one that is not there. */
    ttl(key: string): LuaMultiReturn<[left: number | undefined, err: string | undefined]>;
    /** Has the key end in `exptime` seconds, 0 for never. */
    expire(key: string, exptime: number): LuaMultiReturn<[success: boolean | undefined, err: string | undefined]>;
    /** Removes the key. */
    delete(key: string): void;
    /** Keys of the dict, `max` at most (0: all). Locks the dict: for status pages, not for requests. */
    get_keys(max?: number): string[];
    /** Size of the dict in bytes. */
    capacity(): number;
    /** Bytes on free pages. */
    free_space(): number;
}

/** @noSelfInFile */

/** @noResolution https://github.com/openresty/lua-cjson#additions */
declare module "cjson.safe" {
    /** The text, or nil and the reason. JSON null becomes ngx.null. */
    export function decode(this: void, text: string): LuaMultiReturn<[value: unknown, err: string | undefined]>;
    /** The text, or nil and the reason. An empty table becomes `{}` unless it carries array_mt. */
    export function encode(
        this: void,
        value: unknown,
    ): LuaMultiReturn<[text: string | undefined, err: string | undefined]>;
    /** Deeper texts are refused from then on, by everybody in this process. */
    export function decode_max_depth(this: void, depth: number): number;
    /** Metatable that makes a table an array even when empty. Only in OpenResty's cjson, absent from Debian's. */
    export const array_mt: object | undefined;
    /** A value that encodes as `[]`. Only in OpenResty's cjson, absent from Debian's. */
    export const empty_array: unknown;
}

/* JSON with lists that stay lists when they are empty, on OpenResty's cjson and on Debian's alike. */
import * as cjson from "cjson.safe";

/** Deeper is nothing that anybody means; what is read can be written again, within something else too. */
const DEPTH_MAX = 100;
cjson.decode_max_depth(DEPTH_MAX);

/** Stands for an empty list until encode() puts `[]` in its place; the NUL bytes keep user text from matching it. */
const EMPTY_LIST = "\0empty-list\0";
const ENCODED_EMPTY_LIST = '"\\u0000empty%-list\\u0000"';

/** The list itself, or a marker that encode() writes as `[]` when the list is empty. */
export function list<T>(items: readonly T[]): readonly T[] {
    return items.length === 0 ? (EMPTY_LIST as unknown as readonly T[]) : items;
}

/**
 * Encodes a value.
 * @returns the text; raises when the value cannot be JSON, which is a bug of the caller
 */
export function encode(value: unknown): string {
    const [text, err] = cjson.encode(value);
    if (text === undefined) {
        return error("cannot encode JSON: " + tostring(err), 0);
    }
    const [with_lists] = string.gsub(text, ENCODED_EMPTY_LIST, "[]");
    // cjson writes "\\/" for a slash, which is right and hard to read.
    const [readable] = string.gsub(with_lists, "\\/", "/");
    return readable;
}

/** The same with the names in each object in alphabetical order: equal values make equal texts. */
export function encode_sorted(value: unknown): string {
    if (typeof value !== "object") {
        return encode(value);
    }
    const parts: string[] = [];
    const items = value as readonly unknown[];
    if (items.length > 0) {
        for (const item of items) {
            table.insert(parts, encode_sorted(item));
        }
        return `[${table.concat(parts, ",")}]`;
    }
    const names: string[] = [];
    for (const [name] of pairs(value as Record<string, unknown>)) {
        table.insert(names, name);
    }
    table.sort(names);
    for (const name of names) {
        table.insert(parts, `${encode(name)}:${encode_sorted((value as Record<string, unknown>)[name])}`);
    }
    return `{${table.concat(parts, ",")}}`;
}

/** Decodes a text: the value, or nil and the reason. JSON null inside becomes ngx.null. */
export function decode<T>(text: string): Result<T> {
    const [value, err] = cjson.decode(text);
    if (value === undefined) {
        return $multi(undefined, "cannot decode JSON: " + tostring(err));
    }
    return $multi(value as T);
}

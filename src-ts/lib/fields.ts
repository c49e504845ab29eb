/* Fields of a JSON object that somebody sends, each looked at by a rule: pure functions. */
import { ip_literal, parse_address } from "./address";

export type Fields = Record<string, unknown>;
export type Verify = (this: void, value: unknown) => boolean;

export interface FieldRule {
    readonly name: string;
    readonly verify: Verify;
    /** Ends the sentence "... must be". */
    readonly allowed: string;
    readonly required?: boolean;
}

export function is_text(longest: number, shortest = 0): Verify {
    return (value) =>
        typeof value === "string" &&
        value.length >= shortest &&
        value.length <= longest &&
        string.match(value, "%z")[0] === undefined;
}

export function is_whole(min: number, max: number): Verify {
    return (value) => typeof value === "number" && value >= min && value <= max && math.floor(value) === value;
}

export function is_line(longest: number, shortest = 0): Verify {
    const is_long_enough = is_text(longest, shortest);
    return (value) => is_long_enough(value) && string.match(value as string, "%c")[0] === undefined;
}

/** A name as machines take it, of a probe or a region. */
export const is_name: Verify = (value) =>
    typeof value === "string" && value.length <= 64 && string.match(value, "^[%w_.-]+$")[0] !== undefined;

/** What `is_name` takes, in words. */
export const NAME = "1 to 64 letters, digits, _ . or -";

/** `ip`, `ip:port` or `[ipv6]:port`: the name of a name server could not be looked up. */
export const is_name_server: Verify = (value) => {
    const [host] = parse_address(typeof value === "string" ? value : "", 1);
    return host !== undefined && ip_literal(host) !== undefined;
};

export function is_one_of(words: Record<string, boolean | undefined>): Verify {
    return (value) => typeof value === "string" && words[value] === true;
}

export const is_flag: Verify = (value) => typeof value === "boolean";

/** A list, or what looks like an empty one once it is decoded: `{}`. */
export const is_list: Verify = (value) => {
    if (typeof value !== "object" || value === ngx.null) {
        return false;
    }
    const [first_key] = next(value as object);
    return first_key === undefined || (value as unknown[]).length > 0;
};

const HEADERS_MAX = 50;

/** Texts by header name. */
export const is_header_map: Verify = (value) => {
    if (typeof value !== "object" || value === ngx.null) {
        return false;
    }
    let count = 0;
    for (const [name, text] of pairs(value as Record<string, unknown>)) {
        count += 1;
        const is_named = typeof name === "string" && string.match(name, "^[%w!#$%%&'*+.^_`|~-]+$")[0] !== undefined;
        if (!is_named || !is_line(4000)(text) || count > HEADERS_MAX) {
            return false;
        }
    }
    return true;
};

/** False for what is missing or null. */
export function is_given(value: unknown): boolean {
    return value !== undefined && value !== ngx.null;
}

/** The fields that rules name, those that are missing left out; or nil and what is wrong with one, as a sentence. */
export function read_fields(given: Fields, rules: readonly FieldRule[], prefix = ""): Result<Fields> {
    const fields: Fields = {};
    for (const { name, verify, allowed, required } of rules) {
        const value = given[name];
        if (is_given(value) ? !verify(value) : required === true) {
            return $multi(undefined, `${prefix}${name} must be ${allowed}`);
        }
        fields[name] = is_given(value) ? value : undefined;
    }
    return $multi(fields);
}

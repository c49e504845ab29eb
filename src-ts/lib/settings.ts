/* Settings: turns the text of an environment variable into a value, or says in one line what is wrong with it. */
import { parse_address } from "./address";
import { is_line, is_name, is_name_server, NAME } from "./fields";
import type { Verify } from "./fields";
import { items } from "./text";

/** Of lists the parts are looked at, and the value is the text. */
export type SettingKind = "text" | "integer" | "word" | "name" | "line" | "hosts" | "name_servers";

export interface Setting {
    readonly name: string;
    readonly kind: SettingKind;
    readonly default: string | number;
    /** Smallest and largest value of an integer. */
    readonly min?: number;
    readonly max?: number;
    /** What a word may be. */
    readonly words?: readonly string[];
    /** Another name for it; the first one that is set counts. */
    readonly alias?: string;
    /** A secret may also come from a file, named by the variable with _FILE behind its name. */
    readonly secret?: boolean;
}

function parse_text(_setting: Setting, text: string): Result<string> {
    return $multi(text);
}

function parse_integer(setting: Setting, text: string): Result<number> {
    const value = string.match(text, "^%s*([+-]?%d+)%s*$")[0];
    const number = value === undefined ? undefined : tonumber(value);
    const min = setting.min ?? 0;
    const max = setting.max ?? 2147483647;
    if (number === undefined || number < min || number > max) {
        return $multi(undefined, string.format("a whole number from %d to %d", min, max));
    }
    return $multi(number);
}

function parse_word(setting: Setting, text: string): Result<string> {
    const words = setting.words ?? [];
    for (const word of words) {
        if (word === text) {
            return $multi(text);
        }
    }
    return $multi(undefined, "one of " + table.concat(words as string[], ", "));
}

function parse_name(_setting: Setting, text: string): Result<string> {
    if (!is_name(text)) {
        return $multi(undefined, NAME);
    }
    return $multi(text);
}

function parse_line(_setting: Setting, text: string): Result<string> {
    if (!is_line(100)(text)) {
        return $multi(undefined, "one line of up to 100 bytes");
    }
    return $multi(text);
}

const is_host_and_port: Verify = (value) => {
    const [host] = parse_address(value as string, 1);
    return host !== undefined;
};

function parse_list(text: string, verify: Verify, allowed: string): Result<string> {
    for (const item of items(text)) {
        if (!verify(item)) {
            return $multi(undefined, allowed);
        }
    }
    return $multi(text);
}

function parse_hosts(_setting: Setting, text: string): Result<string> {
    if (items(text).length === 0) {
        return $multi(undefined, "at least one host");
    }
    return parse_list(text, is_host_and_port, "hosts, as in db1.example.com:3306");
}

function parse_name_servers(_setting: Setting, text: string): Result<string> {
    return parse_list(text, is_name_server, "addresses of name servers, as in 192.0.2.53:53");
}

const PARSERS: Record<SettingKind, (setting: Setting, text: string) => Result<string | number>> = {
    text: parse_text,
    integer: parse_integer,
    word: parse_word,
    name: parse_name,
    line: parse_line,
    hosts: parse_hosts,
    name_servers: parse_name_servers,
};

/**
 * Parses the text of a setting. Nil or empty text gives the default.
 * @returns the value, or nil and one line that names the variable, the value and what is allowed
 */
export function parse(setting: Setting, text: string | undefined): Result<string | number> {
    if (text === undefined || text === "") {
        return $multi(setting.default);
    }
    const [value, allowed] = PARSERS[setting.kind](setting, text);
    if (value === undefined) {
        return $multi(undefined, string.format('%s="%s": must be %s', setting.name, text, allowed));
    }
    return $multi(value);
}

/* From a value of SQLite, which takes anything in any column, to one that a column of MariaDB takes as it is: pure. */

/** A column of the target. */
export interface TargetColumn {
    readonly name: string;
    /** As information_schema says: "varchar", "tinyint", ... */
    readonly type: string;
    readonly unsigned: boolean;
    readonly nullable: boolean;
    /** As information_schema writes the default; null when there is none. */
    readonly fallback: string | null;
    /** Of text, in characters; null where bytes count. */
    readonly characters: number | null;
    /** Of text, in bytes. */
    readonly bytes: number | null;
}

export type Value = string | number | Buffer | null;

/** Why a value has no place in its column. */
export class Misfit extends Error {}

const INTEGER_BITS: Record<string, number> = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 64 };
const NUMBER = new Set([...Object.keys(INTEGER_BITS), "double", "float", "decimal"]);
const DATE = new Set(["datetime", "timestamp", "date"]);
const BINARY = /blob|binary/;
const TIME_TEXT = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:?\d\d)?$/;
/** Numbers above it are milliseconds, below it seconds since 1970. */
const SECONDS_BELOW = 1e11;

function missing(column: TargetColumn): Value {
    if (column.nullable) return null;
    const fallback = column.fallback ?? "";
    if (/^-?\d+(\.\d+)?$/.test(fallback)) return Number(fallback);
    const quoted = /^'(.*)'$/s.exec(fallback)?.[1];
    if (quoted !== undefined) return quoted.replaceAll("''", "'");
    throw new Misfit("it has no value, which it must have");
}

function utcText(milliseconds: number): string {
    const date = new Date(milliseconds);
    if (Number.isNaN(date.getTime())) throw new Misfit("it is no time");
    return date.toISOString().replace("T", " ").replace("Z", "");
}

function toTime(value: string | number): string {
    if (typeof value === "number") return utcText(value < SECONDS_BELOW ? value * 1000 : value);
    const match = TIME_TEXT.exec(value.trim());
    if (match === null) throw new Misfit(`"${value.slice(0, 40)}" is no time`);
    const [, day = "", clock = "00:00:00", zone = "Z"] = match;
    if (zone === "Z" || /^[+-]00:?00$/.test(zone)) return `${day} ${clock}`;
    return utcText(Date.parse(`${day}T${clock}${zone}`));
}

function toNumber(value: string | number, column: TargetColumn): number {
    const words: Record<string, number> = { true: 1, false: 0 };
    const number = typeof value === "number" ? value : (words[value.toLowerCase()] ?? Number(value));
    if (!Number.isFinite(number)) throw new Misfit(`"${String(value).slice(0, 40)}" is no number`);
    const bits = INTEGER_BITS[column.type];
    if (bits === undefined) return number;
    const most = column.unsigned ? 2 ** bits - 1 : 2 ** (bits - 1) - 1;
    const least = column.unsigned ? 0 : -(2 ** (bits - 1));
    if (number < least || number > most) throw new Misfit(`${number} is not from ${least} to ${most}`);
    return number;
}

/** The longest start of a text that a column takes. */
export function cutText(text: string, column: TargetColumn): string {
    if (column.characters !== null) return [...text].slice(0, column.characters).join("");
    // A character that is cut in two ends as U+FFFD, which has as many bytes at most.
    const bytes = Buffer.from(text).subarray(0, (column.bytes ?? Infinity) - 3);
    return bytes.toString("utf8").replace(/\uFFFD+$/, "");
}

/** Whether a text is longer than its column. */
function isTooLong(text: string, column: TargetColumn): boolean {
    if (column.characters !== null) return text.length > column.characters && [...text].length > column.characters;
    return column.bytes !== null && Buffer.byteLength(text) > column.bytes;
}

function toText(value: string | number, column: TargetColumn, mayCut: boolean): string {
    const text = String(value);
    if (!isTooLong(text, column)) return text;
    if (mayCut) return cutText(text, column);
    const limit = column.characters === null ? `${column.bytes} bytes` : `${column.characters} characters`;
    throw new Misfit(`it is longer than the ${limit} that MariaDB takes here ("${text.slice(0, 30)}...")`);
}

function plainValue(value: unknown): string | number {
    if (typeof value === "number") return value;
    return Buffer.isBuffer(value) ? value.toString("utf8") : String(value);
}

function toNumberOrTime(value: string | number, column: TargetColumn): Value {
    if (NUMBER.has(column.type)) return toNumber(value, column);
    return DATE.has(column.type) ? toTime(value) : String(value);
}

/** The value for MariaDB; with `mayCut` a text that is too long is shortened. Throws a misfit when there is none. */
export function convert(value: unknown, column: TargetColumn, mayCut: boolean): Value {
    if (value === null || value === undefined) return missing(column);
    if (BINARY.test(column.type)) return Buffer.isBuffer(value) ? value : Buffer.from(String(value));
    const plain = plainValue(value);
    if (!NUMBER.has(column.type) && !DATE.has(column.type) && column.type !== "time")
        return toText(plain, column, mayCut);
    return plain === "" ? missing(column) : toNumberOrTime(plain, column);
}

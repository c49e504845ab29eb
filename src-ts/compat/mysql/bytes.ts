/*
 * Integers and strings of the MySQL wire format, little endian. Positions count from 1; every reader returns the value
 * and the position after it.
 */

const FROM_2_BYTES = 0xfc;
const FROM_3_BYTES = 0xfd;
const FROM_8_BYTES = 0xfe;
const NULL_MARK = 0xfb;

/** Reads an unsigned integer of 1 to 8 bytes; beyond 2^53 it loses precision. */
export function read_int(data: string, from: number, bytes: number): LuaMultiReturn<[value: number, next: number]> {
    let value = 0;
    let scale = 1;
    for (const i of $range(from, from + bytes - 1)) {
        value = value + string.byte(data, i) * scale;
        scale = scale * 256;
    }
    return $multi(value, from + bytes);
}

/** Writes an unsigned integer of 1 to 4 bytes. */
export function write_int(value: number, bytes: number): string {
    let text = "";
    for (const i of $range(0, bytes - 1)) {
        text = text + string.char(math.floor(value / 256 ** i) % 256);
    }
    return text;
}

/** Reads a length-encoded integer; nil for the NULL mark and at the end of the data. */
export function read_length(data: string, from: number): LuaMultiReturn<[value: number | undefined, next: number]> {
    if (from > data.length) {
        return $multi(undefined, from);
    }
    const first = string.byte(data, from);
    if (first < NULL_MARK) {
        return $multi(first, from + 1);
    }
    if (first === FROM_2_BYTES) {
        return read_int(data, from + 1, 2);
    }
    if (first === FROM_3_BYTES) {
        return read_int(data, from + 1, 3);
    }
    if (first === FROM_8_BYTES) {
        return read_int(data, from + 1, 8);
    }
    return $multi(undefined, from + 1);
}

/** Reads a length-encoded string; nil for NULL and at the end of the data. */
export function read_text(data: string, from: number): LuaMultiReturn<[value: string | undefined, next: number]> {
    const [length, start] = read_length(data, from);
    if (length === undefined) {
        return $multi(undefined, start);
    }
    return $multi(string.sub(data, start, start + length - 1), start + length);
}

/** Reads a string that ends with a zero byte, or with the data. */
export function read_zero_text(data: string, from: number): LuaMultiReturn<[value: string, next: number]> {
    const [zero] = string.find(data, "\0", from, true);
    const last = ((zero as number | undefined) ?? data.length + 1) - 1;
    return $multi(string.sub(data, from, last), last + 2);
}

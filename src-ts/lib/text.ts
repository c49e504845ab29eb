/* Small questions about strings, and parts of them. */

/** The same path with everything percent-encoded that may not stand in one: what nginx has decoded may be anything. */
export function escape_path(path: string): string {
    return string.gsub(path, "[^%w/._~!$&'()*+,;=:@-]", (byte: string) =>
        string.format("%%%02X", string.byte(byte)),
    )[0];
}

/** True when `part` occurs in `text`; no patterns. */
export function contains(text: string, part: string): boolean {
    const [at] = string.find(text, part, 1, true);
    return (at as number | undefined) !== undefined;
}

function all(text: string, pattern: string): string[] {
    const found: string[] = [];
    for (const [part] of string.gmatch(text, pattern)) {
        found.push(part as string);
    }
    return found;
}

/** The lines that are not empty, without their ends. */
export function lines(text: string): string[] {
    return all(text, "[^\r\n]+");
}

/** The words between white space. */
export function words(text: string): string[] {
    return all(text, "%S+");
}

/** The parts of a list whose separators are commas and blanks. */
export function items(text: string): string[] {
    return all(text, "[^%s,]+");
}

/** The text with a blank in place of each control character. */
export function one_line(text: string): string {
    return string.gsub(text, "%c", " ")[0];
}

/** A character of UTF-8 that is not plain ASCII, or its beginning, at the end of a text. */
const LAST_CHARACTER = `[${string.char(0xc0)}-${string.char(0xff)}]?[${string.char(0x80)}-${string.char(0xbf)}]*$`;

/** The text, or its beginning with "..." when it has more than `longest` bytes; never half a character of UTF-8. */
export function shorten(text: string, longest: number): string {
    if (text.length <= longest) {
        return text;
    }
    const [whole] = string.match(string.sub(text, 1, longest - 3), `^(.-)${LAST_CHARACTER}`);
    return `${whole}...`;
}

/** The bytes as hexadecimal digits. */
export function hex(bytes: string): string {
    return string.gsub(bytes, ".", (byte: string) => string.format("%02x", string.byte(byte)))[0];
}

/* Whether bytes are text: what clients send may be anything, what is answered is UTF-8. */

/** Runs of well-formed characters (RFC 3629), taken whole so that nothing is tried twice; or one byte that is in none. */
const CHARACTERS =
    "((?:[\\x00-\\x7f]|[\\xc2-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}" +
    "|\\xed[\\x80-\\x9f][\\x80-\\xbf]|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|[\\xf1-\\xf3][\\x80-\\xbf]{3}" +
    "|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2})++)|.";

const REPLACEMENT = "\u{fffd}";

/** The same text with U+FFFD in place of each byte that is no UTF-8. */
export function to_utf8(text: string): string {
    const [odd] = string.find(text, "[^%z\x01-\x7f]");
    if ((odd as number | undefined) === undefined) {
        return text;
    }
    const [clean] = ngx.re.gsub(
        text,
        CHARACTERS,
        (captures) => {
            const run = captures.get(1);
            return typeof run === "string" ? run : REPLACEMENT;
        },
        "jos",
    );
    return clean ?? "";
}

/** True for a text that is UTF-8. */
export function is_utf8(text: string): boolean {
    return to_utf8(text) === text;
}

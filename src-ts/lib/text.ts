/* Small questions about strings. */

/** True when `part` occurs in `text`; no patterns. */
export function contains(text: string, part: string): boolean {
    const [at] = string.find(text, part, 1, true);
    return (at as number | undefined) !== undefined;
}

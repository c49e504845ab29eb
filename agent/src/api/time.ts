/** A time as the agent's connections read it, in UTC, as ISO 8601. */
export function isoTime(text: string): string {
    return `${text.replace(" ", "T")}Z`;
}

/* Times as the API writes them: ISO 8601 in UTC. */

/** "2026-11-21T10:00:00Z" of a Unix time in seconds; nil for 0, which stands for never. */
export function iso_time(seconds: number): string | undefined {
    return seconds === 0 ? undefined : (os.date("!%Y-%m-%dT%H:%M:%SZ", math.floor(seconds)) as string);
}

/** "2026-11-21T10:00:00.123456Z" of "2026-11-21 10:00:00.123456", as the database writes a UTC time. */
export function iso_from_sql(text: string | undefined): string | undefined {
    return text === undefined ? undefined : string.gsub(text, " ", "T")[0] + "Z";
}

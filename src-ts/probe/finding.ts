/* What a check came to, and the words for it. Pure. */

export interface Finding {
    readonly status: "up" | "down";
    readonly ping_ms?: number | undefined;
    readonly message: string;
}

/** What a stranger sent, so that it can stand in a message: all but printable ASCII becomes "?". */
export function printable(text: string): string {
    return string.gsub(text, "[^ -~]", "?")[0];
}

/** Why a network operation failed, for an operator: "timeout" says after how long. */
export function explain(cause: string, timeout_ms: number): string {
    const is_timeout = cause === "timeout" || cause === "TLS: timeout";
    return is_timeout ? `timeout after ${string.format("%d", timeout_ms)} ms` : cause;
}

export function down(message: string): Finding {
    return { status: "down", message };
}

/** `seconds`: from the beginning of the check to its end. */
export function up(message: string, seconds: number): Finding {
    return { status: "up", ping_ms: math.max(1, math.floor(seconds * 1000 + 0.5)), message };
}

/* Codes of mysql2, MariaDB and the system that mean "the database is not there now", not "the statement is wrong". */
const LOST = new Set([
    "ECONNREFUSED",
    "ECONNRESET",
    "ECONNABORTED",
    "EPIPE",
    "ETIMEDOUT",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOENT",
    "PROTOCOL_CONNECTION_LOST",
    "PROTOCOL_SEQUENCE_TIMEOUT",
    "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
    "PROTOCOL_PACKETS_OUT_OF_ORDER",
    "ER_CON_COUNT_ERROR",
    "ER_TOO_MANY_USER_CONNECTIONS",
    "ER_USER_LIMIT_REACHED",
    "ER_SERVER_SHUTDOWN",
    "ER_CONNECTION_KILLED",
    "ER_QUERY_INTERRUPTED",
    "ER_UNKNOWN_COM_ERROR",
    "ER_LOCK_WAIT_TIMEOUT",
    "ER_LOCK_DEADLOCK",
    "ER_OPTION_PREVENTS_STATEMENT",
    "ER_HOST_IS_BLOCKED",
]);
const LOST_MESSAGE = /Timeout acquiring a connection|closed state|Connection lost|Pool is closed|Unable to acquire/i;
/** The same where only the text of the error is left. */
const LOST_TEXT =
    /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|Too many connections|Deadlock found|Lock wait timeout|--read-only option|shutdown in progress|Query execution was interrupted/i;

/** Whether a query failed because the database could not be reached or did not serve, whatever the query was. */
export function isDatabaseLost(thrown: unknown): boolean {
    if (!(thrown instanceof Error)) return false;
    const { code, fatal } = thrown as { code?: unknown; fatal?: unknown };
    if (fatal === true) return true;
    return (typeof code === "string" && LOST.has(code)) || LOST_MESSAGE.test(thrown.message);
}

/** Whether the text of an error says the same. */
export function isLostText(text: string): boolean {
    return LOST_MESSAGE.test(text) || LOST_TEXT.test(text);
}

/** Whether a row was refused because the one that it belongs to is gone. */
export function isParentGone(thrown: unknown): boolean {
    return (thrown as { code?: unknown } | undefined)?.code === "ER_NO_REFERENCED_ROW_2";
}

/** Whether two writers met and this one may simply try again. */
export function isConflict(thrown: unknown): boolean {
    const code = (thrown as { code?: unknown } | undefined)?.code;
    return code === "ER_LOCK_DEADLOCK" || code === "ER_LOCK_WAIT_TIMEOUT";
}

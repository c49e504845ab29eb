import { isDatabaseLost } from "../database-errors";
import * as log from "../log";

interface Extras {
    readonly headers?: Readonly<Record<string, string>>;
    /** The names of the fields or parameters that the answer is about. */
    readonly fields?: readonly string[];
}

/** A request that cannot be answered as asked: what the client is told about it. */
export class Problem extends Error {
    readonly status: number;
    /** One word that never changes, for programs. */
    readonly code: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly fields: readonly string[] | undefined;

    constructor(status: number, code: string, message: string, { headers = {}, fields }: Extras = {}) {
        super(message);
        this.status = status;
        this.code = code;
        this.headers = headers;
        this.fields = fields;
    }

    /** The answer's body. */
    get body(): object {
        const fields = this.fields === undefined ? {} : { fields: this.fields };
        return { error: this.code, message: this.message, ...fields };
    }
}

/** Seconds after which a request that met a lost database may be tried again. */
const RETRY_AFTER_LOSS_S = 5;

/** The problem of a database that does not answer. */
export function databaseLost(): Problem {
    const headers = { "Retry-After": String(RETRY_AFTER_LOSS_S) };
    return new Problem(503, "database_lost", "the database does not answer", { headers });
}

/** The problem behind whatever was thrown. What nobody expected is logged here, and the client is not told of it. */
export function problemOf(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    if (isDatabaseLost(thrown)) return databaseLost();
    log.error("a request of the API failed: %s", thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown);
    return new Problem(500, "internal_error", "the request failed; the node's log says why");
}

/** The problem of a monitor that is not there, or is another user's. */
export function noMonitor(id: number): Problem {
    return new Problem(404, "monitor_not_found", `there is no monitor ${id}`);
}

/** Why a request got no answer that could be used. */
export interface Problem {
    /** 0 when there was no answer at all. */
    readonly status: number;
    /** The API's stable code, or `unreachable`, `timeout` and `not_json`, which are ours. */
    readonly code: string;
    /** The API's own sentence; empty when it gave none. */
    readonly message: string;
    /** Seconds after which the API wants to be asked again. */
    readonly retryAfter: number | undefined;
}

export type Reply<T> = { readonly ok: true; readonly body: T } | { readonly ok: false; readonly problem: Problem };

/** True when showing the secret of the cluster may help. */
export function wantsSecret(problem: Problem): boolean {
    return problem.status === 401;
}

/** True when a secret was shown, and it was the wrong one. */
export function isWrongSecret(problem: Problem): boolean {
    return problem.status === 401 && problem.code === "invalid_credentials";
}

/** The problem with an answer that is none of the API's. */
export const STRANGE = { code: "not_json", message: "", retryAfter: undefined } as const;

/** A reply without an answer. */
export function noAnswer(error: unknown): Reply<never> {
    const isTimeout = error instanceof DOMException && error.name === "TimeoutError";
    return failed({ status: 0, code: isTimeout ? "timeout" : "unreachable", message: "", retryAfter: undefined });
}

/** A reply with that problem. */
export function failed(problem: Problem): Reply<never> {
    return { ok: false, problem };
}

function isErrorBody(body: unknown): body is ErrorBody {
    return typeof body === "object" && body !== null && "error" in body && "message" in body;
}

/** What an answer with an error status says of itself. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): Problem {
    const seconds = Number(retryAfter ?? "");
    return {
        status,
        code: isErrorBody(body) ? String(body.error) : `http_${status}`,
        message: isErrorBody(body) ? String(body.message) : "",
        retryAfter: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
    };
}

import { failed, noAnswer, problemOf, STRANGE } from "./problem";
import type { Reply } from "./problem";
import { secret } from "./secret";

export interface Call {
    readonly method?: "GET" | "POST" | "DELETE";
    readonly body?: unknown;
    readonly timeoutMs?: number;
}

const ACTION_TIMEOUT_MS = 30000;

function headersFor(call: Call): Record<string, string> {
    return {
        Accept: "application/json",
        ...(call.body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(secret.value === "" ? {} : { "X-Cluster-Secret": secret.value }),
    };
}

async function bodyOf(response: Response): Promise<unknown> {
    try {
        return (await response.json()) as unknown;
    } catch {
        return undefined;
    }
}

/**
 * One request of the API under /lb/; never throws. The answer's type is that of types/contract for the path.
 * @param path below /lb/
 */
export async function call<T>(path: string, options: Call = {}): Promise<Reply<T>> {
    const { method = "GET", body, timeoutMs = ACTION_TIMEOUT_MS } = options;
    try {
        const response = await fetch(`/lb/${path}`, {
            method,
            headers: headersFor(options),
            body: body === undefined ? null : JSON.stringify(body),
            cache: "no-store",
            redirect: "error",
            signal: AbortSignal.timeout(timeoutMs),
        });
        const answer = await bodyOf(response);
        if (!response.ok) {
            return failed(problemOf(response.status, answer, response.headers.get("Retry-After")));
        }
        if (answer === undefined) {
            return failed({ ...STRANGE, status: response.status });
        }
        return { ok: true, body: answer as T };
    } catch (error) {
        return noAnswer(error);
    }
}

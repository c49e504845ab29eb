/* The one place that writes an answer of the API. */
import * as json from "../lib/json";
import { to_utf8 } from "../lib/utf8";

/** What a handler returns; `body` becomes JSON unless it is a text with a content type of its own. */
export interface Answer {
    readonly status: number;
    readonly body: unknown;
    readonly content_type?: string | undefined;
    readonly headers?: Record<string, string>;
    /** Value of Set-Cookie. */
    cookie?: string;
}

/** An answer with a JSON body. */
export function ok(body: unknown): Answer {
    return { status: 200, body };
}

/** An error with its stable code and a sentence. */
export function failure(status: number, code: string, message: string, headers?: Record<string, string>): Answer {
    const body: ErrorBody = { error: code, message };
    return headers === undefined ? { status, body } : { status, body, headers };
}

/** The answer when the database has to be asked and does not answer. */
export function database_lost(reason: string): Answer {
    return failure(503, "database_lost", `The database does not answer: ${reason}.`, { "Retry-After": "5" });
}

/** The same answer, and the client is to keep the cookie. */
export function with_cookie(answer: Answer, cookie: string): Answer {
    answer.cookie = cookie;
    return answer;
}

/** Sends the answer. */
export function send(answer: Answer): void {
    ngx.status = answer.status;
    const header = ngx.header;
    header["Content-Type"] = answer.content_type ?? "application/json";
    header["Cache-Control"] = "no-store";
    for (const [name, value] of pairs(answer.headers ?? {})) {
        header[name] = value;
    }
    if (answer.cookie !== undefined) {
        header["Set-Cookie"] = answer.cookie;
    }
    const given = answer.content_type === undefined ? json.encode(answer.body) + "\n" : tostring(answer.body);
    // Log lines and the like have what clients sent.
    const text = to_utf8(given);
    header["Content-Length"] = text.length;
    if (ngx.req.get_method() !== "HEAD") {
        ngx.print(text);
    }
}

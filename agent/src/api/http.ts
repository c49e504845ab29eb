import type { Agent } from "../agent";
import type { EventLoopLag } from "../health";
import type { KumaServer } from "../kuma";
import type { Request, Response } from "../kuma-web";

/** Who asks: a row of Kuma's user table. */
export interface User {
    readonly id: number;
}

export interface Answer {
    readonly status: number;
    readonly body: object;
    readonly headers?: Readonly<Record<string, string>>;
}

/** What lives as long as the process. */
export interface Api {
    readonly agent: Agent;
    readonly server: KumaServer;
    readonly lag: EventLoopLag;
}

/** What a handler is given. */
export interface Context extends Api {
    readonly request: Request;
    readonly response: Response;
    /** The numbers in the path by their names. */
    readonly params: Readonly<Record<string, number>>;
    readonly query: Readonly<Record<string, unknown>>;
    /** The JSON object that was sent, empty when there was none. */
    readonly body: Readonly<Record<string, unknown>>;
    /** Whoever asks; on routes without a login nobody, with the id 0. */
    readonly user: User;
}

/** Answers one request, or has written to the response itself and returns nothing. Throws a Problem. */
export type Handler = (context: Context) => Promise<Answer | undefined>;

/** A 200 with this body. */
export function ok(body: object): Answer {
    return { status: 200, body };
}

/* What the agent uses of the web server and the sockets of Uptime Kuma: of Express, Engine.IO and Socket.IO. */
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Emitter {
    emit(event: string, ...args: unknown[]): unknown;
}

export type Handler = (...args: unknown[]) => unknown;

export interface Socket extends Emitter {
    readonly id: string;
    /** Of the user who is logged in. */
    readonly userID?: number;
    on(event: string, handler: Handler): unknown;
    join(room: unknown): unknown;
}

export interface Engine {
    readonly clientsCount: number;
    generateId(request: unknown): unknown;
    on(event: "initial_headers", listener: (headers: Record<string, unknown>) => void): unknown;
    close(): unknown;
}

export interface SocketServer {
    engine?: Engine;
    sockets: {
        listeners(event: "connection"): ((socket: Socket) => unknown)[];
        readonly sockets: ReadonlyMap<string, Socket>;
        /** Each socket has a room of its own id, and each user one of the user's number. */
        readonly adapter: { readonly rooms: ReadonlyMap<string | number, ReadonlySet<string>> };
    };
    to(room: unknown): Emitter;
    use(middleware: (socket: Socket, next: () => void) => void): unknown;
}

export interface Request extends IncomingMessage {
    method: string;
    /** Below the path that the handler was added for. */
    path: string;
    originalUrl: string;
    params: Record<string, string>;
    query: Readonly<Record<string, unknown>>;
    body?: unknown;
}

export interface Response extends ServerResponse {
    status(code: number): Response;
    json(body: unknown): unknown;
}

/** A handler of Express. It answers, or calls `next` without an argument to leave the request to Kuma. */
export type RouteHandler = (request: Request, response: Response, next: () => void) => void;

export interface ExpressApp {
    get(path: string, handler: RouteHandler): unknown;
    use(path: string, handler: RouteHandler): unknown;
    all(path: string, handler: RouteHandler): unknown;
}

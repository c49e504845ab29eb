/*
 * Kuma's rules for monitors live in the handlers of its sockets. The API calls these handlers, so that it has the same
 * rules in every version: through a socket that has no client at its other end.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";

import type { Agent } from "../agent";
import { prepareSocket } from "../hooks/sockets";
import type { KumaServer } from "../kuma";
import type { Emitter, Handler, Socket } from "../kuma-web";
import { Problem } from "./problem";

const ANSWER_TIMEOUT_MS = 60_000;
/** An id that no user has, so that what is sent to that user's room reaches nobody. */
const NOBODY = -1;

const connecting = new AsyncLocalStorage<boolean>();

const silent: Emitter = { emit: () => true };

/** What Kuma's handlers see as their client. */
class VirtualSocket implements Socket {
    readonly id: string;
    readonly data = {};
    readonly rooms = new Set<unknown>();
    readonly connected = true;
    readonly request = { headers: {}, connection: { remoteAddress: "127.0.0.1" } };
    readonly handshake = { headers: {}, address: "127.0.0.1", query: {}, auth: {} };
    readonly conn = { remoteAddress: "127.0.0.1", request: this.request };
    readonly client = { conn: this.conn, request: this.request };
    readonly broadcast = silent;
    private readonly handlers = new EventEmitter();
    private readonly user: number;

    constructor(nodeId: string, user: number) {
        this.id = `${nodeId}.api-${user}`;
        this.user = user;
    }

    /**
     * Without logins Kuma logs every new client in as its first user and sends all its lists to that user's room, where
     * all the browsers are: while Kuma does that, this client is nobody.
     */
    get userID(): number {
        return connecting.getStore() === true ? NOBODY : this.user;
    }

    set userID(_user: unknown) {
        // The user is who asks the API, whoever Kuma would log in.
    }

    on(event: string, handler: Handler): this {
        this.handlers.on(event, handler);
        return this;
    }

    once(event: string, handler: Handler): this {
        this.handlers.once(event, handler);
        return this;
    }

    handler(event: string): Handler | undefined {
        return this.handlers.listeners(event)[0] as Handler | undefined;
    }

    emit(): boolean {
        return true;
    }

    to(): Emitter {
        return silent;
    }

    join(): void {}

    leave(): void {}

    disconnect(): this {
        return this;
    }
}

/** Kuma's answer to an event. */
export interface KumaAnswer {
    readonly ok: boolean;
    readonly msg?: string;
    readonly monitorID?: number;
}

const sockets = new Map<number, Promise<VirtualSocket>>();

async function open(agent: Agent, server: KumaServer, user: number): Promise<VirtualSocket> {
    const socket = new VirtualSocket(agent.config.nodeId, user);
    await prepareSocket(agent, socket);
    const listeners = server.io.sockets.listeners("connection");
    await connecting.run(true, () => Promise.all(listeners.map((listener) => listener(socket))));
    return socket;
}

/** The socket of a user, which is opened once. Throws what Kuma's connection listeners throw. */
function socketOf(agent: Agent, server: KumaServer, user: number): Promise<VirtualSocket> {
    let socket = sockets.get(user);
    if (socket === undefined) {
        socket = open(agent, server, user);
        sockets.set(user, socket);
        socket.catch(() => sockets.delete(user));
    }
    return socket;
}

/**
 * Has Kuma handle an event as if a browser of the user had sent it. Returns Kuma's answer.
 * Throws a Problem when this Kuma has no such event, or gives no answer for a minute.
 */
export async function callKuma(
    agent: Agent,
    server: KumaServer,
    user: number,
    event: string,
    ...args: unknown[]
): Promise<KumaAnswer> {
    const socket = await socketOf(agent, server, user);
    const handler = socket.handler(event);
    if (handler === undefined) {
        throw new Problem(400, "not_supported", `Uptime Kuma ${agent.kumaVersion} does not know ${event}`);
    }
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<KumaAnswer>((resolve, reject) => {
        timer = setTimeout(() => {
            reject(
                new Problem(503, "timeout", "Uptime Kuma did not answer in time; whether it did the work is unknown"),
            );
        }, ANSWER_TIMEOUT_MS);
        Promise.resolve(handler(...args, (given: KumaAnswer) => resolve(given))).catch(reject);
    });
    return answer.finally(() => clearTimeout(timer));
}

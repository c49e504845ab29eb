import { databaseOf, type Agent } from "../agent";
import type { Database } from "../database";
import type { Handler, Socket, SocketServer } from "../kuma";
import { acquireLease, type Lease } from "../lease";
import * as log from "../log";
import { wrap } from "../wrap";

const COOKIE = "kuma_node";

let setUp = false;

/** Whether there is a user. Kuma asks this once, at its start; here a set-up on any node counts. */
async function isSetUp(database: Database): Promise<boolean> {
    if (setUp) return true;
    setUp = (await database.query("SELECT id FROM user LIMIT 1")).length > 0;
    return setUp;
}

/** Answers needSetup by the database; when that does not answer, as Kuma would. */
function needSetup(agent: Agent, socket: Socket, original: Handler): Handler {
    return async (...args) => {
        const [callback] = args;
        const done = await isSetUp(databaseOf(agent)).catch(() => false);
        if (done && typeof callback === "function") return (callback as Handler)(false);
        return original.apply(socket, args);
    };
}

/** Makes set-ups on several nodes wait for each other: Kuma counts the users and then adds one. */
function setup(agent: Agent, socket: Socket, original: Handler): Handler {
    const onLost = (reason: string): void => log.warn(reason);
    return async (...args) => {
        let lease: Lease;
        try {
            lease = await acquireLease(databaseOf(agent), "setup", agent.config.nodeId, onLost);
        } catch (thrown) {
            const callback = args.at(-1);
            if (typeof callback === "function") (callback as Handler)({ ok: false, msg: log.messageOf(thrown) });
            return undefined;
        }
        try {
            return await original.apply(socket, args);
        } finally {
            await lease.release();
        }
    };
}

/** Changes one socket before Kuma sees it, which may also be one without a client. Throws what wrapping it throws. */
export async function prepareSocket(agent: Agent, socket: Socket): Promise<void> {
    const done = await isSetUp(databaseOf(agent)).catch(() => false);
    wrap(socket, "emit", (original) => {
        return function (this: Socket, event, ...args) {
            // Kuma sends a browser to the set-up page by what it knew at its start.
            if (event === "setup" && done) return true;
            return original.call(this, event, ...args);
        };
    });
    wrap(socket, "on", (original) => {
        return function (this: Socket, event, handler) {
            if (event === "needSetup") return original.call(this, event, needSetup(agent, socket, handler));
            if (event === "setup") return original.call(this, event, setup(agent, socket, handler));
            return original.call(this, event, handler);
        };
    });
}

/** Puts the node id into every session id and into a cookie, so that a load balancer finds the way back to it. */
function markSessions(io: SocketServer, nodeId: string): string | undefined {
    const { engine } = io;
    if (engine === undefined) return "socket.io has no engine: sessions carry no node id";
    engine.on("initial_headers", (headers) => {
        headers["set-cookie"] = [`${COOKIE}=${nodeId}; Path=/; HttpOnly; SameSite=Lax`];
    });
    return wrap(engine, "generateId", (original) => {
        return function (this: unknown, request) {
            return `${nodeId}.${String(original.call(engine, request))}`;
        };
    });
}

/** Changes Kuma's sockets where they rely on being the only process. Returns what could not be done. */
export function patchSockets(io: SocketServer, agent: Agent): string | undefined {
    io.use((socket, next) => {
        prepareSocket(agent, socket)
            .catch((thrown: unknown) => log.warn("cannot prepare a socket: %s", log.messageOf(thrown)))
            .finally(next);
    });
    return markSessions(io, agent.config.nodeId);
}

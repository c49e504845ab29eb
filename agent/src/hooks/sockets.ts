import { databaseOf, type Agent } from "../agent";
import type { Database } from "../database";
import { kumaModule } from "../kuma-modules";
import type { Handler, Socket, SocketServer } from "../kuma-web";
import { oneAtATime } from "../jobs";
import * as log from "../log";
import { toldEdit } from "../sync/edits";
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

/** What Kuma makes once when it is not there, so that several nodes have to wait for each other, and its settings. */
const MADE_ONCE: Readonly<Record<string, readonly string[]>> = {
    setup: [],
    getWebpushVapidPublicKey: ["webpushPublicVapidKey", "webpushPrivateVapidKey"],
};

function inTurn(agent: Agent, socket: Socket, event: string, original: Handler): Handler {
    const keys = MADE_ONCE[event] ?? [];
    return async (...args) => {
        try {
            return await oneAtATime(agent, event, async () => {
                const { Settings: settings } = kumaModule(agent, "./settings");
                settings.deleteCache(keys);
                return original.apply(socket, args);
            });
        } catch (thrown) {
            const callback = args.at(-1);
            if (typeof callback === "function") (callback as Handler)({ ok: false, msg: log.messageOf(thrown) });
            return undefined;
        }
    };
}

/** Changes a socket before Kuma's handlers are added to it. Never throws. */
export async function prepareSocket(agent: Agent, socket: Socket): Promise<void> {
    await agent.relay.wake().catch((thrown: unknown) => {
        log.warn("a browser sees no beats of other nodes yet: %s", log.messageOf(thrown));
    });
    const done = await isSetUp(databaseOf(agent)).catch(() => false);
    wrap(socket, "emit", (original) => {
        return function (this: Socket, event, ...args) {
            // Kuma sends a browser to the set-up page by what it knew at its start.
            if (event === "setup" && done) return true;
            if (event === "heartbeatList") agent.relay.audience.noteList(socket, args[0], args[1]);
            return original.call(this, event, ...args);
        };
    });
    wrap(socket, "join", (original) => {
        return function (this: Socket, room) {
            // Kuma's room of a user is joined by those who have logged in.
            if (typeof room === "number") agent.relay.audience.noteLogin(socket, agent.ownership.newest);
            return original.call(this, room);
        };
    });
    wrap(socket, "on", (original) => {
        return function (this: Socket, event, handler) {
            if (event === "needSetup") return original.call(this, event, needSetup(agent, socket, handler));
            if (event in MADE_ONCE) return original.call(this, event, inTurn(agent, socket, event, handler));
            return original.call(this, event, toldEdit(agent, socket, event, handler));
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

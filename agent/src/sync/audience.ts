import { ageMs, now, type Moment } from "../clock";
import type { Socket, SocketServer } from "../kuma-web";
import { RecentIds } from "./recent-ids";

/** How long Kuma may take to send a browser that logs in its lists; beats of a monitor wait that long for its list. */
const LOGIN_MS = 5000;

const MOST_SHOWN = 5000;

export interface ShownBeat {
    readonly id: number;
    readonly monitorId: number;
    readonly json: unknown;
}

interface Visitor {
    readonly loggedIn: Moment;
    /** The newest monitor by then: later ones have no list that could be waited for. */
    readonly newest: number;
    /** The last beat of each monitor's list. */
    readonly listed: Map<number, number>;
    /** Beats of monitors whose list has not been sent yet. */
    waiting: ShownBeat[];
}

/**
 * The browsers at this node, and which beats each of them has got in a list of past ones: Kuma's page adds the list to
 * the beats that came before it, so a beat in both would be drawn twice.
 */
export class Audience {
    private readonly visitors = new WeakMap<Socket, Visitor>();
    private readonly shown = new RecentIds(MOST_SHOWN);

    /** Notes that a browser's user has logged in, and is about to get the lists of all monitors up to `newest`. */
    noteLogin(socket: Socket, newest: number): void {
        this.visitors.set(socket, { loggedIn: now(), newest, listed: new Map(), waiting: [] });
        setTimeout(() => this.release(socket, () => true), LOGIN_MS).unref();
    }

    /** Notes a list of stored beats that is sent to a browser in this moment. */
    noteList(socket: Socket, monitorId: unknown, rows: unknown): void {
        const visitor = this.visitors.get(socket);
        if (visitor === undefined || !Array.isArray(rows)) return;
        const id = Number(monitorId);
        const ids = rows.map((row) => Number((row as { id?: unknown }).id)).filter(Number.isFinite);
        visitor.listed.set(id, Math.max(0, ...ids));
        setImmediate(() => this.release(socket, (beat) => beat.monitorId === id));
    }

    /** Sends a stored beat to every browser of a user that has not got it yet. */
    send(io: SocketServer, user: number, beat: ShownBeat): void {
        // The relay may read a beat of this process before the process knows that it is stored.
        if (!this.shown.add(beat.id)) return;
        for (const id of io.sockets.adapter.rooms.get(user) ?? []) {
            const socket = io.sockets.sockets.get(id);
            if (socket === undefined) continue;
            const visitor = this.visitors.get(socket);
            if (visitor !== undefined && waitsForList(visitor, beat.monitorId)) visitor.waiting.push(beat);
            else sendTo(socket, visitor, beat);
        }
    }

    private release(socket: Socket, matches: (beat: ShownBeat) => boolean): void {
        const visitor = this.visitors.get(socket);
        if (visitor === undefined) return;
        const ready = visitor.waiting.filter(matches);
        visitor.waiting = visitor.waiting.filter((beat) => !matches(beat));
        for (const beat of ready) sendTo(socket, visitor, beat);
    }
}

function waitsForList(visitor: Visitor, monitorId: number): boolean {
    if (visitor.listed.has(monitorId) || monitorId > visitor.newest) return false;
    return ageMs(visitor.loggedIn) < LOGIN_MS;
}

function sendTo(socket: Socket, visitor: Visitor | undefined, beat: ShownBeat): void {
    if (beat.id > (visitor?.listed.get(beat.monitorId) ?? 0)) socket.emit("heartbeat", beat.json);
}

/** How many browsers show what a user sees. */
export function viewers(io: SocketServer, user: number): number {
    return io.sockets.adapter.rooms.get(user)?.size ?? 0;
}

/** The users whom a browser at this node shows something. */
export function viewingUsers(io: SocketServer): number[] {
    return [...io.sockets.adapter.rooms.keys()].filter((room) => typeof room === "number");
}

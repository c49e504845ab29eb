/*
 * Beats that are pushed. Kuma stores one on whichever node it reaches and counts it there; so that one node counts the
 * beats of a monitor, they are handed to the node that runs it.
 */
import { databaseOf, type Agent } from "../agent";
import type { ExpressApp, Request, Response } from "../kuma-web";
import * as log from "../log";
import { readNode } from "../node-store";
import { Deadline } from "./deadline";
import { HOP_HEADER, requestHeaders } from "./headers";
import { askPeer, relay } from "./peer-request";
import { pushMonitor, type PushMonitor } from "./push-store";

/** Within which the owner has to take a beat. */
const TAKE_MS = 5000;
/** Within which it has to answer then: Kuma 2.5 sends its notifications before it does. */
const WORK_MS = 60_000;

interface Exchange {
    readonly request: Request;
    readonly response: Response;
    readonly next: () => void;
}

/** Owners that did not take the last beat that was sent to them. */
const unreachable = new Set<string>();
/** How many beats of monitors that do not run here are in work here, by monitor. */
const guests = new Map<number, number>();

function noteFailure(owner: string, thrown: unknown): void {
    if (unreachable.has(owner)) return;
    unreachable.add(owner);
    log.warn("node %s takes no pushed beats, they are stored here: %s", owner, log.messageOf(thrown));
}

function noteSuccess(owner: string): void {
    if (unreachable.delete(owner)) log.info("node %s takes pushed beats again", owner);
}

/** When the node that sends a beat read who its owner is, by the database's clock: the only one that all nodes share. */
const SENT_HEADER = "x-cluster-sent";
/** A beat that was sent longer ago may be given up while this node takes it. */
const LATEST_MS = TAKE_MS - 500;

/** Sends the beat to its owner and the answer to the client. Returns false when it has to be stored here. */
async function forward(
    agent: Agent,
    owner: string,
    monitor: PushMonitor,
    { request, response }: Exchange,
): Promise<boolean> {
    const node = await readNode(databaseOf(agent), owner);
    if (node === undefined || node.status === "offline") return false;
    const deadline = new Deadline(TAKE_MS);
    const state = { taken: false };
    const onTaken = (): void => {
        state.taken = true;
        deadline.set(WORK_MS);
    };
    try {
        const headers = {
            ...requestHeaders(request.headers, request.socket.remoteAddress, agent.config.nodeId),
            [SENT_HEADER]: String(monitor.readMs),
        };
        const { method = "GET", originalUrl: path } = request;
        const answer = await askPeer({ host: node.host, method, path, headers, signal: deadline.signal, onTaken });
        noteSuccess(owner);
        await relay(answer, response);
        return true;
    } catch (thrown) {
        noteFailure(owner, thrown);
        // It works on the beat, so a second one of this node would be one too many.
        if (!state.taken || !deadline.signal.aborted) return false;
        response.status(504).json({ ok: false, msg: `node ${owner} does not answer` });
        return true;
    } finally {
        deadline.clear();
    }
}

/** Lets Kuma store a beat of a monitor that does not run here: its statistics are the owner's and may have gone on. */
async function storeAsGuest(agent: Agent, id: number, { response, next }: Exchange): Promise<void> {
    const inWork = guests.get(id) ?? 0;
    guests.set(id, inWork + 1);
    response.once("close", () => {
        const left = (guests.get(id) ?? 1) - 1;
        if (left > 0) return void guests.set(id, left);
        guests.delete(id);
        if (agent.runs.get(id) === undefined) void agent.kuma.forgetStatistics?.(id);
    });
    if (inWork === 0) await agent.kuma.forgetStatistics?.(id);
    next();
}

/** Says to the node that sent the request that it is taken. Returns false when that node has given up waiting. */
function take(monitor: PushMonitor, { request, response }: Exchange): boolean {
    // This process stood still meanwhile, and the beat is stored elsewhere.
    if (response.destroyed || request.socket.destroyed) return false;
    if (monitor.readMs - Number(request.headers[SENT_HEADER]) > LATEST_MS) {
        request.socket.destroy();
        return false;
    }
    response.writeProcessing();
    return true;
}

async function receive(agent: Agent, monitor: PushMonitor, exchange: Exchange): Promise<void> {
    const { nodeId } = agent.config;
    const { owner } = monitor;
    if (exchange.request.headers[HOP_HEADER] !== undefined) {
        if (!take(monitor, exchange)) return;
    } else if (owner !== null && owner !== nodeId) {
        if (await forward(agent, owner, monitor, exchange)) return;
    }
    if (owner === nodeId && agent.runs.get(monitor.id) !== undefined) exchange.next();
    else await storeAsGuest(agent, monitor.id, exchange);
}

/** Hands pushed beats to the nodes that run their monitors. Kuma answers all others: unknown tokens, paused monitors. */
export function addPushRoute(agent: Agent, app: ExpressApp): void {
    app.all("/api/push/:pushToken", (request, response, next) => {
        const find = async (): Promise<PushMonitor | undefined> =>
            pushMonitor(databaseOf(agent), request.params["pushToken"] ?? "");
        find()
            .then((monitor) => (monitor === undefined ? next() : receive(agent, monitor, { request, response, next })))
            .catch(() => {
                // The database does not answer, which Kuma will find and say as well.
                if (!response.headersSent) next();
            });
    });
}

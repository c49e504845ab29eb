/* Requests to other nodes, over connections that are kept open. */
import { Agent as Connections, request as httpRequest } from "node:http";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { pipeline } from "node:stream/promises";

import type { Response } from "../kuma-web";
import { answerHeaders } from "./headers";

export interface PeerCall {
    /** host:port as the node registered it. */
    readonly host: string;
    readonly method: string;
    readonly path: string;
    readonly headers: OutgoingHttpHeaders;
    /** Ends the call, also when the answer has begun. */
    readonly signal: AbortSignal;
    /** Called when the peer says, before its answer, that it works on the request. */
    readonly onTaken?: () => void;
}

const connections = new Connections({ keepAlive: true });
/** What it looks like when the peer closed a kept connection at the moment of the request. */
const CLOSED = new Set(["ECONNRESET", "EPIPE"]);

function send(call: PeerCall, agent: Connections | false): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
        const { hostname, port } = new URL(`http://${call.host}`);
        const { method, path, headers, signal } = call;
        const address = { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 80 : Number(port) };
        const request = httpRequest({ ...address, method, path, headers, signal, agent }, resolve);
        let taken = false;
        request.on("information", ({ statusCode }) => {
            if (statusCode !== 102) return;
            taken = true;
            call.onTaken?.();
        });
        request.on("error", (error: NodeJS.ErrnoException) => {
            const stale = request.reusedSocket && !taken && CLOSED.has(error.code ?? "");
            if (stale && !signal.aborted) resolve(send(call, false));
            else reject(error);
        });
        request.end();
    });
}

/**
 * Sends a request without a body to another node and resolves with its answer when the head of it is there.
 * Throws when the node cannot be reached, breaks off, or the call's signal is aborted.
 */
export function askPeer(call: PeerCall): Promise<IncomingMessage> {
    return send(call, connections);
}

/** As askPeer, for an answer that is text. Resolves with all of it. */
export async function readPeer(call: PeerCall): Promise<{ status: number; text: string }> {
    const answer = await askPeer(call);
    answer.setEncoding("utf8");
    let text = "";
    for await (const chunk of answer) text += chunk as string;
    return { status: answer.statusCode ?? 0, text };
}

/** Gives another node's answer to the client. Resolves at the end, also when one of the two breaks off. */
export async function relay(answer: IncomingMessage, response: Response): Promise<void> {
    // Express has set it; Kuma takes it away from its own answers.
    response.removeHeader("X-Powered-By");
    response.writeHead(answer.statusCode ?? 502, answerHeaders(answer.headers));
    await pipeline(answer, response).catch(() => response.destroy());
}

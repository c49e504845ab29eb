/* Screenshots of monitors that use a browser. Only the node that runs such a monitor has its last one. */
import { databaseOf, type Agent } from "../agent";
import type { ExpressApp, Request, Response } from "../kuma-web";
import { oneMonitor } from "../monitor-store";
import { readNode } from "../node-store";
import { Deadline } from "./deadline";
import { HOP_HEADER, requestHeaders } from "./headers";
import { askPeer, relay } from "./peer-request";

const ANSWER_MS = 5000;
const SEND_MS = 30_000;

/** The monitor whose screenshot has that name, which is the id as a signed token; nothing for any other name. */
export function screenshotMonitor(name: string): number | undefined {
    const payload = /^[\w-]+\.([\w-]+)\.[\w-]+\.png$/.exec(name)?.[1] ?? "";
    const id = Buffer.from(payload, "base64url").toString("latin1");
    return /^[1-9]\d{0,9}$/.test(id) ? Number(id) : undefined;
}

/** The address of the node that has the screenshot, or nothing when that is this one, or is not known. */
async function holder(agent: Agent, name: string): Promise<string | undefined> {
    const id = screenshotMonitor(name);
    if (id === undefined || agent.runs.get(id) !== undefined) return undefined;
    const owner = (await oneMonitor(databaseOf(agent), id))?.owner ?? agent.config.nodeId;
    if (owner === agent.config.nodeId) return undefined;
    const node = await readNode(databaseOf(agent), owner);
    return node === undefined || node.status === "offline" ? undefined : node.host;
}

/** Returns false when the owner has no such picture: for a file that is not there Kuma sends its web page. */
async function fetchPicture(agent: Agent, request: Request, response: Response): Promise<boolean> {
    const host = await holder(agent, request.params["name"] ?? "");
    if (host === undefined) return false;
    const deadline = new Deadline(ANSWER_MS);
    try {
        const headers = requestHeaders(request.headers, request.socket.remoteAddress, agent.config.nodeId);
        const { method = "GET", originalUrl: path } = request;
        const answer = await askPeer({ host, method, path, headers, signal: deadline.signal });
        const isPicture = answer.statusCode === 304 || answer.headers["content-type"]?.startsWith("image/") === true;
        if (!isPicture) {
            answer.resume();
            return false;
        }
        deadline.set(SEND_MS);
        await relay(answer, response);
        return true;
    } finally {
        deadline.clear();
    }
}

/** Serves screenshots from the nodes that took them; what they do not give is served from here, if it is here. */
export function addScreenshotRoute(agent: Agent, app: ExpressApp): void {
    app.get("/screenshots/:name", (request, response, next) => {
        if (request.headers[HOP_HEADER] !== undefined) return next();
        const serve = (sent: boolean): void => {
            if (!sent && !response.headersSent) next();
        };
        fetchPicture(agent, request, response).then(serve, () => serve(false));
    });
}

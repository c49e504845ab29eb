/* Prometheus asks one node and gets the monitors of all. */
import { databaseOf, type Agent } from "../agent";
import { isDatabaseLost } from "../database-errors";
import type { MonitorBean } from "../kuma";
import type { ExpressApp, Request, Response } from "../kuma-web";
import * as log from "../log";
import { otherNodes, type OtherNode } from "../node-store";
import { keyOfValues, mergeMonitors, onlyMonitors, parseFamilies, renderFamilies, type Family } from "./exposition";
import { HOP_HEADER } from "./headers";
import { readPeer } from "./peer-request";

const ANSWER_MS = 2000;
const PEER_UP = "kuma_cluster_scrape_peer_up";
const COLUMNS = ["name", "type", "url", "hostname", "port"] as const;

/** What Express's end() is called with by Kuma. */
type End = (body?: unknown, ...more: unknown[]) => Response;

interface PeerMetrics {
    readonly nodeId: string;
    /** Undefined when the node did not give any. */
    readonly families: Family[] | undefined;
}

/** The nodes as they were when the database last answered. */
let lastKnown: OtherNode[] = [];

/** The keys of the monitors that run here. A gauge of another one is left over from an earlier owner's work, or a guest's. */
function ownKeys(agent: Agent): Set<string> {
    const keys = new Set<string>();
    for (const id of agent.runs.ids()) {
        const bean = agent.runs.get(id)?.bean as (MonitorBean & Record<string, unknown>) | undefined;
        keys.add(String(id)).add(keyOfValues(COLUMNS.map((column) => bean?.[column])));
    }
    return keys;
}

async function findPeers(agent: Agent): Promise<OtherNode[]> {
    try {
        if (agent.database?.isLost !== true) lastKnown = await otherNodes(databaseOf(agent), agent.config.nodeId);
    } catch (thrown) {
        if (!isDatabaseLost(thrown)) throw thrown;
    }
    return lastKnown;
}

async function ask(agent: Agent, { nodeId, host }: OtherNode, authorization: string | undefined): Promise<PeerMetrics> {
    const headers = {
        [HOP_HEADER]: agent.config.nodeId,
        ...(authorization === undefined ? {} : { authorization }),
    };
    const call = { host, method: "GET", path: "/metrics", headers, signal: AbortSignal.timeout(ANSWER_MS) };
    try {
        const { status, text } = await readPeer(call);
        return { nodeId, families: status === 200 ? parseFamilies(text) : undefined };
    } catch {
        return { nodeId, families: undefined };
    }
}

/** Node ids have no character that a label would have to escape. */
function peerUp(peers: readonly PeerMetrics[]): Family {
    return {
        name: PEER_UP,
        comments: [
            `# HELP ${PEER_UP} Whether another node gave its monitors to this scrape (1 = yes, 0 = no)`,
            `# TYPE ${PEER_UP} gauge`,
        ],
        samples: peers.map(({ nodeId, families }) => `${PEER_UP}{node="${nodeId}"} ${families === undefined ? 0 : 1}`),
    };
}

/** The answer to a scrape, made of Kuma's own. Throws what mysql2 throws, unless the database is lost. */
async function compose(agent: Agent, request: Request, text: string): Promise<string> {
    const keys = ownKeys(agent);
    const own = onlyMonitors(parseFamilies(text), (monitor) => keys.has(monitor));
    if (!agent.config.mergeMetrics || request.headers[HOP_HEADER] !== undefined) return renderFamilies(own);
    const { authorization } = request.headers;
    const peers = await Promise.all((await findPeers(agent)).map((peer) => ask(agent, peer, authorization)));
    const merged = mergeMonitors(
        own,
        peers.map(({ families }) => families ?? []),
    );
    return renderFamilies(peers.length > 0 ? [...merged, peerUp(peers)] : merged);
}

function isMetrics(response: Response, body: unknown): body is string {
    const type = String(response.getHeader("Content-Type"));
    return response.statusCode === 200 && type.startsWith("text/plain") && typeof body === "string";
}

/** Has Kuma's answer, which it gives only to whom it allows to see it, replaced by that of the whole cluster. */
function replaceAnswer(agent: Agent, request: Request, response: Response): void {
    const target = response as unknown as { end: End };
    const original = target.end;
    const answer = async (text: string): Promise<void> => {
        const composed = await compose(agent, request, text).catch((thrown: unknown) => {
            log.warn("cannot add the metrics of other nodes: %s", log.messageOf(thrown));
            return text;
        });
        response.removeHeader("Content-Length");
        original.call(response, composed);
    };
    target.end = (body, ...more) => {
        target.end = original;
        if (!isMetrics(response, body)) return original.call(response, body, ...more);
        void answer(body);
        return response;
    };
}

/** Adds the monitors of the other nodes to Kuma's metrics. */
export function addMetricsRoute(agent: Agent, app: ExpressApp): void {
    app.get("/metrics", (request, response, next) => {
        if (request.method === "GET") replaceAnswer(agent, request, response);
        next();
    });
}

import { get } from "node:http";

import { databaseOf, type Agent } from "./agent";
import { ageMs, now, sleep } from "./clock";
import * as log from "./log";
import { otherNodes, readNode, registerNode, type NodeRow } from "./node-store";
import { AGENT_VERSION } from "./version";

const PROBE_TIMEOUT_MS = 2000;
const WAIT_STEP_MS = 1000;
/** Beats of an earlier process that may be missing before it counts as dead without a question. */
const MISSED_BEATS = 2;

type Probe = { bootId: string } | "refused" | "unknown";

/** Asks the process behind a node's row which one it is. Never throws. */
function probe(host: string): Promise<Probe> {
    return new Promise((resolve) => {
        const request = get(`http://${host}/api/v1/health`, { timeout: PROBE_TIMEOUT_MS, agent: false }, (response) => {
            let body = "";
            response.setEncoding("utf8");
            response.on("data", (chunk: string) => (body += chunk));
            response.on("end", () => resolve(readBootId(body)));
        });
        request.on("timeout", () => request.destroy(new Error("timeout")));
        request.on("error", (error: NodeJS.ErrnoException) => {
            resolve(error.code === "ECONNREFUSED" ? "refused" : "unknown");
        });
    });
}

function readBootId(body: string): Probe {
    try {
        const { boot_id: bootId } = JSON.parse(body) as { boot_id?: unknown };
        return typeof bootId === "string" ? { bootId } : "unknown";
    } catch {
        return "unknown";
    }
}

/** Waits for one more beat of the process behind the row. Throws when the database does not answer. */
async function beatsAgain(agent: Agent, row: NodeRow): Promise<boolean> {
    log.info("waiting for a sign of life of node %s at %s, which does not answer", row.nodeId, row.host);
    const begun = now();
    while (ageMs(begun) < agent.config.heartbeatMs + MISSED_BEATS * WAIT_STEP_MS) {
        await sleep(WAIT_STEP_MS);
        const present = await readNode(databaseOf(agent), agent.config.nodeId);
        if (present !== undefined && present.lastSeen !== row.lastSeen) return true;
    }
    return false;
}

/** Whether the process that wrote the row lives. Throws when the database does not answer. */
async function lives(agent: Agent, row: NodeRow): Promise<boolean> {
    if (row.bootId === null || row.silentMs > MISSED_BEATS * agent.config.heartbeatMs) return false;
    const answer = await probe(row.host);
    if (answer === "refused") return false;
    if (answer !== "unknown") return answer.bootId === row.bootId;
    return row.status !== "offline" && (await beatsAgain(agent, row));
}

/**
 * Why this process may not take its node id: another one has it and lives. A row that beats is not enough, because a
 * killed process leaves one too: the process itself is asked, and only when it gives no clear answer, waited for.
 * Throws when the database does not answer.
 */
export async function identityConflict(agent: Agent): Promise<string | undefined> {
    const { nodeId } = agent.config;
    const row = await readNode(databaseOf(agent), nodeId);
    if (row === undefined) return undefined;
    if (row.nodeId !== nodeId) return `UPTIME_KUMA_NODE_ID is ${nodeId}, but there is a node ${row.nodeId} already`;
    if (!(await lives(agent, row))) return undefined;
    return `a process at ${row.host} already runs as node ${nodeId}; every node needs its own UPTIME_KUMA_NODE_ID`;
}

/** Writes this process into the table of nodes. Throws when the database does not answer. */
export function registerThisNode(agent: Agent): Promise<void> {
    const { nodeId, nodeName, nodeHost, isPrimary, environment } = agent.config;
    return registerNode(databaseOf(agent), {
        nodeId,
        nodeName,
        nodeHost,
        isPrimary,
        environment,
        kumaVersion: agent.kumaVersion,
        agentVersion: AGENT_VERSION,
        bootId: agent.bootId,
    });
}

/**
 * Compares this node's versions with those of the nodes that are not offline. Keeps a sentence for each that differs,
 * and logs it once. Throws when the database does not answer.
 */
export async function compareVersions(agent: Agent): Promise<void> {
    const others = await otherNodes(databaseOf(agent), agent.config.nodeId);
    const skew = others
        .filter((node) => node.kumaVersion !== agent.kumaVersion || node.agentVersion !== AGENT_VERSION)
        .map((node) => `${node.nodeId} runs Uptime Kuma ${node.kumaVersion} with agent ${node.agentVersion}`);
    for (const sentence of skew) {
        if (agent.versionSkew.includes(sentence)) continue;
        log.warn("%s, this node %s with %s: finish the upgrade soon", sentence, agent.kumaVersion, AGENT_VERSION);
    }
    agent.versionSkew = skew;
}

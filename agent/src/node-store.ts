import type { Database } from "./database";

/** Why a node is offline that has said so itself. */
export const GOODBYE = "the node said that it leaves";

/** What another process with our node id left in the table. */
export interface NodeRow {
    /** As it was first written: the database takes ids that differ in case for the same. */
    readonly nodeId: string;
    readonly host: string;
    readonly bootId: string | null;
    readonly status: string;
    readonly lastSeen: string | null;
    /** Milliseconds since last_seen, Infinity when there is none. */
    readonly silentMs: number;
}

export interface Registration {
    readonly nodeId: string;
    readonly nodeName: string;
    readonly nodeHost: string;
    readonly isPrimary: boolean;
    readonly environment: string;
    readonly kumaVersion: string;
    readonly agentVersion: string;
    readonly bootId: string;
}

interface RawNodeRow {
    node_id: string;
    host: string;
    boot_id: string | null;
    status: string;
    last_seen: string | null;
    silent_us: number | string | null;
}

/** Reads a node's row. */
export async function readNode(database: Database, nodeId: string): Promise<NodeRow | undefined> {
    const rows = await database.query<RawNodeRow>(
        `SELECT node_id, host, boot_id, status, last_seen, TIMESTAMPDIFF(MICROSECOND, last_seen, NOW(6)) AS silent_us
         FROM node WHERE node_id = ?`,
        [nodeId],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    return {
        nodeId: row.node_id,
        host: row.host,
        bootId: row.boot_id,
        status: row.status,
        lastSeen: row.last_seen,
        silentMs: row.silent_us === null ? Infinity : Number(row.silent_us) / 1000,
    };
}

/** Writes the node's row: it is recovering until a load balancer has seen it work. */
export async function registerNode(database: Database, node: Registration): Promise<void> {
    await database.change(
        `INSERT INTO node (node_id, node_name, host, is_primary, environment, version, agent_version, boot_id,
                           status, last_seen, status_since)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'recovering', NOW(6), NOW(6))
         ON DUPLICATE KEY UPDATE node_name = VALUES(node_name), host = VALUES(host), is_primary = VALUES(is_primary),
             environment = VALUES(environment), version = VALUES(version), agent_version = VALUES(agent_version),
             boot_id = VALUES(boot_id), monitors_running = 0,
             status = 'recovering', last_error = NULL, last_seen = NOW(6), status_since = NOW(6)`,
        [
            node.nodeId,
            node.nodeName,
            node.nodeHost,
            node.isPrimary ? 1 : 0,
            node.environment,
            node.kumaVersion,
            node.agentVersion,
            node.bootId,
        ],
    );
}

/** Says that this process lives and how many monitors it runs. */
export async function touchNode(
    database: Database,
    nodeId: string,
    bootId: string,
    monitorsRunning: number,
): Promise<void> {
    await database.change(
        "UPDATE node SET last_seen = NOW(6), monitors_running = ? WHERE node_id = ? AND boot_id = ?",
        [monitorsRunning, nodeId, bootId],
    );
}

/** Says that this process leaves. Does nothing when another process has the node's row. */
export async function markOffline(database: Database, nodeId: string, bootId: string): Promise<void> {
    await database.change(
        `UPDATE node SET status = 'offline', last_error = ?, status_since = NOW(6), last_seen = NOW(6), monitors_running = 0
         WHERE node_id = ? AND boot_id = ?`,
        [GOODBYE, nodeId, bootId],
    );
}

/** The status of every node by its id. */
export async function nodeStatuses(database: Database): Promise<Map<string, string>> {
    const rows = await database.query<{ node_id: string; status: string }>("SELECT node_id, status FROM node");
    return new Map(rows.map((row) => [row.node_id, row.status]));
}

export interface OtherNode {
    readonly nodeId: string;
    /** host:port */
    readonly host: string;
    readonly kumaVersion: string | null;
    readonly agentVersion: string | null;
}

/** The other nodes that are not offline: only those run monitors. Throws what mysql2 throws. */
export async function otherNodes(database: Database, nodeId: string): Promise<OtherNode[]> {
    return database.query<OtherNode>(
        `SELECT node_id AS nodeId, host, version AS kumaVersion, agent_version AS agentVersion FROM node
         WHERE node_id <> ? AND status <> 'offline' ORDER BY node_id`,
        [nodeId],
    );
}

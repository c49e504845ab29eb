/* The lock of what only the parts of the cluster may do. */
import { createHash, timingSafeEqual } from "node:crypto";

import type { Request } from "../kuma-web";
import { Problem } from "./problem";

const LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
/** What proxies add: through one on this machine every client would seem to be here. */
const FORWARDED = ["x-forwarded-for", "x-real-ip", "forwarded", "via"];

function isSame(given: string, expected: string): boolean {
    const [a, b] = [given, expected].map((text) => createHash("sha256").update(text).digest());
    return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

/** The secret that a request carries, in the header X-Cluster-Secret or as a Bearer. */
function secretOf({ headers }: Request): string | undefined {
    const own = headers["x-cluster-secret"];
    if (typeof own === "string") return own;
    return /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1];
}

function isLocal({ headers, socket }: Request): boolean {
    const proxied = FORWARDED.some((name) => headers[name] !== undefined);
    return !proxied && LOOPBACK.test(socket.remoteAddress ?? "");
}

/**
 * Lets a request of the cluster itself pass: one with one of its secrets, or from this machine when none is set.
 * Throws a Problem otherwise.
 */
export function guardCluster(request: Request, clusterSecrets: readonly string[]): void {
    if (clusterSecrets.length === 0) {
        if (isLocal(request)) return;
        throw new Problem(403, "forbidden", "CLUSTER_SECRET is not set: only a client on this machine may do this");
    }
    const given = secretOf(request);
    if (given !== undefined && clusterSecrets.some((secret) => isSame(given, secret))) return;
    throw new Problem(403, "forbidden", "this needs the cluster's secret, in the header X-Cluster-Secret or as Bearer");
}

/**
 * A browser sends the password that it knows, and needs none where Kuma asks for no login: so a page of another site
 * may change nothing here. Throws a Problem for what such a page sends.
 */
export function guardOrigin({ method, headers }: Request): void {
    const { origin, host } = headers;
    if (method === "GET" || method === "HEAD" || origin === undefined) return;
    const from = URL.canParse(origin) ? new URL(origin).host : origin;
    if (from === host || from === headers["x-forwarded-host"]) return;
    throw new Problem(403, "foreign_origin", "a page of another site may change nothing here");
}
